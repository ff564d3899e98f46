// jig/rt/transport.hpp: musical time for the plugin: the device's, or the server's own.
#pragma once

#include "base/thread_role.hpp"
#include "link/regions.hpp"
#include "rt/cycle.hpp"

namespace jig::rt {

/// The same musical time so many seconds later.
[[nodiscard]] jig_transport later(const jig_transport& transport, double seconds) NONBLOCKING;

class Transport {
  public:
    Transport(const link::ServerRegion& server, link::EngineRegion& engine)
        : server_(server), engine_(engine) {}

    /// Musical time at the chunk's first frame; then moves on by `frames`.
    const jig_transport& read(const DeviceTransport& device, std::uint32_t offset,
                              std::uint32_t frames, double rate_hz) NONBLOCKING ON_AUDIO_THREAD;

  private:
    void follow(const DeviceTransport& device, double offset_seconds);
    void run();

    const link::ServerRegion& server_;
    link::EngineRegion& engine_;
    jig_transport now_ = {};
    double beat_ = 0;
    double seconds_ = 0;
    std::uint32_t locates_ = 0;
};

} // namespace jig::rt
