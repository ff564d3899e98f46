#include "synth.cpp"

#include <jig/harness.hpp>

#include <gtest/gtest.h>

#include <numeric>

namespace {

std::size_t onset(const jig::Audio& audio) {
    const auto& left = audio[0];
    const auto first = std::find_if(left.begin(), left.end(), [](float x) { return x != 0; });
    return static_cast<std::size_t>(first - left.begin());
}

/// Upward crossings of zero.
int turns(const jig::Audio& audio, std::size_t first, std::size_t last) {
    int count = 0;
    for (auto i = first; i < last; ++i) {
        count += audio[0][i] < 0 && audio[0][i + 1] >= 0 ? 1 : 0;
    }
    return count;
}

TEST(Synth, is_silent_until_a_note_begins_on_its_frame) {
    jig::Harness<Synth> synth;
    synth.at(1000).note_on(69);
    const auto output = synth.render(2000);
    // The level is 0 on the first frame of the attack, and a saw is not.
    EXPECT_EQ(onset(output), 1001u);
    EXPECT_EQ(output[0], output[1]);
    EXPECT_EQ(synth.unwritten(), 0u);
}

TEST(Synth, plays_the_pitch_of_the_key_and_bends_it) {
    jig::Harness<Synth> synth;
    synth.set("wave", 0);
    synth.at(0).note_on(69);
    synth.at(48000).midi(0xE0, 0x7F, 0x7F);
    const auto output = synth.render(96000);
    EXPECT_NEAR(turns(output, 0, 48000), 440, 1);
    EXPECT_NEAR(turns(output, 48000, 95999), 440 * std::exp2(2.0 / 12), 1);
}

TEST(Synth, releases_a_note_and_falls_silent_for_good) {
    jig::Harness<Synth> synth;
    synth.set("release", 50).set("sustain", 100);
    synth.at(0).note_on(60);
    synth.at(4800).note_off(60);
    const auto output = synth.render(48000);
    EXPECT_GT(output.slice(4000, 800).peak(), 0.1f);
    EXPECT_EQ(output.slice(24000, 24000).peak(), 0.0f);
    EXPECT_EQ(synth.tap("voices").back(), 0.0f);
}

TEST(Synth, plays_eight_notes_and_steals_the_oldest_for_a_ninth) {
    jig::Harness<Synth> synth;
    for (int key = 60; key < 69; ++key) {
        synth.now().note_on(key);
    }
    (void)synth.render(100);
    EXPECT_EQ(synth.tap("voices").back(), 8.0f);
    for (int key = 61; key < 69; ++key) {
        synth.now().note_off(key);
    }
    (void)synth.render(96000);
    EXPECT_EQ(synth.tap("voices").back(), 0.0f) << "key 60 lost its voice to key 68";
}

TEST(Synth, ends_all_notes_on_the_controllers_for_it) {
    for (const int controller : {120, 123}) {
        jig::Harness<Synth> synth;
        synth.now().note_on(60).note_on(64);
        (void)synth.render(4800);
        synth.now().midi(0xB0, static_cast<std::uint8_t>(controller));
        (void)synth.render(96000);
        EXPECT_EQ(synth.tap("voices").back(), 0.0f) << "controller " << controller;
    }
}

TEST(Synth, gives_the_same_samples_whatever_the_blocks) {
    const auto play = [](std::uint32_t block) {
        jig::Harness<Synth> synth;
        synth.blocks({block});
        synth.at(10).note_on(60, 0.7);
        synth.at(777).note_on(67, 0.5);
        synth.at(1500).set("level", -3);
        synth.at(2001).note_off(60);
        return synth.render(8000);
    };
    const auto reference = play(512);
    EXPECT_GT(reference.peak(), 0.1f);
    EXPECT_EQ(play(1), reference);
    EXPECT_EQ(play(63), reference);
}

} // namespace
