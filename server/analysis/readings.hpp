// jig/analysis/readings.hpp: what analysis hands out at up to 60 Hz: plain values that can be
// merged.
#pragma once

#include <array>
#include <cstdint>
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

/// The callback's use of its time. The sums make the mean of merged readings exact.
struct LoadReading {
    double busy_us = 0;         ///< time spent in callbacks since the previous reading
    double available_us = 0;    ///< … and the length of their periods
    float load_max = 0;         ///< worst single callback against its period
    float callback_us = 0;      ///< longest callback
    float period_us = 0;        ///< of the newest callback
    std::uint64_t xruns = 0;    ///< cycles that frames were lost before, since start
    std::uint64_t cycles = 0;   ///< since start
    std::uint64_t overruns = 0; ///< callbacks longer than their period, since start
    std::uint64_t events_dropped = 0;

    /// As they stand in a `load` frame; load is 0 without cycles.
    [[nodiscard]] std::array<float, 8> values() const;
    bool operator==(const LoadReading&) const = default;
};

/// Which taps there are, by their index in the build.
struct TapLayout {
    std::uint32_t count = 0;      ///< ≤ link::kMaxTaps
    std::uint64_t audio_mask = 0; ///< those whose AUDIO stream the engine copies

    bool operator==(const TapLayout&) const = default;
};

/// Everything at the end of one interval.
struct Readings {
    std::uint64_t frame = 0; ///< end of the interval
    std::uint32_t generation = 0;
    std::uint32_t in_channels = 0;
    std::uint32_t out_channels = 0;
    std::vector<ChannelReading> channels; ///< every input channel, then every output channel
    LoadReading load;
    TapLayout tap_layout;
    std::vector<float> taps; ///< VALUE: newest; AUDIO: largest magnitude, NaN if there was one
    std::uint64_t record_lost = 0; ///< frames and journal entries that the recording missed
    std::uint32_t merged = 0;      ///< earlier readings that are contained in this one

    bool operator==(const Readings&) const = default;
};

/// Puts the older readings of `into` and `newer` together: peaks by maximum, counts and states
/// newest. Where the channels or the taps differ, only the newer ones remain. [any]
void merge(Readings& into, const Readings& newer);

} // namespace jig::analysis
