#include "tests/plugins/test_plugins.hpp"

#include <jig/harness.hpp>
#include <jig/jig.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace {

using jig::tests::test_plugin;

/// The channels of the plugin recorder.
enum { kValue, kFrames, kNotes, kEvents, kPosition };

struct Recorded : testing::Test {
    jig::PluginFile file{test_plugin("recorder").string()};
    jig::Player player{file.plugin()};
};

TEST_F(Recorded, values_change_on_their_frame_and_not_before) {
    player.blocks({64});
    player.at(10).set("value", 5);
    player.at(100).set("value", 7).set("value", 8);
    const auto y = player.render(200);
    EXPECT_EQ(y[kValue][9], 0.0f);
    EXPECT_EQ(y[kValue][10], 5.0f);
    EXPECT_EQ(y[kValue][99], 5.0f);
    EXPECT_EQ(y[kValue][100], 8.0f) << "the last one on a frame";
    EXPECT_EQ(player.tap("value"), y[kValue]);
}

TEST_F(Recorded, blocks_are_cut_where_a_value_changes_and_go_on_as_before) {
    player.blocks({64});
    player.at(10).set("value", 5);
    const auto y = player.render(128);
    EXPECT_EQ(y[kFrames][0], 10.0f);
    EXPECT_EQ(y[kFrames][10], 54.0f);
    EXPECT_EQ(y[kFrames][64], 64.0f);
    EXPECT_EQ(std::accumulate(y[kEvents].begin(), y[kEvents].end(), 0.0f), 0.0f);
}

TEST_F(Recorded, values_come_as_events_from_a_host_that_does_not_cut) {
    player.blocks({64}).params_as_events(true);
    player.at(10).set("value", 5);
    player.at(64).set("value", 6);
    const auto y = player.render(128);
    EXPECT_EQ(y[kFrames][0], 64.0f);
    EXPECT_EQ(y[kEvents][10], static_cast<float>(JIG_EVENT_PARAM));
    EXPECT_EQ(y[kValue][63], 0.0f);
    EXPECT_EQ(y[kEvents][64], 0.0f) << "on the first frame it stands in params[] only";
    EXPECT_EQ(y[kValue][64], 6.0f);
}

TEST_F(Recorded, notes_fall_on_their_frame_of_the_time_line) {
    player.blocks({7, 50}).start(5000);
    player.at(5033).note_on(60, 0.25);
    player.at(5060).trigger("bang");
    const auto y = player.render(100);
    EXPECT_EQ(y[kPosition][0], 5000.0f);
    EXPECT_EQ(y[kPosition][99], 5099.0f);
    for (std::size_t i = 0; i < 100; ++i) {
        ASSERT_EQ(y[kNotes][i], i == 33 ? 0.25f : 0.0f) << i;
    }
    EXPECT_EQ(y[kEvents][60], static_cast<float>(JIG_EVENT_TRIGGER));
}

TEST_F(Recorded, runs_go_on_where_the_last_one_ended) {
    player.blocks({64});
    player.at(150).set("value", 2);
    const auto first = player.render(100);
    const auto second = player.render(100);
    EXPECT_EQ(first[kFrames][99], 36.0f) << "a run ends inside a block";
    EXPECT_EQ(second[kPosition][0], 100.0f);
    EXPECT_EQ(second[kFrames][0], 28.0f) << "the rest of that block";
    EXPECT_EQ(second[kValue][49], 0.0f);
    EXPECT_EQ(second[kValue][50], 2.0f);
    EXPECT_EQ(player.output_value("blocks"), 6.0f) << "cut at 100, 128, 150 and 192";
}

TEST_F(Recorded, the_same_run_can_be_had_again_from_a_later_position) {
    // What a live host did with periods of 128 frames, and the same in one go.
    const auto play = [&](std::vector<std::uint32_t> blocks) {
        jig::Player again(file.plugin());
        again.blocks(std::move(blocks)).start(480000).set("value", 1);
        again.at(480128).set("value", 2);
        again.at(480512).set("value", 3);
        return again.render(1024)[kValue];
    };
    EXPECT_EQ(play({128}), play({1024}));
}

TEST(Player, counts_samples_that_the_plugin_left_as_they_were) {
    const jig::PluginFile file(test_plugin("unwritten").string());
    jig::Player player(file.plugin());
    (void)player.render(jig::noise(), 100);
    EXPECT_EQ(player.unwritten(), 100u) << "the second of two channels";
}

