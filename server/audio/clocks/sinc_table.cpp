#include "audio/clocks/sinc_table.hpp"

#include <cmath>
#include <cstring>
#include <numbers>

namespace jig::audio {

namespace {

constexpr double kBeta = 11.5; ///< Kaiser's: 116 dB, and a transition of a sixth of the rate

/// A vector register's worth. Both compilers know the type on any processor; left to themselves
/// they may not reorder a sum, and at -O2 they vectorise little else.
using Four [[gnu::vector_size(4 * sizeof(float))]] = float;
constexpr std::size_t kLanes = 4;

Four load(const float* from) noexcept {
    Four four;
    std::memcpy(&four, from, sizeof(four));
    return four;
}

/// `distance`: from the point that is read, in samples.
double windowed_sinc(double distance) {
    const double edge = static_cast<double>(SincTable::kHalf);
    const double inside = 1 - distance * distance / (edge * edge);
    if (inside <= 0) {
        return 0;
    }
    const double angle = std::numbers::pi * distance;
    const double sinc = std::abs(angle) < 1e-9 ? 1 : std::sin(angle) / angle;
    return sinc * std::cyl_bessel_i(0.0, kBeta * std::sqrt(inside)) / std::cyl_bessel_i(0.0, kBeta);
}

} // namespace

SincTable::SincTable() : rows_(kFractions + 1) {
    for (std::size_t row = 0; row <= kFractions; ++row) {
        const double fraction = static_cast<double>(row) / kFractions;
        std::array<double, kTaps> exact{};
        double sum = 0;
        for (std::size_t k = 0; k < kTaps; ++k) {
            exact[k] = windowed_sinc(static_cast<double>(k) - (kHalf - 1) - fraction);
            sum += exact[k];
        }
        for (std::size_t k = 0; k < kTaps; ++k) {
            rows_[row][k] = static_cast<float>(exact[k] / sum);
        }
    }
}

void SincTable::taps_at(double fraction, std::array<float, kTaps>& taps) const noexcept {
    const double place = fraction * kFractions;
    const auto row = static_cast<std::size_t>(place);
    const auto beyond = static_cast<float>(place - static_cast<double>(row));
    const std::array<float, kTaps>& here = rows_[row];
    const std::array<float, kTaps>& next = rows_[row + 1];
    for (std::size_t k = 0; k < kTaps; k += kLanes) {
        const Four from = load(&here[k]);
        const Four between = from + beyond * (load(&next[k]) - from);
        std::memcpy(&taps[k], &between, sizeof(between));
    }
}

float SincTable::apply(const std::array<float, kTaps>& taps, const float* samples) noexcept {
    // Three sums, so that one need not wait for the other.
    Four one{};
    Four two{};
    Four three{};
    for (std::size_t k = 0; k < kTaps; k += 3 * kLanes) {
        one += load(&taps[k]) * load(samples + k);
        two += load(&taps[k + kLanes]) * load(samples + k + kLanes);
        three += load(&taps[k + 2 * kLanes]) * load(samples + k + 2 * kLanes);
    }
    const Four sum = one + two + three;
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

} // namespace jig::audio
