#include <jig/audio.hpp>
#include <jig/measure.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace {

constexpr double kRate = 48000;

TEST(Measure, knows_decibels_of_factors_of_either_sign) {
    EXPECT_DOUBLE_EQ(jig::decibels(10), 20);
    EXPECT_DOUBLE_EQ(jig::decibels(-0.1), -20);
    EXPECT_DOUBLE_EQ(jig::decibels(std::complex(0.0, 1.0)), 0);
    EXPECT_EQ(jig::decibels(0), -INFINITY);
    EXPECT_NEAR(jig::decibels(jig::amplitude(-7.5)), -7.5, 1e-12);
}

TEST(Measure, finds_no_gain_and_a_falling_phase_in_a_delay) {
    std::vector<float> h(10);
    h[3] = 1;
    for (const double hz : {0.0, 100.0, 1000.0, 7000.0}) {
        const auto found = jig::response(h, hz, kRate);
        EXPECT_NEAR(jig::decibels(found), 0, 1e-12);
        EXPECT_NEAR(std::arg(found), -2 * std::numbers::pi * hz / kRate * 3, 1e-12) << hz;
    }
}

TEST(Measure, finds_the_zero_of_a_comb) {
    const std::vector<float> h{1, 0, 1}; // 1 + z⁻²: 2·cos ω, and nothing at a quarter of the rate
    EXPECT_LT(std::abs(jig::response(h, kRate / 4, kRate)), 1e-15);
    EXPECT_NEAR(std::abs(jig::response(h, 8000, kRate)), 2 * std::cos(std::numbers::pi / 3), 1e-12);
}

TEST(Measure, finds_the_closed_form_of_a_decay_after_many_frames) {
    std::vector<float> h(200000);
    const double pole = 0.9998;
    for (std::size_t n = 0; n < h.size(); ++n) {
        h[n] = static_cast<float>(std::pow(pole, n));
    }
    for (const double hz : {1.0, 10.0, 440.0, 19999.0}) {
        const auto z = std::polar(1.0, -2 * std::numbers::pi * hz / kRate);
        EXPECT_NEAR(jig::decibels(jig::response(h, hz, kRate) * (1.0 - pole * z)), 0, 1e-4) << hz;
    }
}

TEST(Measure, knows_the_level_of_a_sine_and_of_nothing) {
    std::vector<float> sine(48000);
    for (std::size_t i = 0; i < sine.size(); ++i) {
        sine[i] = jig::sine(997, -20)(i, kRate);
    }
    EXPECT_NEAR(jig::decibels(jig::rms(sine)), -20 - 20 * std::log10(std::sqrt(2.0)), 1e-4);
    EXPECT_EQ(jig::rms({}), 0);
}

TEST(Measure, finds_the_time_in_which_a_decay_loses_60_dB) {
    for (const double seconds : {0.3, 2.0}) {
        std::vector<float> h(static_cast<std::size_t>(2 * seconds * kRate));
        for (std::size_t i = 0; i < h.size(); ++i) {
            const double db = -60 * static_cast<double>(i) / (seconds * kRate);
            h[i] = jig::noise(db)(i, kRate);
        }
        EXPECT_NEAR(jig::reverberation_time(h, kRate), seconds, 0.01 * seconds);
        const auto decay = jig::energy_decay_db(h);
        EXPECT_DOUBLE_EQ(decay[0], 0);
        EXPECT_NEAR(decay[h.size() / 4], -30, 0.3);
    }
}

TEST(Measure, knows_what_is_alike) {
    std::vector<float> a(10000), b(10000), c(10000);
    for (std::size_t i = 0; i < a.size(); ++i) {
        a[i] = jig::noise(0, 1)(i, kRate);
        b[i] = -a[i] / 2;
        c[i] = jig::noise(0, 2)(i, kRate);
    }
    EXPECT_NEAR(jig::correlation(a, a), 1, 1e-12);
    EXPECT_NEAR(jig::correlation(a, b), -1, 1e-12);
    EXPECT_NEAR(jig::correlation(a, c), 0, 0.03);
    EXPECT_EQ(jig::correlation(a, std::vector<float>(10000)), 0);
}

} // namespace
