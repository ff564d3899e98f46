#include "net/rate_limit.hpp"

#include <gtest/gtest.h>

using jig::net::RateLimit;
using namespace std::chrono_literals;

namespace {

int taken(RateLimit& limit, RateLimit::Time now, int attempts) {
    int count = 0;
    for (int i = 0; i < attempts; ++i) {
        count += limit.take(now) ? 1 : 0;
    }
    return count;
}

} // namespace

TEST(RateLimit, a_burst_is_let_through_and_no_more) {
    const RateLimit::Time start{};
    RateLimit limit(500.0, 1000.0, start);
    EXPECT_EQ(taken(limit, start, 2000), 1000);
}

TEST(RateLimit, after_a_burst_the_average_rate_holds) {
    const RateLimit::Time start{};
    RateLimit limit(500.0, 1000.0, start);
    EXPECT_EQ(taken(limit, start, 1000), 1000);
    EXPECT_EQ(taken(limit, start + 100ms, 1000), 50);
    EXPECT_EQ(taken(limit, start + 200ms, 1000), 50);
}

TEST(RateLimit, a_pause_saves_up_one_burst_at_most) {
    const RateLimit::Time start{};
    RateLimit limit(500.0, 1000.0, start);
    EXPECT_EQ(taken(limit, start + 1h, 5000), 1000);
}

TEST(RateLimit, many_short_steps_add_up_to_the_rate) {
    RateLimit::Time now{};
    RateLimit limit(500.0, 1.0, now);
    int count = 0;
    for (int i = 0; i < 10'000; ++i) {
        now += 1ms;
        count += limit.take(now) ? 1 : 0;
    }
    EXPECT_NEAR(count, 5'000, 2);
}

TEST(RateLimit, a_time_that_steps_back_gives_nothing) {
    const RateLimit::Time start{1h};
    RateLimit limit(1.0, 1.0, start);
    EXPECT_TRUE(limit.take(start));
    EXPECT_FALSE(limit.take(start - 30min));
    EXPECT_FALSE(limit.take(start));
    EXPECT_TRUE(limit.take(start + 1s));
}
