#include "arp.cpp"

#include <jig/checks.hpp>
#include <jig/harness.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using Sent = std::vector<std::string>;
using Played = std::vector<int>;

/// What was sent, as "frame: on key" or "frame: off key".
Sent sent(const jig::Player& arp) {
    Sent all;
    for (const auto& [frame, event] : arp.sent()) {
        all.push_back(std::to_string(frame) +
                      (event.type == JIG_EVENT_NOTE_ON ? ": on " : ": off ") +
                      std::to_string(event.u.note.key));
    }
    return all;
}

/// The keys of the notes that begin.
Played keys(const jig::Player& arp) {
    Played all;
    for (const auto& [frame, event] : arp.sent()) {
        if (event.type == JIG_EVENT_NOTE_ON) {
            all.push_back(event.u.note.key);
        }
    }
    return all;
}

TEST(Arp, plays_on_the_exact_frames_of_the_tempo) {
    jig::Harness<Arp> arp;
    arp.tempo(120).set("gate", 25); // a sixteenth at 48 kHz: 6,000 frames
    arp.now().note_on(60).note_on(64);
    (void)arp.render(18001);
    EXPECT_EQ(sent(arp), (Sent{"0: on 60", "1500: off 60", "6000: on 64", "7500: off 64",
                               "12000: on 60", "13500: off 60", "18000: on 64"}));
}

TEST(Arp, begins_a_step_between_two_frames_on_the_second) {
    jig::Harness<Arp> arp;
    arp.tempo(133).set("rate", 2).set("gate", 100);
    arp.now().note_on(60);
    (void)arp.render(480000);
    const auto step = 48000.0 * 60 / 133 / 3;
    double n = 0;
    for (const auto& [frame, event] : arp.sent()) {
        if (event.type == JIG_EVENT_NOTE_ON) {
            ASSERT_EQ(frame, static_cast<std::uint64_t>(std::ceil(n++ * step - 1e-6)));
        }
    }
    EXPECT_EQ(n, std::ceil(480000 / step));
}

TEST(Arp, waits_for_the_next_step_of_the_song) {
    jig::Harness<Arp> arp;
    arp.tempo(120).locate(16.25);
    arp.at(1).note_on(60);
    (void)arp.render(6001);
    EXPECT_EQ(sent(arp), (Sent{"6000: on 60"}));
    arp.locate(16.49);
    (void)arp.render(1000);
    EXPECT_EQ(arp.sent().back().frame, 6001u + 240) << "a hundredth of a beat to 16.5";
}

TEST(Arp, knows_its_patterns) {
    const auto play = [](int pattern, int octaves) {
        jig::Harness<Arp> arp;
        arp.tempo(120).set("pattern", pattern).set("octaves", octaves);
        arp.now().note_on(64).note_on(60).note_on(67);
        (void)arp.render(8 * 6000);
        return keys(arp);
    };
    EXPECT_EQ(play(0, 1), (Played{60, 64, 67, 60, 64, 67, 60, 64}));
    EXPECT_EQ(play(1, 1), (Played{67, 64, 60, 67, 64, 60, 67, 64}));
    EXPECT_EQ(play(2, 1), (Played{60, 64, 67, 64, 60, 64, 67, 64}));
    EXPECT_EQ(play(3, 1), (Played{64, 60, 67, 64, 60, 67, 64, 60}));
    EXPECT_EQ(play(0, 2), (Played{60, 64, 67, 72, 76, 79, 60, 64}));
    EXPECT_EQ(play(2, 2), (Played{60, 64, 67, 72, 76, 79, 76, 72}));
}

TEST(Arp, repeats_a_single_key_in_every_pattern) {
    for (const int pattern : {0, 1, 2, 3}) {
        jig::Harness<Arp> arp;
        arp.tempo(120).set("pattern", pattern);
        arp.now().note_on(60);
        (void)arp.render(3 * 6000);
        EXPECT_EQ(keys(arp), (Played{60, 60, 60}));
    }
}

TEST(Arp, gives_on_what_it_was_given) {
    jig::Harness<Arp> arp;
    arp.tempo(120);
    arp.now().note_on(60, 0.375, 5);
    (void)arp.render(100);
    ASSERT_EQ(arp.sent().size(), 1u);
    EXPECT_EQ(arp.sent()[0].event.u.note.velocity, 0.375f);
    EXPECT_EQ(arp.sent()[0].event.u.note.channel, 5);
}

TEST(Arp, ends_the_note_when_the_last_key_is_let_go) {
    jig::Harness<Arp> arp;
    arp.tempo(120);
    arp.now().note_on(60).note_on(64);
    arp.at(500).note_off(60);
    arp.at(1000).note_off(64);
    (void)arp.render(24000);
    EXPECT_EQ(sent(arp), (Sent{"0: on 60", "1000: off 60"}));
}

