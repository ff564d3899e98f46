// jig/measure.hpp: what an impulse response says of a plugin: its gain and phase at a frequency.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <span>

namespace jig {

/// A factor in dB: 20·log10 of its size; −∞ for 0. The other way is amplitude().
inline double decibels(double factor) {
    return factor == 0 ? -std::numeric_limits<double>::infinity()
                       : 20 * std::log10(std::fabs(factor));
}
inline double decibels(std::complex<double> factor) {
    return decibels(std::abs(factor));
}

/// H(e^jω) = Σ h[n]·e^(−jωn), ω = 2π·hz/rate_hz: what the system with the impulse response h does
/// to a sine, std::abs its gain and std::arg its phase. Exact as far as h is whole: render until it
/// has died away.
///
///     const auto h = harness.render(impulse());
///     EXPECT_NEAR(decibels(response(h[0], 1000, 48000)), -3, 0.01);
inline std::complex<double> response(std::span<const float> h, double hz, double rate_hz) {
    const auto step = std::polar(1.0, -2 * std::numbers::pi * hz / rate_hz);
    std::complex<double> sum = 0;
    std::complex<double> turn = 1;
    for (const float sample : h) {
        sum += static_cast<double>(sample) * turn;
        turn *= step;
    }
    return sum;
}

/// The root of the mean square, of which decibels() makes a level.
inline double rms(std::span<const float> samples) {
    double sum = 0;
    for (const float sample : samples) {
        sum += static_cast<double>(sample) * static_cast<double>(sample);
    }
    return samples.empty() ? 0 : std::sqrt(sum / static_cast<double>(samples.size()));
}

} // namespace jig
