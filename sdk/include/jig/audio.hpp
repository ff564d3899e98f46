// jig/audio.hpp: planar audio and test signals, for tests of plugins.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numbers>
#include <utility>
#include <vector>

namespace jig {

/// Channels of equal length: audio[channel][frame].
class Audio {
  public:
    Audio() = default;
    Audio(std::size_t channels, std::size_t frames)
        : channels_(channels, std::vector<float>(frames)) {}

    [[nodiscard]] std::size_t channels() const { return channels_.size(); }
    [[nodiscard]] std::size_t frames() const { return channels_.empty() ? 0 : channels_[0].size(); }
    std::vector<float>& operator[](std::size_t channel) { return channels_[channel]; }
    const std::vector<float>& operator[](std::size_t channel) const { return channels_[channel]; }

    /// `count` frames from `first` on.
    [[nodiscard]] Audio slice(std::size_t first, std::size_t count) const {
        Audio part(channels(), count);
        for (std::size_t c = 0; c < channels(); ++c) {
            std::copy_n(channels_[c].begin() + static_cast<std::ptrdiff_t>(first), count,
                        part[c].begin());
        }
        return part;
    }

    /// Largest absolute sample of all channels.
    [[nodiscard]] float peak() const {
        float highest = 0;
        for (const auto& channel : channels_) {
            for (const float sample : channel) {
                highest = std::max(highest, std::fabs(sample));
            }
        }
        return highest;
    }

    bool operator==(const Audio&) const = default;

  private:
    std::vector<std::vector<float>> channels_;
};

/// A test signal: the sample at a frame since the start, at a rate in Hz. It has no state, so that
/// it is the same however it is asked.
using Signal = std::function<float(std::uint64_t frame, double rate_hz)>;

inline double amplitude(double dbfs) {
    return std::pow(10.0, dbfs / 20.0);
}

inline Signal sine(double hz, double dbfs = 0) {
    return [hz, level = amplitude(dbfs)](std::uint64_t frame, double rate_hz) {
        const double turns = hz * static_cast<double>(frame) / rate_hz;
        const double turn = turns - std::floor(turns);
        return static_cast<float>(level * std::sin(2 * std::numbers::pi * turn));
    };
}

/// One sample of 1 at frame `at`.
inline Signal impulse(std::uint64_t at = 0) {
    return [at](std::uint64_t frame, double) { return frame == at ? 1.0f : 0.0f; };
}

/// White, even between ±amplitude; the same seed gives the same noise. Hash: splitmix64 (Steele,
/// Lea, Flood 2014).
inline Signal noise(double dbfs = 0, std::uint64_t seed = 1) {
    return [level = amplitude(dbfs), seed](std::uint64_t frame, double) {
        std::uint64_t z = frame + seed * 0x9E3779B97F4A7C15u;
        z = (z ^ (z >> 30u)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27u)) * 0x94D049BB133111EBu;
        z ^= z >> 31u;
        const double unit = static_cast<double>(z >> 11u) * 0x1p-53;
        return static_cast<float>(level * (2 * unit - 1));
    };
}

inline Signal constant(float value) {
    return [value](std::uint64_t, double) { return value; };
}

inline Signal silence() {
    return constant(0);
}

} // namespace jig
