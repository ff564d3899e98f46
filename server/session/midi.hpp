// jig/session/midi.hpp: midi.send in the engine's terms.
#pragma once

#include "link/regions.hpp"
#include "wire/requests.hpp"

#include <vector>

namespace jig::session {

[[nodiscard]] std::vector<link::RingEvent> ring_events(const wire::MidiSend& request);

} // namespace jig::session
