// jig/analysis/readings.hpp: what analysis hands out at up to 60 Hz: plain values that can be
// merged.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace jig::analysis {

/// One channel's meter, in the order and the units of the protocol's `meters`; linear magnitudes.
struct ChannelReading {
    float peak = 0;                   ///< largest magnitude since the previous reading
    float rms = 0;                    ///< 300 ms, exponential; a full-scale sine reads 0.7071
    float hold = 0;                   ///< largest peak of the last 2 s
    float max = 0;                    ///< since reset
    std::uint64_t clip_count = 0;     ///< samples at or above 1.0 since reset
    std::uint64_t nan_count = 0;      ///< samples that are NaN or infinite, since reset
    std::uint64_t dropped_frames = 0; ///< frames that the meter did not see, since start
    float dc = 0;                     ///< 300 ms mean

    /// As they stand in a `meters` frame.
    [[nodiscard]] std::array<float, 8> values() const;
    bool operator==(const ChannelReading&) const = default;
};

inline constexpr float kNotKnown = std::numeric_limits<float>::quiet_NaN();

/// Percentiles of how long the callbacks took.
struct Spread {
    float p50 = 0;
    float p99 = 0;
    float p999 = 0;
    float max = 0;

    bool operator==(const Spread&) const = default;
};
struct TimeSpread {
    Spread us;
    Spread share; ///< of the period of each

    bool operator==(const TimeSpread&) const = default;
};

/// Why frames were lost.
enum class XrunCause : std::uint32_t {
    plugin,    ///< it computed for longer than there was time
    scheduler, ///< the thread did not run: it woke late, was preempted, or waited for something
    driver     ///< we were in time, and the device reported a loss
};
inline constexpr std::size_t kXrunCauses = 3;

/// Frames that the device lost, and what is known of the callback that came before.
struct Xrun {
    std::uint64_t frame = 0;       ///< the first after the gap
    std::int64_t lost_frames = -1; ///< −1: not known
    double lost_ms = 0;            ///< 0: not known
    XrunCause cause = XrunCause::driver;
    double late_ms = 0; ///< the thread woke so long after it could have
    double busy_ms = 0; ///< the callback took so long …
    double cpu_ms = -1; ///< … of which its thread ran so long; −1: not known

    bool operator==(const Xrun&) const = default;
};

/// The callback's use of its time. The sums make the mean of merged readings exact.
struct LoadReading {
    double busy_us = 0;         ///< time spent in callbacks since the previous reading
    double available_us = 0;    ///< … and the length of their periods
    float load_max = 0;         ///< worst single callback against its period
    float callback_us = 0;      ///< longest callback
    float period_us = 0;        ///< of the newest callback
    std::uint64_t xruns = 0;    ///< since start
    std::uint64_t cycles = 0;   ///< since start
    std::uint64_t overruns = 0; ///< callbacks longer than their period, since start
    std::uint64_t events_dropped = 0;
    TimeSpread total;                                  ///< since the start or the last reset
    TimeSpread recent;                                 ///< of the last ten seconds
    float wake_late_us = 0;                            ///< the largest since the previous reading
    std::uint64_t lost_frames = 0;                     ///< in all xruns whose size is known
    std::array<std::uint64_t, kXrunCauses> xruns_by{}; ///< by XrunCause; their sum is `xruns`
    std::int64_t round_trip_frames = 0; ///< of the newest cycle, calibration included
    float rate_ppm = kNotKnown;         ///< of the device's clock against CLOCK_MONOTONIC, newest

    /// As they stand in a `load` frame; load is 0 without cycles.
    [[nodiscard]] std::array<float, 31> values() const;
};

/// Which taps there are, by their index in the build.
struct TapLayout {
    std::uint32_t count = 0;      ///< ≤ link::kMaxTaps
    std::uint64_t audio_mask = 0; ///< those whose AUDIO stream the engine copies

    bool operator==(const TapLayout&) const = default;
};

/// Everything at the end of one interval.
struct Readings {
    static constexpr std::size_t kMostXruns = 64;

    std::uint64_t frame = 0; ///< end of the interval
    std::uint32_t generation = 0;
    std::uint32_t in_channels = 0;
    std::uint32_t out_channels = 0;
    std::vector<ChannelReading> channels; ///< every input channel, then every output channel
    LoadReading load;
    std::vector<Xrun> xruns; ///< of the interval, the newest ones
    TapLayout tap_layout;
    std::vector<float> taps; ///< VALUE: newest; AUDIO: largest magnitude, NaN if there was one
    std::uint64_t record_lost = 0; ///< frames and journal entries that the recording missed
    std::uint32_t merged = 0;      ///< earlier readings that are contained in this one
};

/// Puts the older readings of `into` and `newer` together: peaks by maximum, counts and states
/// newest. Where the channels or the taps differ, only the newer ones remain. [any]
void merge(Readings& into, const Readings& newer);

} // namespace jig::analysis
