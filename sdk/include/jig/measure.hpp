// jig/measure.hpp: what an impulse response says of a plugin: gain and phase at a frequency, decay.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <span>
#include <vector>

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

/// How alike two signals are: 1 the same, 0 unrelated, −1 one the other upside down.
inline double correlation(std::span<const float> a, std::span<const float> b) {
    double product = 0;
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
        product += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    }
    const double power = rms(a) * rms(b);
    return power == 0 ? 0 : product / (power * static_cast<double>(a.size()));
}

/// How much of an impulse response's energy is still to come at each frame, in dB of all of it
/// (M. R. Schroeder, "New Method of Measuring Reverberation Time", JASA 37, 1965).
inline std::vector<double> energy_decay_db(std::span<const float> h) {
    std::vector<double> decay(h.size());
    double sum = 0;
    for (std::size_t i = h.size(); i-- > 0;) {
        sum += static_cast<double>(h[i]) * static_cast<double>(h[i]);
        decay[i] = sum;
    }
    for (double& energy : decay) {
        energy =
            energy > 0 ? 10 * std::log10(energy / sum) : -std::numeric_limits<double>::infinity();
    }
    return decay;
}

/// T60 in seconds: what the decay between −5 and −35 dB, by its regression line, makes of 60 dB
/// (T30 in ISO 3382-1). The response goes on to −60 dB or less, or its end bends the line.
inline double reverberation_time(std::span<const float> h, double rate_hz) {
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    const auto decay = energy_decay_db(h);
    for (std::size_t i = 0; i < decay.size(); ++i) {
        if (decay[i] <= -5 && decay[i] >= -35) {
            const double time = static_cast<double>(i) / rate_hz;
            n += 1;
            x += time;
            y += decay[i];
            xx += time * time;
            xy += time * decay[i];
        }
    }
    return -60 * (n * xx - x * x) / (n * xy - x * y);
}

} // namespace jig
