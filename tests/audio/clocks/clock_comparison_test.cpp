#include "audio/clocks/clock_comparison.hpp"

#include "tests/audio/clocks/simulated_clock.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <gtest/gtest.h>

namespace jig::audio::test {
namespace {

using Verdict = ClockComparison::Verdict;

constexpr std::uint32_t kSeeds = 100;

/// Two devices whose periods are observed as they end, each by a wake-up that is late.
struct Rig {
    SimulatedClock capture{};
    SimulatedClock playback{};
    std::uint32_t period = 128;
    Lateness lateness{100};
    ClockComparison comparison{};
    std::uint64_t periods = 0;

    void start() { comparison.configure(capture.rate_hz, 0, 0); }

    void wake() {
        const std::uint64_t frames = ++periods * period;
        const auto exact = static_cast<double>(frames);
        comparison.observe_capture(frames, capture.time_of(exact) + lateness.next());
        comparison.observe_playback(frames, playback.time_of(exact) + lateness.next());
    }

    [[nodiscard]] double seconds() const {
        return static_cast<double>(periods * period) / capture.rate_hz;
    }

    /// Seconds until the verdict is certain.
    [[nodiscard]] double decide(double at_most_seconds) {
        while (comparison.verdict() == Verdict::unknown && seconds() < at_most_seconds) {
            wake();
        }
        return seconds();
    }
};

TEST(ClockComparison, says_nothing_before_it_has_seen_enough) {
    Rig rig;
    rig.start();
    EXPECT_EQ(rig.comparison.verdict(), Verdict::unknown);
    while (rig.seconds() < 2) {
        rig.wake();
    }
    EXPECT_FALSE(rig.comparison.known());
    EXPECT_EQ(rig.comparison.verdict(), Verdict::unknown);
}

TEST(ClockComparison, knows_the_same_clock_within_twelve_seconds) {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        Rig rig{.capture = {.ppm = 80}, .playback = {.ppm = 80}, .lateness = Lateness(100, seed)};
        rig.start();
        EXPECT_LT(rig.decide(12), 12) << seed;
        EXPECT_EQ(rig.comparison.verdict(), Verdict::shared);
        EXPECT_LT(std::abs(rig.comparison.ppm()), 2);
    }
}

TEST(ClockComparison, finds_ten_ppm_within_five_seconds) {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        const double ppm = seed % 2 == 0 ? 10 : -10;
        Rig rig{
            .capture = {.ppm = 80 + ppm}, .playback = {.ppm = 80}, .lateness = Lateness(100, seed)};
        rig.start();
        EXPECT_LT(rig.decide(5), 5);
        EXPECT_EQ(rig.comparison.verdict(), Verdict::apart);
        EXPECT_NEAR(rig.comparison.ppm(), ppm, rig.comparison.uncertainty_ppm());
    }
}

TEST(ClockComparison, never_takes_one_clock_for_two) {
    std::uint32_t decided = 0;
    for (std::uint32_t seed = 1; seed <= kSeeds; ++seed) {
        Rig rig{.period = 256, .lateness = Lateness(400, seed)};
        rig.start();
        while (rig.seconds() < 40) {
            rig.wake();
            ASSERT_NE(rig.comparison.verdict(), Verdict::apart) << seed << " " << rig.seconds();
        }
        decided += rig.comparison.verdict() == Verdict::shared ? 1U : 0U;
    }
    EXPECT_EQ(decided, kSeeds);
}

TEST(ClockComparison, never_takes_two_clocks_for_one) {
    for (std::uint32_t seed = 1; seed <= kSeeds; ++seed) {
        Rig rig{.playback = {.ppm = 5}, .period = 256, .lateness = Lateness(400, seed)};
        rig.start();
        while (rig.seconds() < 40) {
            rig.wake();
            ASSERT_NE(rig.comparison.verdict(), Verdict::shared) << seed << " " << rig.seconds();
        }
        EXPECT_EQ(rig.comparison.verdict(), Verdict::apart);
    }
}

