// jig/rt/guard.hpp: what a plugin's output must be before anybody hears it: written, and finite.
#pragma once

#include "base/thread_role.hpp"
#include "link/regions.hpp"

#include <cstdint>

namespace jig::rt {

/// Fills a buffer with a NaN that no arithmetic makes, so that unwritten samples are found.
void poison(float* samples, std::uint32_t frames) NONBLOCKING ON_AUDIO_THREAD;

struct Faults {
    std::uint32_t unwritten = 0;
    std::uint32_t not_finite = 0;   ///< NaN and Inf that were written
    std::uint32_t first_offset = 0; ///< of either
};

/// Replaces what is unwritten or not finite by silence, and says what there was.
Faults cleanse(float* samples, std::uint32_t frames) NONBLOCKING ON_AUDIO_THREAD;

/// Trips when the output stays above +6 dBFS: five milliseconds in a row, each with a peak above.
/// It looks at what is about to be heard, so the block that trips it is never heard.
class LoudnessTrip {
  public:
    void configure(double rate_hz);
    /// Whether it trips in this chunk. `frame` gives the milliseconds their borders.
    bool check(const float* const* out, std::uint32_t channels,
               std::uint32_t frames) NONBLOCKING ON_AUDIO_THREAD;
    void rearm();

  private:
    static constexpr float kLimit = 2.0F; // +6.02 dBFS
    static constexpr std::uint32_t kWindows = 5;

    std::uint32_t window_frames_ = 48;
    std::uint32_t in_window_ = 0;
    std::uint32_t loud_windows_ = 0;
    bool window_is_loud_ = false;
};

} // namespace jig::rt
