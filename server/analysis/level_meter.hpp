// jig/analysis/level_meter.hpp: the meter of one channel, exact to the sample.
#pragma once

#include "analysis/readings.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace jig::analysis {

/// Peak, RMS, hold, maximum, clips and mean of one channel. The result does not depend, to the last
/// bit, on how the samples are cut into blocks. Not thread-safe.
class LevelMeter {
  public:
    explicit LevelMeter(double rate_hz = 48000);

    /// Takes the next samples in. NaN and infinite ones are counted and otherwise read as silence.
    void process(std::span<const float> samples);

    /// The reading up to here, without dropped_frames; begins a new interval for `peak`.
    [[nodiscard]] ChannelReading take();

    /// Another rate from here on: RMS, mean and hold start again, maximum and counts stay.
    void set_rate(double rate_hz);

    /// Forgets hold, maximum and counts; the RMS and the mean go on.
    void reset();

  private:
    /// Samples are summed by their place in a chunk, in lanes, so that neither the block size nor
    /// the vector width changes the order of additions.
    static constexpr std::size_t kChunk = 256;
    static constexpr std::size_t kLanes = 16;
    static constexpr std::size_t kHoldParts = 128;

    struct Lanes {
        std::array<float, kLanes> squares{};
        std::array<float, kLanes> sums{};
        std::array<std::int32_t, kLanes> peaks{}; ///< magnitudes as bits, which order alike
        std::array<std::int32_t, kLanes> clips{};
        std::array<std::int32_t, kLanes> nans{};
    };

    static void add(Lanes& lanes, std::size_t lane, float weight, float sample);
    void add_piece(const float* samples, std::size_t count);
    void add_chunk(const float* samples);
    void finish_chunk();
    void fold_counts();

    std::array<float, kChunk> weights_{}; ///< pole^(kChunk − 1 − place)
    double pole_ = 0;
    double chunk_pole_ = 0; ///< pole^kChunk
    std::size_t place_ = 0; ///< in the chunk
    Lanes lanes_;

    double mean_square_ = 0; ///< at the beginning of the chunk
    double mean_ = 0;
    std::int32_t peak_ = 0; ///< since take()
    std::int32_t max_ = 0;
    std::uint64_t clip_count_ = 0;
    std::uint64_t nan_count_ = 0;

    /// The hold is the maximum over parts of 16 ms and more: a peak stays 2 s, and two parts at
    /// most.
    std::array<std::int32_t, kHoldParts> hold_parts_{};
    std::size_t hold_part_ = 0;
    std::size_t part_count_ = kHoldParts; ///< of hold_parts_, those in use
    std::size_t part_chunks_ = 1;
    std::size_t chunks_in_part_ = 0;
};

} // namespace jig::analysis