TEST(ClockComparison, is_not_deceived_by_lateness_that_lasts) {
    // Every now and then one of the devices is served late for a tenth of a second.
    for (std::uint32_t seed = 1; seed <= 50; ++seed) {
        Rig rig{.lateness = Lateness(30, seed)};
        rig.start();
        Lateness chance(0, seed + 1000);
        int late = 0;
        while (rig.seconds() < 60) {
            if (late == 0 && chance.uniform() < 0.005) {
                late = 40;
            }
            const std::uint64_t frames = ++rig.periods * rig.period;
            const auto due = rig.capture.time_of(static_cast<double>(frames));
            rig.comparison.observe_capture(frames, due + (late > 0 ? 1'500'000 : 0));
            rig.comparison.observe_playback(frames, due + rig.lateness.next());
            late = std::max(0, late - 1);
            ASSERT_NE(rig.comparison.verdict(), Verdict::apart) << seed << " " << rig.seconds();
        }
    }
}

/// The pointer moves in periods and is read by wake-ups of another clock: what it lags behind looks
/// like a slope until it has slipped.
TEST(ClockComparison, is_not_deceived_by_a_pointer_that_moves_in_periods) {
    constexpr std::uint32_t kStep = 256;
    for (const double ppm : {0.0, 40.0, -500.0}) {
        SimulatedClock capture{.ppm = ppm};
        const SimulatedClock playback;
        capture.start_ns -= 2'600'000; // half a step away
        ClockComparison comparison;
        comparison.configure(48000, kStep, 0);
        Lateness lateness(100);
        for (std::uint64_t frames = 128; frames < 48000ULL * 60; frames += 128) {
            const auto now = playback.time_of(static_cast<double>(frames)) + lateness.next();
            comparison.observe_playback(frames, now);
            comparison.observe_capture(capture.count_at(now) / kStep * kStep, now);
            if (comparison.verdict() == Verdict::apart) {
                break;
            }
        }
        EXPECT_EQ(comparison.verdict(), std::abs(ppm) == 500 ? Verdict::apart : Verdict::unknown);
        EXPECT_NEAR(comparison.ppm(), ppm, comparison.uncertainty_ppm());
    }
}

TEST(ClockComparison, takes_counts_that_jump_and_times_far_apart) {
    Rig rig{.capture = {.rate_hz = 44100, .ppm = 37}, .playback = {.rate_hz = 44100}};
    rig.start();
    while (rig.seconds() < 20) {
        rig.periods += static_cast<std::uint64_t>(20 * rig.lateness.uniform());
        rig.wake();
    }
    EXPECT_EQ(rig.comparison.verdict(), Verdict::apart);
    EXPECT_NEAR(rig.comparison.ppm(), 37, 1);
}

TEST(ClockComparison, measures_the_more_closely_the_longer_it_looks) {
    Rig rig{.capture = {.ppm = 37}};
    rig.start();
    while (rig.seconds() < 10) {
        rig.wake();
    }
    const double early = rig.comparison.uncertainty_ppm();
    while (rig.seconds() < 100) {
        rig.wake();
    }
    EXPECT_LT(rig.comparison.uncertainty_ppm(), early / 10);
    EXPECT_NEAR(rig.comparison.ppm(), 37, 0.05);
}

TEST(ClockComparison, begins_anew_after_a_restart) {
    Rig rig{.capture = {.ppm = 300}};
    rig.start();
    EXPECT_LT(rig.decide(12), 12);
    EXPECT_EQ(rig.comparison.verdict(), Verdict::apart);
    rig.comparison.restart();
    EXPECT_EQ(rig.comparison.verdict(), Verdict::unknown);
    rig.capture.ppm = 0;
    rig.periods = 0;
    EXPECT_LT(rig.decide(12), 12);
    EXPECT_EQ(rig.comparison.verdict(), Verdict::shared);
}

} // namespace
} // namespace jig::audio::test
