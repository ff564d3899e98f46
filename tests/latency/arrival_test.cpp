#include "latency/arrival.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <numbers>
#include <random>

namespace jig::latency {
namespace {

constexpr double kLevel = 0.0625;

const Sequence& sequence() {
    static const Sequence made(14);
    return made;
}

/// Two periods through a path that delays by this, and whose noise has this root mean square.
std::vector<float> through(double delay, double gain, double noise = 0) {
    const auto samples = sequence().samples();
    const auto length = static_cast<std::ptrdiff_t>(samples.size());
    std::mt19937 random(7);
    std::normal_distribution<double> hiss(0, noise > 0 ? noise : 1);
    const auto whole = static_cast<std::ptrdiff_t>(std::floor(delay));
    const double fraction = delay - static_cast<double>(whole);
    std::vector<float> heard(2 * samples.size());
    for (std::ptrdiff_t n = 0; n < 2 * length; ++n) {
        double sum = 0;
        for (std::ptrdiff_t k = fraction == 0 ? 0 : -60; k <= (fraction == 0 ? 0 : 60); ++k) {
            const double x = std::numbers::pi * (static_cast<double>(k) - fraction);
            const double weight = x == 0 ? 1 : std::sin(x) / x * (0.5 + 0.5 * std::cos(x / 61));
            sum +=
                weight * samples[static_cast<std::size_t>((n - whole - k + 4 * length) % length)];
        }
        heard[static_cast<std::size_t>(n)] =
            static_cast<float>(kLevel * gain * sum + (noise > 0 ? hiss(random) : 0));
    }
    return heard;
}

TEST(Arrival, is_whole_on_a_digital_path) {
    for (const double delay : {0.0, 1.0, 256.0, 9000.0}) {
        const auto arrival = find_arrival(sequence(), through(delay, 1), kLevel);
        EXPECT_EQ(arrival.verdict, Verdict::found);
        EXPECT_EQ(arrival.frames, delay);
        EXPECT_NEAR(arrival.gain_db, 0, 0.01);
        EXPECT_GT(arrival.confidence_db, 60);
        EXPECT_FALSE(arrival.inverted);
    }
}

TEST(Arrival, has_a_fraction_on_an_analogue_path) {
    for (const double delay : {300.25, 300.5, 301.9}) {
        const auto arrival = find_arrival(sequence(), through(delay, 0.5, 1e-4), kLevel);
        EXPECT_EQ(arrival.verdict, Verdict::found);
        EXPECT_NEAR(arrival.frames, delay, 0.02);
        EXPECT_NEAR(arrival.gain_db, -6.02, 0.2);
    }
}

TEST(Arrival, knows_a_path_that_inverts) {
    const auto arrival = find_arrival(sequence(), through(40, -1), kLevel);
    EXPECT_EQ(arrival.verdict, Verdict::found);
    EXPECT_EQ(arrival.frames, 40);
    EXPECT_TRUE(arrival.inverted);
}

TEST(Arrival, is_found_below_the_noise) {
    const auto arrival = find_arrival(sequence(), through(512, 0.1, kLevel * 0.2), kLevel);
    EXPECT_EQ(arrival.verdict, Verdict::found) << arrival.confidence_db;
    EXPECT_NEAR(arrival.frames, 512, 0.2);
}

TEST(Arrival, is_too_quiet_deep_in_the_noise) {
    const auto arrival = find_arrival(sequence(), through(512, 0.01, kLevel * 0.15), kLevel);
    EXPECT_EQ(arrival.verdict, Verdict::too_quiet) << arrival.confidence_db;
}

TEST(Arrival, is_not_made_of_noise_hum_or_silence) {
    EXPECT_EQ(find_arrival(sequence(), through(0, 0, 0.1), kLevel).verdict, Verdict::foreign);
    auto hum = through(0, 0);
    EXPECT_EQ(find_arrival(sequence(), hum, kLevel).verdict, Verdict::silent);
    for (std::size_t n = 0; n < hum.size(); ++n) {
        hum[n] = static_cast<float>(
            0.3 * std::sin(2 * std::numbers::pi * 50.0 / 48000 * static_cast<double>(n)));
    }
    EXPECT_EQ(find_arrival(sequence(), hum, kLevel).verdict, Verdict::foreign);
}

TEST(Arrival, tells_of_an_input_that_clips) {
    EXPECT_GE(find_arrival(sequence(), through(9, 16), kLevel).peak, 1);
    EXPECT_LT(find_arrival(sequence(), through(9, 1), kLevel).peak, 0.1);
}

} // namespace
} // namespace jig::latency
