// tests/audio/clocks/tone.hpp: what is left of a tone when the best-fitting sine is taken off.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>

namespace jig::audio::test {

/// Solves three normal equations, of which `rows` holds the matrix and the right-hand side.
inline std::array<double, 3> solve(std::array<std::array<double, 4>, 3> rows) {
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            const double factor = j == i ? 0 : rows[j][i] / rows[i][i];
            for (std::size_t k = 0; k < 4; ++k) {
                rows[j][k] -= factor * rows[i][k];
            }
        }
    }
    return {rows[0][3] / rows[0][0], rows[1][3] / rows[1][1], rows[2][3] / rows[2][2]};
}

struct Tone {
    double amplitude = 0;
    double thd_n_db = 0; ///< the power that the fit leaves, over that of the fit
};

/// The sine at about `cycles_per_frame` that fits best: amplitude, phase and frequency by least
/// squares.
inline Tone fit_tone(std::span<const float> signal, double cycles_per_frame) {
    double omega = 2 * std::numbers::pi * cycles_per_frame;
    double cosine = 0;
    double sine = 0;
    double residual = 0;
    for (int round = 0; round < 5; ++round) {
        std::array<std::array<double, 4>, 3> equations{};
        residual = 0;
        for (std::size_t n = 0; n < signal.size(); ++n) {
            const double t = static_cast<double>(n) - static_cast<double>(signal.size()) / 2;
            const double c = std::cos(omega * t);
            const double s = std::sin(omega * t);
            const std::array<double, 3> slopes{c, s, t * (sine * c - cosine * s)};
            const double left = signal[n] - cosine * c - sine * s;
            residual += left * left;
            for (std::size_t i = 0; i < 3; ++i) {
                for (std::size_t j = 0; j < 3; ++j) {
                    equations[i][j] += slopes[i] * slopes[j];
                }
                equations[i][3] += slopes[i] * left;
            }
        }
        if (round == 0) {
            equations[2] = {0, 0, 1, 0}; // there is no amplitude yet that a frequency could fit
        }
        const std::array<double, 3> step = solve(equations);
        cosine += step[0];
        sine += step[1];
        omega += step[2];
    }
    const double amplitude = std::hypot(cosine, sine);
    const double power = 0.5 * amplitude * amplitude * static_cast<double>(signal.size());
    return {amplitude, 10 * std::log10(residual / power)};
}

} // namespace jig::audio::test
