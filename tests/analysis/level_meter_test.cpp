#include "analysis/level_meter.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numbers>
#include <random>

namespace {

using jig::analysis::ChannelReading;
using jig::analysis::LevelMeter;

std::vector<float> sine(double hz, double level, std::size_t frames, double rate_hz = 48000) {
    std::vector<float> samples(frames);
    for (std::size_t i = 0; i < frames; ++i) {
        const double phase = 2 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz;
        samples[i] = static_cast<float>(level * std::sin(phase));
    }
    return samples;
}

std::vector<float> noise(std::size_t frames) {
    std::mt19937 random(1);
    std::uniform_real_distribution<float> level(-1.2F, 1.2F);
    std::vector<float> samples(frames);
    for (auto& sample : samples) {
        sample = level(random);
    }
    return samples;
}

TEST(LevelMeter, a_full_scale_sine_reads_minus_3_dB_rms) {
    for (const double rate_hz : {44100.0, 48000.0, 192000.0}) {
        LevelMeter meter(rate_hz);
        meter.process(sine(997, 1.0, static_cast<std::size_t>(5 * rate_hz), rate_hz));
        const auto reading = meter.take();
        EXPECT_NEAR(reading.rms, std::sqrt(0.5), 1e-3) << rate_hz;
        EXPECT_NEAR(reading.peak, 1.0, 1e-4) << rate_hz;
        EXPECT_NEAR(reading.dc, 0.0, 2e-3) << rate_hz;
    }
}

TEST(LevelMeter, rms_follows_a_step_with_300_ms) {
    LevelMeter meter(48000);
    meter.process(std::vector<float>(14400, 0.5F));
    const auto reading = meter.take();
    EXPECT_NEAR(reading.rms, 0.5 * std::sqrt(1 - std::exp(-1.0)), 1e-4);
    EXPECT_NEAR(reading.dc, 0.5 * (1 - std::exp(-1.0)), 1e-4);
}

TEST(LevelMeter, reads_the_same_to_the_bit_whatever_the_block_size) {
    const auto samples = noise(20000);
    const auto in_blocks = [&](std::size_t block) {
        LevelMeter meter(48000);
        const std::span<const float> all(samples);
        for (std::size_t at = 0; at < all.size(); at += block) {
            meter.process(all.subspan(at, std::min(block, all.size() - at)));
        }
        return meter.take();
    };
    const auto whole = in_blocks(samples.size());
    EXPECT_GT(whole.clip_count, 0u);
    for (const std::size_t block : {1u, 7u, 64u, 255u, 256u, 257u, 1024u}) {
        EXPECT_EQ(in_blocks(block), whole) << "blocks of " << block;
    }
}

TEST(LevelMeter, agrees_with_the_recursion_that_defines_it) {
    const auto samples = noise(3001); // ends within a chunk
    LevelMeter meter(48000);
    meter.process(samples);
    const double pole = std::exp(-1.0 / (0.3 * 48000));
    double mean_square = 0;
    double mean = 0;
    for (const double x : samples) {
        mean_square = pole * mean_square + (1 - pole) * x * x;
        mean = pole * mean + (1 - pole) * x;
    }
    const auto reading = meter.take();
    EXPECT_NEAR(reading.rms, std::sqrt(mean_square), 1e-6);
    EXPECT_NEAR(reading.dc, mean, 1e-7);
}

TEST(LevelMeter, sees_a_click_of_one_sample_at_any_place) {
    for (std::size_t place = 0; place < 600; ++place) {
        LevelMeter meter(48000);
        std::vector<float> samples(600);
        samples[place] = -1.0F;
        meter.process(samples);
        const auto reading = meter.take();
        EXPECT_EQ(reading.peak, 1.0F);
        EXPECT_EQ(reading.clip_count, 1u);
    }
}

TEST(LevelMeter, the_peak_is_that_since_the_last_reading) {
    LevelMeter meter(48000);
    meter.process(std::vector<float>(10, 0.8F));
    EXPECT_EQ(meter.take().peak, 0.8F);
    meter.process(std::vector<float>(10, 0.1F));
    EXPECT_EQ(meter.take().peak, 0.1F);
    EXPECT_EQ(meter.take().peak, 0.0F);
}

TEST(LevelMeter, holds_a_peak_for_two_seconds_and_hardly_longer) {
    for (const double rate_hz : {22050.0, 44100.0, 48000.0, 192000.0}) {
        const auto seconds = [&](double s) { return static_cast<std::size_t>(s * rate_hz); };
        LevelMeter meter(rate_hz);
        meter.process(std::vector<float>(1000));
        meter.process(std::vector<float>{0.9F});
        meter.process(std::vector<float>(seconds(2) - 1));
        EXPECT_EQ(meter.take().hold, 0.9F) << rate_hz;
        meter.process(std::vector<float>(seconds(0.05)));
        const auto reading = meter.take();
        EXPECT_EQ(reading.hold, 0.0F) << rate_hz;
        EXPECT_EQ(reading.max, 0.9F) << "the maximum stays";
    }
}

TEST(LevelMeter, counts_samples_that_are_no_numbers_and_keeps_them_out_of_the_levels) {
    LevelMeter meter(48000);
    auto samples = sine(100, 0.5, 48000);
    samples[1] = std::numeric_limits<float>::quiet_NaN();
    samples[777] = std::numeric_limits<float>::infinity();
    samples[778] = -std::numeric_limits<float>::infinity();
    samples[47999] = -std::numeric_limits<float>::quiet_NaN();
    meter.process(samples);
    const auto reading = meter.take();
    EXPECT_EQ(reading.nan_count, 4u);
    EXPECT_EQ(reading.clip_count, 0u);
    EXPECT_NEAR(reading.peak, 0.5, 1e-4);
    EXPECT_NEAR(reading.rms, 0.5 * std::sqrt(0.5), 0.02);
}

TEST(LevelMeter, a_clip_is_a_sample_at_or_above_full_scale_of_either_sign) {
    LevelMeter meter(48000);
    const std::vector<float> samples{0.99999994F, 1.0F, -1.0F, 1.5F, -0.99999994F};
    meter.process(samples);
    EXPECT_EQ(meter.take().clip_count, 3u);
}

TEST(LevelMeter, a_reset_forgets_what_was_latched_and_nothing_else) {
    LevelMeter meter(48000);
    meter.process(std::vector<float>(48000, 1.0F));
    const auto before = meter.take();
    meter.reset();
    const auto after = meter.take();
    EXPECT_EQ(after.hold, 0.0F);
    EXPECT_EQ(after.max, 0.0F);
    EXPECT_EQ(after.clip_count, 0u);
    EXPECT_EQ(after.rms, before.rms);
    EXPECT_EQ(after.dc, before.dc);
}

TEST(LevelMeter, another_rate_keeps_the_counts) {
    LevelMeter meter(48000);
    meter.process(std::vector<float>(100, 1.0F));
    meter.set_rate(96000);
    const auto reading = meter.take();
    EXPECT_EQ(reading.clip_count, 100u);
    EXPECT_EQ(reading.max, 1.0F);
    EXPECT_EQ(reading.rms, 0.0F);
}

TEST(LevelMeter, hands_out_its_values_in_the_order_of_the_protocol) {
    const ChannelReading reading{1, 2, 3, 4, 5, 6, 7, 8};
    EXPECT_EQ(reading.values(), (std::array<float, 8>{1, 2, 3, 4, 5, 6, 7, 8}));
}

} // namespace
