// What is heard: the plugin's output, as it is.
#include "tests/engine/rig.hpp"
#include "tests/plugins/test_plugins.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace jig::tests {
namespace {

TEST(Core, plays_a_plugin_bit_for_bit_once_the_start_fade_is_over) {
    Rig rig;
    rig.play(kGain);
    rig.warm_up();
    const auto input = sine(2, 0, 480);
    EXPECT_EQ(largest_difference(rig.pump(input), input), 0.0F);
}

TEST(Core, the_first_sound_fades_in_over_fifty_milliseconds) {
    Rig rig;
    rig.play(kGain);
    const auto out = rig.pump(constant(2, Rig::kStartFrames + 10, 1.0F));
    EXPECT_EQ(out[0][0], 0.0F);
    EXPECT_NEAR(out[0][Rig::kStartFrames / 2], 0.5F, 0.01F);
    for (std::size_t i = 1; i < out[0].size(); ++i) {
        EXPECT_LE(out[0][i] - out[0][i - 1], 1.01F / Rig::kStartFrames);
    }
    EXPECT_EQ(out[0].back(), 1.0F);
}

TEST(Core, periods_of_any_size_play_the_same) {
    Rig whole;
    Rig pieces;
    whole.play(kCrush);
    pieces.play(kCrush);
    whole.warm_up();
    pieces.warm_up();
    const auto expected = whole.pump(sine(2, 0, 1024));
    std::uint32_t done = 0;
    for (const std::uint32_t frames : {1u, 63u, 512u, 7u, 441u}) {
        const auto out = pieces.pump(sine(2, done, frames));
        for (std::uint32_t i = 0; i < frames; ++i) {
            ASSERT_EQ(out[0][i], expected[0][done + i]) << "frame " << done + i;
        }
        done += frames;
    }
}

TEST(Core, eight_channels_and_a_sidechain_reach_the_plugin_in_order) {
    Rig rig;
    rig.play(test_plugin("eight"));
    rig.warm_up();
    Signal input;
    for (std::size_t c = 0; c < 10; ++c) {
        input.emplace_back(64, 0.01F * static_cast<float>(c + 1));
    }
    const auto& out = rig.pump(input);
    ASSERT_EQ(out.size(), 8u);
    for (std::size_t c = 0; c < 8; ++c) {
        EXPECT_EQ(out[c][5], input[c][5]) << "channel " << c;
    }
    EXPECT_EQ(rig.device().config().in[8].name, "side_1");
    EXPECT_FALSE(rig.device().config().in[8].main);
}

TEST(Core, a_build_with_more_channels_gets_more_ports_and_keeps_the_old_ones) {
    Rig rig;
    rig.play(kGain);
    rig.warm_up();
    ASSERT_TRUE(rig.install(test_plugin("eight"))) << rig.refused;
    rig.finish_swap();
    EXPECT_EQ(rig.device().config().out.size(), 8u);
    Signal input(rig.device().config().in.size(), std::vector<float>(64, 0.0F));
    input[7][10] = 0.5F;
    const auto& out = rig.pump(input);
    EXPECT_EQ(out[7][10], 0.5F);
}

TEST(Core, copies_input_output_and_watched_taps_into_their_streams) {
    Rig rig;
    rig.play_figures(test_plugin("recorder"));
    rig.core().watch_taps(1);
    rig.warm_up();
    rig.set(0, 0.75F);
    const auto begin = rig.region().frame.load();
    const auto input = sine(2, 0, 256);
    rig.pump(input);
    std::vector<float> copy(256);
    link::read_stream(rig.streams().input(1), rig.streams().frames, begin, copy.data(), 256);
    EXPECT_EQ(copy, input[1]);
    link::read_stream(rig.streams().output(0), rig.streams().frames, begin, copy.data(), 256);
    EXPECT_EQ(copy[255], 0.75F * 0x1p-24F);
    link::read_stream(rig.streams().tap(0), rig.streams().frames, begin, copy.data(), 256);
    EXPECT_EQ(copy[255], 0.75F);
    EXPECT_EQ(rig.region().frame.load(), begin + 256);
}

TEST(Core, shows_output_parameters_to_the_server) {
    Rig rig;
    rig.play_figures(test_plugin("recorder"));
    rig.warm_up();
    const auto before = rig.region().out_params[2].load();
    rig.pump(128);
    rig.pump(128);
    EXPECT_EQ(rig.region().out_params[2].load(), before + 2);
}

TEST(Core, trim_and_mute_act_on_the_output_and_leave_without_a_trace) {
    Rig rig;
    rig.play(kGain);
    rig.warm_up();
    rig.server().trim_gain.store(0.5F);
    rig.pump(constant(2, 2048, 0.5F));
    EXPECT_EQ(rig.pump(constant(2, 64, 0.5F))[0][63], 0.25F);
    rig.server().mute.store(1);
    rig.pump(constant(2, 2048, 0.5F));
    EXPECT_EQ(rig.pump(constant(2, 64, 0.5F))[0][0], 0.0F);
    rig.server().mute.store(0);
    rig.server().trim_gain.store(1.0F);
    rig.pump(constant(2, 2048, 0.5F));
    const auto input = sine(2, 0, 64);
    EXPECT_EQ(largest_difference(rig.pump(input), input), 0.0F);
}

TEST(Core, bypass_fades_to_the_input_and_back) {
    Rig rig;
    rig.play(kCrush);
    rig.warm_up();
    const auto input = sine(2, 0, 1024);
    EXPECT_GT(largest_difference(rig.pump(input), input), 1e-4F);
    rig.server().bypass.store(1);
    rig.pump(sine(2, 0, 2048));
    EXPECT_EQ(largest_difference(rig.pump(input), input), 0.0F);
    rig.server().bypass.store(0);
    rig.pump(sine(2, 0, 2048));
    EXPECT_GT(largest_difference(rig.pump(input), input), 1e-4F);
}

TEST(Core, a_sine_source_has_the_frequency_and_level_asked_for) {
    Rig rig;
    rig.server().input_kind.store(link::InputKind::sine);
    rig.server().input_hz.store(1000);
    rig.server().input_gain.store(0.125F);
    rig.play(kGain);
    rig.warm_up();
    const auto out = rig.pump(4800);
    float peak = 0;
    int crossings = 0;
    for (std::size_t i = 1; i < 4800; ++i) {
        peak = std::max(peak, out[0][i]);
        crossings += out[0][i - 1] < 0 && out[0][i] >= 0 ? 1 : 0;
    }
    EXPECT_NEAR(peak, 0.125F, 1e-4F);
    EXPECT_NEAR(crossings, 100, 1);
}

TEST(Core, an_impulse_source_fires_once_a_period) {
    Rig rig;
    rig.server().input_kind.store(link::InputKind::impulse);
    rig.server().input_hz.store(10);
    rig.server().input_gain.store(1.0F);
    rig.play(kGain);
    rig.warm_up();
    const auto out = rig.pump(8192);
    std::vector<std::size_t> at;
    for (std::size_t i = 0; i < out[0].size(); ++i) {
        if (out[0][i] != 0) {
            at.push_back(i);
        }
    }
    ASSERT_GE(at.size(), 1u);
    for (std::size_t i = 1; i < at.size(); ++i) {
        EXPECT_EQ(at[i] - at[i - 1], 4800u);
    }
}

TEST(Core, changing_the_source_makes_no_step) {
    Rig rig;
    rig.server().input_kind.store(link::InputKind::sine);
    rig.server().input_hz.store(100);
    rig.play(kGain);
    rig.warm_up();
    float last = 0;
    float step = 0;
    for (int i = 0; i < 40; ++i) {
        rig.server().input_kind.store(i < 10 ? link::InputKind::sine : link::InputKind::off);
        for (const float x : rig.pump(64)[0]) {
            step = i + static_cast<int>(last != 0) > 0 ? std::max(step, std::fabs(x - last)) : 0;
            last = x;
        }
    }
    EXPECT_EQ(last, 0.0F);
    EXPECT_LT(step, 0.03F) << "a sine of 100 Hz alone moves by 0.013 a frame";
}

} // namespace
} // namespace jig::tests