/// Plays the beat of each block.
struct Beats : jig::Effect {
    static constexpr auto id = "test.beats", name = "Beats";
    void process(Block b) {
        const auto* t = b.transport();
        for (auto& sample : b.output(0)) {
            sample = t == nullptr ? -1.0f : static_cast<float>(t->beat);
        }
        for (auto& sample : b.output(1)) {
            sample = t != nullptr && t->playing != 0 ? 1.0f : 0.0f;
        }
    }
};

TEST(Player, has_musical_time_that_runs_stands_and_jumps) {
    jig::Harness<Beats> h;
    h.blocks({6000});
    EXPECT_EQ(h.render(1)[0][0], -1.0f) << "no tempo, no transport";
    h.start(500).tempo(120).blocks({6000});
    EXPECT_EQ(h.render(12000)[0][11999], 0.25f);
    h.playing(false);
    const auto still = h.render(12000);
    EXPECT_EQ(still[0][11999], 0.5f);
    EXPECT_EQ(still[1][0], 0.0f);
    h.locate(8).tempo(60).playing(true);
    const auto later = h.render(12000);
    EXPECT_EQ(later[0][0], 8.0f);
    EXPECT_EQ(later[0][6000], 8.125f);
    EXPECT_EQ(later[1][0], 1.0f);
}

TEST(Player, silences_a_plugin_after_an_error) {
    const jig::PluginFile file(test_plugin("process_fails").string());
    jig::Player player(file.plugin());
    EXPECT_EQ(player.render(jig::constant(1), 100).peak(), 0.0f);
    EXPECT_EQ(player.status(), JIG_ERROR_EXCEPTION);
}

TEST(Player, feeds_one_channel_to_all_of_the_main_input_and_silence_to_the_rest) {
    const jig::PluginFile file(test_plugin("eight").string());
    jig::Player player(file.plugin());
    player.set("side", 1);
    const auto main_only = player.render(jig::constant(0.5f), 10);
    ASSERT_EQ(main_only.channels(), 8u);
    EXPECT_EQ(main_only[7][9], 0.5f);

    jig::Audio all(10, 10);
    all[8].assign(10, 1.0f);
    all[9].assign(10, 2.0f);
    const auto side = player.render(all);
    EXPECT_EQ(side[6][0], 1.0f);
    EXPECT_EQ(side[7][0], 2.0f);
    EXPECT_THROW((void)player.render(jig::Audio(3, 10)), std::runtime_error);
}

TEST(Player, says_what_it_does_not_know) {
    const jig::PluginFile file(test_plugin("plain").string());
    jig::Player player(file.plugin());
    EXPECT_THROW(player.set("nothing", 1), std::runtime_error);
    EXPECT_THROW((void)player.tap("nothing"), std::runtime_error);
    EXPECT_THROW((void)file.plugin("nothing"), std::runtime_error);
    EXPECT_THROW(jig::PluginFile("/nowhere.so"), std::runtime_error);
}

TEST(Player, repeats_the_plugin_s_words_when_it_cannot_be_created) {
    const jig::PluginFile file(test_plugin("create_fails").string());
    try {
        const jig::Player player(file.plugin());
        FAIL() << "it was created";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("hall.wav is missing"));
    }
}

TEST(Signals, are_what_their_names_say) {
    EXPECT_EQ(jig::impulse(3)(3, 48000), 1.0f);
    EXPECT_EQ(jig::impulse(3)(4, 48000), 0.0f);
    EXPECT_EQ(jig::silence()(7, 48000), 0.0f);
    EXPECT_NEAR(jig::sine(12000)(1, 48000), 1.0f, 1e-6f);
    EXPECT_NEAR(jig::sine(12000, -20)(3, 48000), -0.1f, 1e-6f);
    double power = 0, sum = 0;
    for (std::uint64_t i = 0; i < 100000; ++i) {
        const double x = jig::noise()(i, 48000);
        sum += x;
        power += x * x;
    }
    EXPECT_NEAR(sum / 100000, 0, 0.01);
    EXPECT_NEAR(power / 100000, 1.0 / 3, 0.01);
    EXPECT_NE(jig::noise(0, 1)(5, 48000), jig::noise(0, 2)(5, 48000));
}

} // namespace
