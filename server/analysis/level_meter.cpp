#include "analysis/level_meter.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

namespace jig::analysis {

namespace {

constexpr double kTimeConstant = 0.3; ///< seconds
constexpr double kHoldTime = 2.0;     ///< seconds

// Magnitudes are compared as integers: for finite floats without their sign the order is the same,
// NaN and infinity lie above all of them, and the compiler vectorises it.
constexpr std::int32_t kMagnitude = 0x7fffffff;
constexpr std::int32_t kInfinity = 0x7f800000;
constexpr std::int32_t kFullScale = 0x3f800000;
constexpr std::int32_t kTiny = std::bit_cast<std::int32_t>(1e-18F); // its square is not denormal

float to_float(std::int32_t magnitude) {
    return std::bit_cast<float>(magnitude);
}

} // namespace

LevelMeter::LevelMeter(double rate_hz) {
    set_rate(rate_hz);
}

void LevelMeter::set_rate(double rate_hz) {
    fold_counts();
    lanes_ = {};
    place_ = 0;
    mean_square_ = 0;
    mean_ = 0;
    hold_parts_ = {};
    chunks_in_part_ = 0;
    pole_ = std::exp(-1.0 / (kTimeConstant * rate_hz));
    chunk_pole_ = std::pow(pole_, kChunk);
    for (std::size_t i = 0; i < kChunk; ++i) {
        weights_[i] = static_cast<float>(std::pow(pole_, kChunk - 1 - i));
    }
    const double chunks = kHoldTime * rate_hz / kChunk;
    part_chunks_ = static_cast<std::size_t>(std::ceil(chunks / (kHoldParts - 1)));
    part_count_ =
        static_cast<std::size_t>(std::ceil(chunks / static_cast<double>(part_chunks_))) + 1;
    hold_part_ = 0;
}

void LevelMeter::process(std::span<const float> samples) {
    while (!samples.empty()) {
        const auto count = std::min(samples.size(), kChunk - place_);
        if (count == kChunk) {
            add_chunk(samples.data());
        } else {
            add_piece(samples.data(), count);
        }
        place_ += count;
        if (place_ == kChunk) {
            finish_chunk();
        }
        samples = samples.subspan(count);
    }
}

inline void LevelMeter::add(Lanes& lanes, std::size_t lane, float weight, float sample) {
    // Comparisons become masks by hand: a branch would keep the compiler from vectorising.
    const auto mask = [](bool b) { return -static_cast<std::int32_t>(b); };
    const auto bits = std::bit_cast<std::int32_t>(sample);
    const std::int32_t magnitude = bits & kMagnitude;
    const std::int32_t finite = mask(magnitude < kInfinity);
    const std::int32_t level = magnitude & finite;
    const std::int32_t peak = lanes.peaks[lane];
    const std::int32_t higher = mask(level > peak);
    const auto value = std::bit_cast<float>(bits & finite & mask(level >= kTiny));
    lanes.nans[lane] += 1 + finite;
    lanes.clips[lane] -= mask(level >= kFullScale);
    lanes.peaks[lane] = (level & higher) | (peak & ~higher);
    lanes.sums[lane] += value * weight;
    lanes.squares[lane] += value * value * weight;
}

void LevelMeter::add_piece(const float* samples, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto place = place_ + i;
        add(lanes_, place % kLanes, weights_[place], samples[i]);
    }
}

void LevelMeter::add_chunk(const float* samples) {
    Lanes lanes = lanes_; // a local, so that the compiler keeps it in registers
    for (std::size_t at = 0; at < kChunk; at += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            add(lanes, lane, weights_[at + lane], samples[at + lane]);
        }
    }
    lanes_ = lanes;
}

void LevelMeter::finish_chunk() {
    const double squares = std::accumulate(lanes_.squares.begin(), lanes_.squares.end(), 0.0);
    const double sums = std::accumulate(lanes_.sums.begin(), lanes_.sums.end(), 0.0);
    mean_square_ = chunk_pole_ * mean_square_ + (1 - pole_) * squares;
    mean_ = chunk_pole_ * mean_ + (1 - pole_) * sums;
    fold_counts();
    lanes_ = {};
    place_ = 0;
    if (++chunks_in_part_ == part_chunks_) {
        chunks_in_part_ = 0;
        hold_part_ = (hold_part_ + 1) % part_count_;
        hold_parts_[hold_part_] = 0;
    }
}

/// Moves peaks and counts out of the lanes; the sums stay there until the chunk is whole.
void LevelMeter::fold_counts() {
    const auto peak = *std::max_element(lanes_.peaks.begin(), lanes_.peaks.end());
    peak_ = std::max(peak_, peak);
    max_ = std::max(max_, peak);
    hold_parts_[hold_part_] = std::max(hold_parts_[hold_part_], peak);
    clip_count_ += std::accumulate(lanes_.clips.begin(), lanes_.clips.end(), std::uint64_t{0});
    nan_count_ += std::accumulate(lanes_.nans.begin(), lanes_.nans.end(), std::uint64_t{0});
    lanes_.peaks = {};
    lanes_.clips = {};
    lanes_.nans = {};
}

ChannelReading LevelMeter::take() {
    fold_counts();
    // The chunk's weights count from its end; this looks back from its middle.
    const double so_far = std::pow(pole_, static_cast<double>(place_));
    const double scale = (1 - pole_) * std::pow(pole_, static_cast<double>(place_) - kChunk);
    const double squares = std::accumulate(lanes_.squares.begin(), lanes_.squares.end(), 0.0);
    const double sums = std::accumulate(lanes_.sums.begin(), lanes_.sums.end(), 0.0);

    ChannelReading reading;
    reading.peak = to_float(std::exchange(peak_, 0));
    reading.rms = static_cast<float>(std::sqrt(so_far * mean_square_ + scale * squares));
    reading.hold = to_float(*std::max_element(hold_parts_.begin(), hold_parts_.end()));
    reading.max = to_float(max_);
    reading.clip_count = clip_count_;
    reading.nan_count = nan_count_;
    reading.dc = static_cast<float>(so_far * mean_ + scale * sums);
    return reading;
}

void LevelMeter::reset() {
    fold_counts();
    hold_parts_ = {};
    max_ = 0;
    clip_count_ = 0;
    nan_count_ = 0;
}

} // namespace jig::analysis
