#include "analysis/readings.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace {

using jig::analysis::ChannelReading;
using jig::analysis::merge;
using jig::analysis::Readings;

Readings reading(std::uint64_t frame, float peak) {
    Readings readings;
    readings.frame = frame;
    readings.out_channels = 1;
    ChannelReading channel;
    channel.peak = peak;
    channel.rms = peak / 2;
    channel.clip_count = frame;
    readings.channels = {channel};
    readings.tap_layout = {2, 0b10};
    readings.taps = {peak, peak};
    readings.load.busy_us = 10;
    readings.load.available_us = 100;
    readings.load.load_max = peak;
    readings.load.cycles = frame;
    return readings;
}

TEST(Merge, keeps_the_largest_peak_and_the_newest_of_the_rest) {
    Readings merged = reading(10, 0.9F);
    merge(merged, reading(20, 0.2F));
    EXPECT_EQ(merged.frame, 20u);
    EXPECT_EQ(merged.channels[0].peak, 0.9F);
    EXPECT_EQ(merged.channels[0].rms, 0.1F);
    EXPECT_EQ(merged.channels[0].clip_count, 20u);
    EXPECT_EQ(merged.taps, (std::vector<float>{0.2F, 0.9F})) << "a value, and an audio tap's peak";
    EXPECT_EQ(merged.load.load_max, 0.9F);
    EXPECT_EQ(merged.load.cycles, 20u);
    EXPECT_EQ(merged.merged, 1u);
}

TEST(Merge, the_mean_load_is_that_of_the_whole_interval) {
    Readings merged = reading(10, 0);
    auto newer = reading(20, 0);
    newer.load.busy_us = 90;
    merge(merged, newer);
    EXPECT_FLOAT_EQ(merged.load.values()[0], 0.5F);
}

TEST(Merge, keeps_the_newest_xruns_in_their_order) {
    Readings merged = reading(10, 0);
    merged.xruns.resize(1);
    merged.xruns[0].frame = 5;
    auto newer = reading(20, 0);
    newer.xruns.resize(Readings::kMostXruns - 1);
    merge(merged, newer);
    ASSERT_EQ(merged.xruns.size(), Readings::kMostXruns);
    EXPECT_EQ(merged.xruns[0].frame, 5u);
    merge(merged, newer);
    ASSERT_EQ(merged.xruns.size(), Readings::kMostXruns);
    EXPECT_EQ(merged.xruns[0].frame, 0u);
}

TEST(Merge, counts_how_many_were_put_together) {
    Readings merged = reading(1, 0);
    for (std::uint64_t i = 2; i <= 5; ++i) {
        merge(merged, reading(i, 0));
    }
    EXPECT_EQ(merged.merged, 4u);
}

TEST(Merge, readings_of_another_layout_replace_the_older_ones) {
    Readings merged = reading(10, 0.9F);
    auto newer = reading(20, 0.2F);
    newer.out_channels = 2;
    newer.channels.resize(2);
    merge(merged, newer);
    EXPECT_EQ(merged.channels[0].peak, 0.2F);
    EXPECT_EQ(merged.merged, 1u);
}

TEST(Merge, a_nan_of_an_audio_tap_is_not_lost) {
    constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
    Readings older = reading(10, kNan);
    merge(older, reading(20, 0.2F));
    EXPECT_TRUE(std::isnan(older.taps[1]));
    Readings newer = reading(10, 0.2F);
    merge(newer, reading(20, kNan));
    EXPECT_TRUE(std::isnan(newer.taps[1]));
}

} // namespace
