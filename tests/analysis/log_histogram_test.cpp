#include "analysis/log_histogram.hpp"

#include <gtest/gtest.h>

namespace {

using jig::analysis::LogHistogram;

TEST(LogHistogram, is_exact_up_to_127) {
    LogHistogram histogram;
    for (std::uint64_t v = 1; v <= 100; ++v) {
        histogram.add(v);
    }
    EXPECT_EQ(histogram.quantile(0.01), 1u);
    EXPECT_EQ(histogram.quantile(0.5), 50u);
    EXPECT_EQ(histogram.quantile(0.99), 99u);
    EXPECT_EQ(histogram.quantile(1), 100u);
}

TEST(LogHistogram, is_never_too_small_and_at_most_a_64th_too_large) {
    for (std::uint64_t v = 1; v < (std::uint64_t{1} << 36); v += 1 + v / 7) {
        LogHistogram histogram;
        histogram.add(v);
        const auto told = histogram.quantile(0.5);
        ASSERT_GE(told, v);
        ASSERT_LE(static_cast<double>(told), static_cast<double>(v) * (1 + 1.0 / 64));
    }
}

TEST(LogHistogram, keeps_the_order_of_any_two_numbers) {
    std::uint64_t before = 0;
    for (std::uint64_t v = 0; v < 100'000; ++v) {
        LogHistogram histogram;
        histogram.add(v);
        ASSERT_GE(histogram.quantile(1), before) << v;
        before = histogram.quantile(1);
    }
}

TEST(LogHistogram, finds_the_one_in_a_thousand) {
    LogHistogram histogram;
    for (int i = 0; i < 999; ++i) {
        histogram.add(10);
    }
    histogram.add(100);
    EXPECT_EQ(histogram.quantile(0.999), 10u);
    histogram.add(100);
    EXPECT_EQ(histogram.quantile(0.999), 100u);
    EXPECT_EQ(histogram.quantile(0.99), 10u);
}

TEST(LogHistogram, takes_away_what_it_was_given) {
    LogHistogram sum;
    LogHistogram part;
    sum.add(5);
    for (int i = 0; i < 9; ++i) {
        sum.add(1000);
        part.add(1000);
    }
    sum.subtract(part);
    EXPECT_EQ(sum.count(), 1u);
    EXPECT_EQ(sum.quantile(1), 5u);
}

TEST(LogHistogram, has_room_for_any_number_and_none) {
    LogHistogram histogram;
    EXPECT_EQ(histogram.quantile(0.5), 0u);
    histogram.add(0);
    EXPECT_EQ(histogram.quantile(1), 0u);
    histogram.add(~std::uint64_t{0});
    EXPECT_EQ(histogram.quantile(1), (std::uint64_t{1} << 36) - 1);
}

} // namespace
