#include "audio/clocks/capture_resampler.hpp"

#include "tests/audio/clocks/resampler_rig.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <gtest/gtest.h>
#include <optional>

namespace jig::audio::test {
namespace {

constexpr double kLongSeconds = JIG_SIMULATED_SECONDS;
constexpr double kShortSeconds = 32;

/// Holds its promises: nothing is lost, the latency stays where it is stated to be, a tone stays
/// pure.
void expect_kept(const ResamplerRig& rig, CaptureResampler& resampler, double latency_frames) {
    EXPECT_EQ(resampler.underruns(), 0);
    EXPECT_EQ(resampler.overruns(), 0);
    EXPECT_GE(rig.clicks(), 10);
    EXPECT_GT(rig.least_error(), -latency_frames);
    EXPECT_LT(rig.most_error(), latency_frames);
    EXPECT_LT(rig.worst_thd_n_db(), -100);
    EXPECT_NEAR(rig.amplitude(), 0.5, 1e-5);
}

TEST(CaptureResampler, carries_ten_minutes_of_a_clock_500_ppm_faster) {
    ResamplerRig rig({.capture = {.ppm = 500}});
    rig.run(kLongSeconds);
    expect_kept(rig, rig.resampler(), 0.5);
    EXPECT_NEAR(rig.resampler().ratio_ppm(), 500, 1);
}

TEST(CaptureResampler, carries_ten_minutes_of_a_clock_500_ppm_slower) {
    ResamplerRig rig({.capture = {.ppm = -500}});
    rig.run(kLongSeconds);
    expect_kept(rig, rig.resampler(), 0.5);
    EXPECT_NEAR(rig.resampler().ratio_ppm(), -500, 1);
}

TEST(CaptureResampler, follows_clocks_that_drift) {
    ResamplerRig rig({.capture = {.ppm = 40, .swing_ppm = 3},
                      .playback = {.ppm = -20, .swing_ppm = 2, .swing_seconds = 450}});
    rig.run(kLongSeconds);
    expect_kept(rig, rig.resampler(), 0.75);
}

TEST(CaptureResampler, takes_any_two_periods) {
    struct Periods {
        std::uint32_t capture, playback;
    };
    for (const auto& [capture, playback] : {Periods{64, 256}, {1024, 1024}, {1000, 77}}) {
        ResamplerRig rig({.capture = {.ppm = 300},
                          .capture_period = capture,
                          .playback_period = playback,
                          .late_us = 50});
        rig.run(kShortSeconds);
        SCOPED_TRACE(testing::Message() << capture << " into " << playback);
        expect_kept(rig, rig.resampler(), 1);
    }
}

TEST(CaptureResampler, works_at_other_rates) {
    for (const double rate_hz : {44100.0, 96000.0}) {
        ResamplerRig rig(
            {.capture = {.rate_hz = rate_hz, .ppm = -37}, .playback = {.rate_hz = rate_hz}});
        rig.run(kShortSeconds);
        SCOPED_TRACE(rate_hz);
        expect_kept(rig, rig.resampler(), 1);
    }
}

TEST(CaptureResampler, bears_captured_periods_that_arrive_late) {
    ResamplerRig rig({.capture = {.ppm = -100}, .hold_back_us = 250}); // 12 of 16 frames
    rig.run(kShortSeconds);
    expect_kept(rig, rig.resampler(), 1);
}

TEST(CaptureResampler, adds_half_its_filter_a_captured_period_and_the_margin) {
    CaptureResampler resampler;
    resampler.configure({.push_frames = 128, .margin_frames = 16});
    EXPECT_EQ(resampler.added_frames(), 24 + 1 + 128 + 16);
    resampler.configure({.push_frames = 64, .margin_frames = 0});
    EXPECT_EQ(resampler.added_frames(), 24 + 1 + 64);
}

TEST(CaptureResampler, is_flat_to_20_khz_at_48_khz) {
    for (const double tone_hz : {20.0, 5000.0, 15000.0, 20000.0}) {
        ResamplerRig rig(
            {.capture = {.ppm = 500}, .late_us = 0, .tone_hz = tone_hz, .settling_seconds = 5});
        rig.run(5.5);
        EXPECT_NEAR(20 * std::log10(rig.amplitude() / 0.5), 0, 0.001) << tone_hz;
    }
}

TEST(CaptureResampler, keeps_even_20_khz_pure_without_jitter) {
    ResamplerRig rig(
        {.capture = {.ppm = 500}, .late_us = 0, .tone_hz = 20'000, .settling_seconds = 50});
    rig.run(50.5);
    EXPECT_LT(rig.worst_thd_n_db(), -100);
}

TEST(CaptureResampler, has_the_same_latency_after_a_restart) {
    ResamplerRig rig({.capture = {.ppm = 200}});
    rig.run(kShortSeconds);
    rig.resampler().restart();
    rig.cycle();
    EXPECT_TRUE(std::ranges::all_of(rig.pulled(0), [](float x) { return std::abs(x) < 0.6F; }));
    rig.run(kShortSeconds / 2);
    EXPECT_GT(rig.least_error(), -3);
    EXPECT_LT(rig.most_error(), 3);
    EXPECT_EQ(rig.resampler().underruns(), 0);
    EXPECT_TRUE(rig.resampler().settled());
}

TEST(CaptureResampler, rides_out_a_stall_that_the_rings_hold) {
    ResamplerRig rig({.capture = {.ppm = 200}});
    rig.run(kShortSeconds);
    // For three periods nothing is pulled, and then everything at once, each at its time.
    rig.cycle(8'000'000);
    rig.run(kShortSeconds);
    expect_kept(rig, rig.resampler(), 0.75);
}

/// Frames of one channel at a period of 128, both clocks the same: what a turn captures and what it
/// pulls may be missing.
struct ByHand {
    ByHand() { resampler.configure({.channels = 1}); }

    void turns(int count, std::optional<float> captured, bool pulls) {
        for (int i = 0; i < count; ++i) {
            now_ns += 128 * 62'500 / 3;
            std::array<float, 128> block{};
            if (captured) {
                block.fill(*captured);
                const std::array<const float*, 1> in{block.data()};
                resampler.push(in.data(), 128, now_ns);
            }
            if (pulls) {
                block.fill(7);
                const std::array<float*, 1> out{block.data()};
                resampler.pull(out.data(), 128, now_ns);
                last = block.back();
            }
        }
    }

    CaptureResampler resampler;
    std::int64_t now_ns = 1'000'000'000;
    float last = 7; ///< sample that was pulled
};

TEST(CaptureResampler, is_silent_until_something_was_captured) {
    ByHand hand;
    hand.turns(3, std::nullopt, true);
    EXPECT_EQ(hand.last, 0);
    EXPECT_EQ(hand.resampler.underruns(), 0);
    hand.turns(10, 0.25F, true);
    EXPECT_NEAR(hand.last, 0.25, 1e-5);
    EXPECT_EQ(hand.resampler.underruns(), 0);
}

TEST(CaptureResampler, says_when_it_ran_dry_and_goes_on_when_there_is_more) {
    ByHand hand;
    hand.turns(100, 0.25F, true);
    EXPECT_NEAR(hand.resampler.fill(), 169, 0.01);
    hand.turns(5, std::nullopt, true);
    EXPECT_EQ(hand.last, 0);
    EXPECT_GT(hand.resampler.underruns(), 0);
    hand.turns(100, 0.5F, true);
    EXPECT_NEAR(hand.last, 0.5, 1e-5);
    EXPECT_NEAR(hand.resampler.fill(), 169, 0.01);
}

TEST(CaptureResampler, says_when_nobody_pulled_and_goes_on_from_what_is_new) {
    ByHand hand;
    hand.turns(100, 0.25F, true);
    hand.turns(50, 0.5F, false);
    EXPECT_EQ(hand.resampler.overruns(), 1);
    hand.turns(100, 0.75F, true);
    EXPECT_NEAR(hand.last, 0.75, 1e-5);
    EXPECT_NEAR(hand.resampler.fill(), 169, 0.01);
}

TEST(CaptureResampler, takes_no_channel_for_silence_and_leaves_out_what_is_not_wanted) {
    CaptureResampler resampler;
    resampler.configure({.channels = 2});
    std::array<float, 128> block{};
    for (std::int64_t now_ns = 0; now_ns < 60'000'000; now_ns += 2'666'667) {
        block.fill(0.5F);
        const std::array<const float*, 2> in{block.data(), nullptr};
        resampler.push(in.data(), 128, now_ns);
        const std::array<float*, 2> out{nullptr, block.data()};
        resampler.pull(out.data(), 128, now_ns);
        EXPECT_TRUE(std::ranges::all_of(block, [](float x) { return x == 0; }));
    }
}

} // namespace
} // namespace jig::audio::test
