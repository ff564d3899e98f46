// jig/audio/jack_transport.hpp: JACK's transport as a cycle's.
#pragma once

#include "rt/cycle.hpp"

#include <jack/jack.h>
#include <jack/transport.h>

namespace jig::audio {

/// Every JACK server has a transport, used or not: it is one to follow from the moment that
/// somebody rolls it, moves it or gives it a tempo.
class JackTransport {
  public:
    /// [audio]
    [[nodiscard]] rt::DeviceTransport query(const jack_client_t* client) noexcept;

  private:
    bool used_ = false;
};

/// The musical part of a position: quarter notes since the start, tempo in quarter notes a minute.
/// [any]
[[nodiscard]] rt::DeviceTransport to_transport(jack_transport_state_t state,
                                               const jack_position_t& position) noexcept;

} // namespace jig::audio
