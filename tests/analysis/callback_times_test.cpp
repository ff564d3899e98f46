#include "analysis/callback_times.hpp"

#include <gtest/gtest.h>

namespace {

using jig::analysis::CallbackTimes;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kPeriod = 1'000'000;

TEST(CallbackTimes, tells_microseconds_and_the_share_of_the_period) {
    CallbackTimes times;
    for (int i = 0; i < 990; ++i) {
        times.add(kSecond, 100'000, kPeriod);
    }
    for (int i = 0; i < 10; ++i) {
        times.add(kSecond, 700'000, kPeriod);
    }
    const auto total = times.total();
    EXPECT_NEAR(total.us.p50, 100, 1.6);
    EXPECT_NEAR(total.us.p99, 100, 1.6);
    EXPECT_NEAR(total.us.p999, 700, 0.1) << "the bucket's edge lies beyond, the maximum does not";
    EXPECT_FLOAT_EQ(total.us.max, 700);
    EXPECT_NEAR(total.share.p50, 0.1, 0.0016);
    EXPECT_FLOAT_EQ(total.share.max, 0.7F);
}

TEST(CallbackTimes, relates_each_to_its_own_period) {
    CallbackTimes times;
    times.add(kSecond, 500'000, 1'000'000);
    times.add(kSecond, 500'000, 500'000);
    EXPECT_FLOAT_EQ(times.total().us.max, 500);
    EXPECT_FLOAT_EQ(times.total().share.max, 1);
    EXPECT_NEAR(times.total().share.p50, 0.5, 0.008);
}

TEST(CallbackTimes, forgets_in_ten_seconds_what_is_not_recent) {
    CallbackTimes times;
    times.add(100 * kSecond, 900'000, kPeriod);
    for (int second = 101; second < 110; ++second) {
        times.add(second * kSecond, 100'000, kPeriod);
        EXPECT_FLOAT_EQ(times.recent().us.max, 900) << second;
    }
    times.add(110 * kSecond, 100'000, kPeriod);
    EXPECT_FLOAT_EQ(times.recent().us.max, 100);
    EXPECT_NEAR(times.recent().us.p999, 100, 1.6);
    EXPECT_FLOAT_EQ(times.total().us.max, 900);
}

TEST(CallbackTimes, finds_nothing_recent_after_a_pause_or_on_another_clock) {
    CallbackTimes times;
    times.add(100 * kSecond, 900'000, kPeriod);
    times.add(5000 * kSecond, 200'000, kPeriod);
    EXPECT_FLOAT_EQ(times.recent().us.max, 200);
    times.add(3 * kSecond, 300'000, kPeriod);
    EXPECT_FLOAT_EQ(times.recent().us.max, 300);
    EXPECT_NEAR(times.recent().us.p50, 300, 0.1);
}

TEST(CallbackTimes, begins_anew_when_reset) {
    CallbackTimes times;
    times.add(kSecond, 900'000, kPeriod);
    times.reset();
    EXPECT_EQ(times.total(), jig::analysis::TimeSpread{});
    EXPECT_EQ(times.recent(), jig::analysis::TimeSpread{});
}

} // namespace