TEST(Arp, ends_the_note_after_all_notes_off_and_after_a_reset) {
    jig::Harness<Arp> arp;
    arp.tempo(120);
    arp.now().note_on(60);
    arp.at(700).midi(0xB0, 123);
    (void)arp.render(6000);
    EXPECT_EQ(sent(arp), (Sent{"0: on 60", "700: off 60"}));
    arp.now().note_on(62);
    (void)arp.render(100);
    arp.reset();
    (void)arp.render(24000);
    EXPECT_EQ(sent(arp), (Sent{"0: on 60", "700: off 60", "6000: on 62", "6100: off 62"}));
}

TEST(Arp, ends_the_note_when_the_transport_stops_and_then_keeps_its_own_time) {
    jig::Harness<Arp> arp;
    arp.tempo(120);
    arp.now().note_on(60);
    (void)arp.render(1000);
    arp.playing(false);
    (void)arp.render(7000);
    EXPECT_EQ(sent(arp),
              (Sent{"0: on 60", "1000: off 60", "1000: on 60", "4000: off 60", "7000: on 60"}));
}

TEST(Arp, begins_with_the_first_key_while_the_transport_stands_or_there_is_none) {
    for (const double bpm : {0.0, 60.0}) { // without a tempo it is 120
        jig::Harness<Arp> arp;
        arp.tempo(bpm).playing(false);
        arp.at(777).note_on(60);
        (void)arp.render(13000);
        const std::uint64_t step = bpm > 0 ? 12000 : 6000;
        ASSERT_GE(arp.sent().size(), 3u);
        EXPECT_EQ(arp.sent()[0].frame, 777u);
        EXPECT_EQ(arp.sent()[2].frame, 777 + step);
    }
}

TEST(Arp, plays_no_step_twice_and_none_too_few_while_the_tempo_changes) {
    jig::Harness<Arp> arp;
    arp.tempo(100).set("rate", 5).blocks({17});
    arp.now().note_on(60);
    double beat = 0;
    for (int i = 0; i < 3000; ++i) {
        const double bpm = 100 + 60 * std::sin(i * 0.1);
        arp.tempo(bpm);
        (void)arp.render(17);
        beat += 17 / 48000.0 * bpm / 60;
    }
    EXPECT_EQ(keys(arp).size(), static_cast<std::size_t>(std::ceil(beat * 8)));
}

TEST(Arp, sends_the_same_whatever_the_blocks_and_an_off_for_every_on) {
    const auto play = [](std::vector<std::uint32_t> blocks) {
        jig::Harness<Arp> arp;
        arp.blocks(std::move(blocks)).tempo(171.3).set("octaves", 3).set("gate", 100);
        arp.at(0).note_on(60).note_on(63);
        arp.at(20011).note_on(72).set("pattern", 2);
        arp.at(40000).note_off(63).set("rate", 4).set("gate", 33);
        arp.at(90000).note_off(60).note_off(72);
        (void)arp.render(100000);
        return sent(arp);
    };
    const auto reference = play({512});
    EXPECT_EQ(play({1}), reference);
    EXPECT_EQ(play({63}), reference);
    EXPECT_EQ(play({7, 64, 1, 500}), reference);

    EXPECT_GT(reference.size(), 40u);
    for (std::size_t i = 0; i < reference.size(); i += 2) {
        const auto on = reference[i].find(": on ");
        ASSERT_NE(on, std::string::npos) << reference[i];
        const auto off = ": off " + reference[i].substr(on + 5);
        EXPECT_NE(reference.at(i + 1).find(off), std::string::npos) << reference[i + 1];
    }
}

TEST(Arp, stays_within_the_keys_that_there_are) {
    jig::Harness<Arp> arp;
    arp.tempo(120).set("octaves", 4);
    arp.now().note_on(120);
    (void)arp.render(4 * 6000);
    EXPECT_EQ(keys(arp), (Played{120, 127, 127, 127}));
}

TEST(Arp, is_silent_without_keys_and_lets_sound_pass) {
    jig::Harness<Arp> arp;
    arp.tempo(120);
    const auto y = arp.render(jig::noise(), 10000);
    EXPECT_EQ(sent(arp), Sent{});
    EXPECT_EQ(y[1][9999], jig::noise()(9999, 48000));
}

TEST(Arp, says_that_it_takes_events_and_sends_some) {
    const jig::PluginFile file(JIG_PLUGIN_FILE);
    const auto wanted = JIG_PLUGIN_EVENTS_IN | JIG_PLUGIN_EVENTS_OUT;
    EXPECT_EQ(file.plugin().flags & wanted, wanted);
}

TEST(Arp, is_a_good_plugin) {
    EXPECT_EQ(jig::checks::all<Arp>(), "");
}

} // namespace
