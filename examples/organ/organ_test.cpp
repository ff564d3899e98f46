#include <jig/checks.hpp>
#include <jig/measure.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <string>

namespace {

constexpr double kRate = 48000;

struct Organ : testing::Test {
    jig::PluginFile file{JIG_PLUGIN_FILE};
    jig::Player player{file.plugin("dev.jig.organ")};

    /// Drawbars from 16' to 2', at 0 dB.
    void draw(std::initializer_list<int> values) {
        const char* ids[] = {"drawbars/16", "drawbars/8", "drawbars/4", "drawbars/2-2-3",
                             "drawbars/2"};
        std::size_t i = 0;
        for (const int value : values) {
            player.set(ids[i++], value);
        }
        player.set("level", 0);
    }
};

/// Of a sine in a second of sound, of which it has whole periods.
double amplitude_at(double hz, const jig::Audio& second) {
    return 2 / kRate * std::abs(jig::response(second[0], hz, kRate));
}

std::size_t onset(const jig::Audio& audio) {
    const auto& left = audio[0];
    return static_cast<std::size_t>(
        std::find_if(left.begin(), left.end(), [](float x) { return x != 0; }) - left.begin());
}

TEST_F(Organ, is_silent_until_a_note_begins) {
    player.at(1000).note_on(69);
    const auto output = player.render(2000);
    EXPECT_GE(onset(output), 1000u);
    EXPECT_LT(onset(output), 1010u);
    EXPECT_EQ(output[0], output[1]);
    EXPECT_EQ(player.unwritten(), 0u);
}

TEST_F(Organ, sounds_the_partials_that_are_drawn_by_three_decibels_a_step) {
    draw({4, 8, 0, 7, 1});
    player.now().note_on(69, 0.5);
    (void)player.render(4800);
    const auto second = player.render(48000);
    EXPECT_NEAR(jig::decibels(amplitude_at(220, second)), jig::decibels(0.5) - 12, 0.02);
    EXPECT_NEAR(jig::decibels(amplitude_at(440, second)), jig::decibels(0.5), 0.02);
    EXPECT_LT(jig::decibels(amplitude_at(880, second)), -80);
    EXPECT_NEAR(jig::decibels(amplitude_at(1320, second)), jig::decibels(0.5) - 3, 0.02);
    EXPECT_NEAR(jig::decibels(amplitude_at(1760, second)), jig::decibels(0.5) - 21, 0.02);
}

TEST_F(Organ, leaves_out_what_lies_above_half_the_rate) {
    draw({0, 0, 0, 8, 0});
    player.now().note_on(127);
    EXPECT_EQ(player.render(9600).peak(), 0.0f);
}

TEST_F(Organ, bends_by_two_semitones) {
    draw({0, 8, 0, 0, 0});
    player.now().note_on(67).midi(0xE0, 0x7F, 0x7F);
    (void)player.render(4800);
    EXPECT_NEAR(amplitude_at(440, player.render(48000)), 1, 0.01);
}

TEST_F(Organ, releases_a_note_and_falls_silent_for_good) {
    player.now().note_on(60);
    player.at(4800).note_off(60);
    const auto output = player.render(48000);
    EXPECT_GT(output.slice(4000, 800).peak(), 0.1f);
    EXPECT_EQ(output.slice(24000, 24000).peak(), 0.0f);
    EXPECT_EQ(player.status(), JIG_SILENT);
}

TEST_F(Organ, holds_notes_by_the_pedal) {
    player.now().midi(0xB0, 64, 127).note_on(60);
    player.at(4800).note_off(60);
    player.at(24000).midi(0xB0, 64, 0);
    const auto output = player.render(48000);
    EXPECT_GT(output.slice(20000, 4000).peak(), 0.1f);
    EXPECT_EQ(output.slice(40000, 8000).peak(), 0.0f);
}

TEST_F(Organ, plays_eight_notes_and_gives_up_the_oldest_for_a_ninth) {
    draw({0, 8, 0, 0, 0});
    const auto hz = [](int key) { return 440 * std::exp2((key - 69) / 12.0); };
    for (int key = 60; key < 69; ++key) {
        player.now().note_on(key, 0.1);
    }
    (void)player.render(4800);
    const auto second = player.render(48000);
    EXPECT_LT(amplitude_at(hz(60), second), 0.005);
    for (int key = 61; key < 69; ++key) {
        EXPECT_NEAR(amplitude_at(hz(key), second), 0.1, 0.01) << "key " << key;
    }
}

TEST_F(Organ, opens_the_gate_anew_for_a_note_that_takes_a_sounding_voice) {
    player.set("envelope/attack", 2000);
    for (int key = 60; key < 69; ++key) {
        player.at(key == 68 ? 144000 : 0).note_on(key);
    }
    (void)player.render(144000);
    EXPECT_EQ(player.tap("envelope").back(), 1.0f);
    for (int key = 61; key < 68; ++key) {
        player.now().note_choke(key);
    }
    (void)player.render(480);
    EXPECT_LT(player.tap("envelope").back(), 0.5f) << "the attack of key 68";
}

TEST_F(Organ, shows_the_envelope_that_is_furthest_open) {
    player.set("envelope/attack", 1);
    EXPECT_EQ((player.render(64), player.tap("envelope").back()), 0.0f);
    player.now().note_on(60);
    (void)player.render(4800);
    player.now().note_on(62);
    (void)player.render(64);
    EXPECT_EQ(player.tap("envelope").back(), 1.0f);
}

TEST_F(Organ, is_a_good_plugin) {
    EXPECT_EQ(jig::checks::all(file.plugin()), "");
}

} // namespace
