// jig/rt/monitor.hpp: the last stage before the ears: fade-in, mute, trim, loudness trip.
#pragma once

#include "base/thread_role.hpp"
#include "link/regions.hpp"
#include "rt/guard.hpp"
#include "rt/ramp.hpp"

#include <atomic>
#include <cstdint>

namespace jig::rt {

/// Bit-transparent when nothing is asked of it: no multiplication by one, no latency.
class Monitor {
  public:
    Monitor(const link::ServerRegion& server, link::EngineRegion& engine)
        : server_(server), engine_(engine) {}

    /// [main, not running]
    void configure(double rate_hz);

    /// The next sound is the first one: it fades in.
    void fade_in_again() { start_.jump(0); }

    /// Fades out and stays silent until configure(). [main]
    void close() { closed_.store(true, std::memory_order_relaxed); }

    /// Applies everything to the output channels, in place.
    void apply(std::uint64_t frame, float* const* out, std::uint32_t channels,
               std::uint32_t frames) NONBLOCKING ON_AUDIO_THREAD;

  private:
    static constexpr double kStartSeconds = 0.05;
    static constexpr double kMuteSeconds = 0.01;

    void protect(std::uint64_t frame, float* const* out, std::uint32_t channels,
                 std::uint32_t frames) ON_AUDIO_THREAD;
    void scale(float* const* out, std::uint32_t channels, std::uint32_t frames);

    const link::ServerRegion& server_;
    link::EngineRegion& engine_;
    LoudnessTrip trip_;
    Ramp start_;
    Ramp mute_;
    Ramp trim_;
    std::atomic<bool> closed_{false};
    bool tripped_ = false;
    std::uint32_t rearms_ = 0;
    float gains_[link::kMaxFrames] = {};
};

} // namespace jig::rt
