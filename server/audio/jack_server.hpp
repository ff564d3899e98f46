// jig/audio/jack_server.hpp: which server this process's libjack speaks to, and where its words go.
#pragma once

#include "audio/device.hpp"

#include <string>
#include <vector>

namespace jig::audio {

/// "JACK 1.9.21 (server default)", "JACK1 (server default)" or "PipeWire 0.3.65 (JACK)". [any]
[[nodiscard]] std::string jack_server_name();

/// From now on what libjack would print goes to take_jack_messages(). Process-wide, idempotent.
/// [any]
void capture_jack_messages();

/// What libjack said since the last call, as `message` events. One thread at a time.
void take_jack_messages(std::vector<DeviceEvent>& events);

/// "No JACK server …": why jack_client_open() gave nothing, with the remedy.
[[nodiscard]] Error no_jack_server(unsigned status);

} // namespace jig::audio
