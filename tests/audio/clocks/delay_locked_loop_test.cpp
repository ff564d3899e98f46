#include "audio/clocks/delay_locked_loop.hpp"

#include "tests/audio/clocks/simulated_clock.hpp"

#include <cmath>
#include <cstdint>
#include <gtest/gtest.h>

namespace jig::audio::test {
namespace {

/// Feeds a loop with the periods of a clock, each late by what `lateness` says.
struct Rig {
    SimulatedClock clock{};
    std::uint32_t period = 128;
    Lateness lateness{100};
    DelayLockedLoop loop{};
    std::uint64_t frames = 0;

    void start(double bandwidth_hz = 0.1) { loop.configure(clock.rate_hz, bandwidth_hz); }

    void wake(std::int64_t later_ns = 0) {
        frames += period;
        loop.observe(frames,
                     clock.time_of(static_cast<double>(frames)) + lateness.next() + later_ns);
    }

    void run(double seconds) {
        const auto end = frames + static_cast<std::uint64_t>(seconds * clock.rate_hz);
        while (frames < end) {
            wake();
        }
    }

    /// How far the loop's time of the last count is from the truth.
    [[nodiscard]] double error_us() const {
        return 1e-3 * static_cast<double>(loop.time_of(frames) -
                                          clock.time_of(static_cast<double>(frames)));
    }
};

TEST(DelayLockedLoop, begins_at_the_nominal_rate_with_the_first_time) {
    DelayLockedLoop loop{};
    loop.configure(48000);
    EXPECT_FALSE(loop.running());
    loop.observe(480, 5'000'000'000);
    EXPECT_TRUE(loop.running());
    EXPECT_FALSE(loop.settled());
    EXPECT_DOUBLE_EQ(loop.rate_hz(), 48000);
    EXPECT_EQ(loop.time_of(480), 5'000'000'000);
    EXPECT_EQ(loop.time_of(480 + 48), 5'001'000'000);
    EXPECT_EQ(loop.time_of(0), 4'990'000'000);
}

TEST(DelayLockedLoop, finds_the_rate_under_wake_up_jitter_in_ten_seconds) {
    for (const double ppm : {-500.0, -3.0, 0.0, 37.0, 500.0}) {
        Rig rig{.clock = {.ppm = ppm}};
        rig.start();
        rig.run(10);
        EXPECT_TRUE(rig.loop.settled());
        EXPECT_NEAR(rig.loop.ppm(), ppm, 3);
    }
}

TEST(DelayLockedLoop, leaves_a_twentieth_of_the_jitter) {
    Rig rig{.clock = {.ppm = 80}};
    rig.start();
    rig.run(20);
    double squares = 0;
    constexpr int kWakes = 5000;
    for (int i = 0; i < kWakes; ++i) {
        rig.wake();
        squares += std::pow(rig.error_us() - 50, 2); // 50 µs late in the mean
    }
    constexpr double kJitterUs = 100 / 3.4641;
    EXPECT_LT(std::sqrt(squares / kWakes), kJitterUs / 20);
}

TEST(DelayLockedLoop, says_when_the_next_period_is_due) {
    Rig rig{.clock = {.ppm = -120}, .lateness = Lateness(0)};
    rig.start();
    rig.run(30);
    for (int ahead = 1; ahead <= 4; ++ahead) {
        const auto next = rig.frames + std::uint64_t{128} * static_cast<std::uint64_t>(ahead);
        EXPECT_NEAR(static_cast<double>(rig.loop.time_of(next)),
                    static_cast<double>(rig.clock.time_of(static_cast<double>(next))), 50);
    }
}

TEST(DelayLockedLoop, counts_frames_at_a_time_to_parts_of_a_frame) {
    Rig rig{.clock = {.ppm = 250}, .lateness = Lateness(0)};
    rig.start();
    rig.run(30);
    const double later = static_cast<double>(rig.frames) + 100.25;
    EXPECT_NEAR(rig.loop.frames_after(rig.frames, rig.clock.time_of(later)), 100.25, 0.01);
    EXPECT_NEAR(rig.loop.frames_after(rig.frames + 500, rig.clock.time_of(later)), -399.75, 0.01);
}

TEST(DelayLockedLoop, works_at_any_rate_and_period) {
    for (const double rate_hz : {8000.0, 44100.0, 48000.0, 192000.0}) {
        for (const std::uint32_t period : {8U, 441U, 1024U, 8192U}) {
            Rig rig{.clock = {.rate_hz = rate_hz, .ppm = 60}, .period = period};
            rig.start();
            rig.run(40);
            EXPECT_NEAR(rig.loop.ppm(), 60, 6) << rate_hz << " " << period;
            EXPECT_NEAR(rig.error_us(), 50, 25) << rate_hz << " " << period;
        }
    }
}

TEST(DelayLockedLoop, takes_observations_any_number_of_periods_apart) {
    Rig rig{.clock = {.ppm = 60}};
    rig.start();
    while (rig.frames < 48000 * 30) {
        rig.period = 64 * static_cast<std::uint32_t>(1 + 9 * rig.lateness.uniform());
        rig.wake();
    }
    EXPECT_NEAR(rig.loop.ppm(), 60, 3);
}

TEST(DelayLockedLoop, ignores_a_count_that_has_not_grown) {
    Rig rig;
    rig.start();
    rig.run(10);
    const auto before = rig.loop.time_of(rig.frames);
    rig.loop.observe(rig.frames, before + 3'000'000);
    rig.loop.observe(rig.frames - 128, before + 6'000'000);
    EXPECT_EQ(rig.loop.time_of(rig.frames), before);
}

TEST(DelayLockedLoop, is_hardly_moved_by_one_late_wake_up) {
    Rig rig;
    rig.start();
    rig.run(20);
    const double before_us = rig.error_us();
    rig.wake(20'000'000);
    EXPECT_NEAR(rig.error_us(), before_us, 2);
    rig.run(1);
    EXPECT_NEAR(rig.error_us(), before_us, 5);
}

TEST(DelayLockedLoop, keeps_the_rate_over_a_restart_and_takes_the_new_time_at_once) {
    Rig rig{.clock = {.ppm = 90}};
    rig.start();
    rig.run(20);
    rig.clock.start_ns += 300'000'000;
    rig.loop.restart();
    EXPECT_FALSE(rig.loop.running());
    rig.wake();
    EXPECT_NEAR(rig.error_us(), 50, 51);
    rig.run(1);
    EXPECT_NEAR(rig.loop.ppm(), 90, 3);
    EXPECT_TRUE(rig.loop.settled());
}

TEST(DelayLockedLoop, starts_anew_after_a_step_that_nobody_told_it_of) {
    for (const std::int64_t step_ns : {-40'000'000, 40'000'000}) {
        Rig rig{.clock = {.ppm = 90}};
        rig.start();
        rig.run(20);
        rig.clock.start_ns += step_ns;
        rig.run(0.2);
        EXPECT_NEAR(rig.error_us(), 50, 60);
        rig.run(10);
        EXPECT_NEAR(rig.loop.ppm(), 90, 3);
    }
}

TEST(DelayLockedLoop, finds_a_rate_a_fifth_off) {
    for (const double ppm : {-200'000.0, 200'000.0}) {
        for (const std::uint32_t period : {64U, 1024U}) {
            Rig rig{.clock = {.ppm = ppm}, .period = period};
            rig.start();
            rig.run(60);
            EXPECT_NEAR(rig.loop.ppm(), ppm, 5) << period;
            EXPECT_NEAR(rig.error_us(), 50, 25) << period;
        }
    }
}

TEST(DelayLockedLoop, is_as_exact_after_a_hundred_days) {
    Rig rig{.clock = {.rate_hz = 192000, .start_ns = 1LL << 60}, .lateness = Lateness(0)};
    rig.frames = 1'700'000'000'000;
    rig.start();
    rig.run(20);
    EXPECT_NEAR(rig.error_us(), 0, 1);
}

} // namespace
} // namespace jig::audio::test
