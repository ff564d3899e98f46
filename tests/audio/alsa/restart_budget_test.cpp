#include "audio/alsa/restart_budget.hpp"

#include <gtest/gtest.h>

namespace {

using jig::audio::alsa::RestartBudget;
constexpr std::int64_t kMs = 1'000'000;

TEST(RestartBudget, a_few_restarts_a_second_are_free) {
    RestartBudget budget;
    for (int i = 0; i < RestartBudget::kFree; ++i) {
        EXPECT_EQ(budget.wait_ns(i * 10 * kMs), 0);
    }
    EXPECT_EQ(budget.wait_ns(50 * kMs), 100 * kMs);
}

TEST(RestartBudget, waits_double_up_to_a_second) {
    RestartBudget budget;
    std::int64_t now = 0;
    for (int i = 0; i < RestartBudget::kFree; ++i) {
        EXPECT_EQ(budget.wait_ns(now), 0);
    }
    for (const std::int64_t wait : {100, 200, 400, 800, 1000, 1000}) {
        EXPECT_EQ(budget.wait_ns(now), wait * kMs);
        now += wait * kMs + 5 * kMs;
    }
}

TEST(RestartBudget, a_calm_second_makes_all_good) {
    RestartBudget budget;
    for (int i = 0; i < 8; ++i) {
        static_cast<void>(budget.wait_ns(0));
    }
    EXPECT_EQ(budget.wait_ns(10'000 * kMs), 0);
}

} // namespace
