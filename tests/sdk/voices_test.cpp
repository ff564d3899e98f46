#include <jig/harness.hpp>
#include <jig/jig.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace {

/// Sounds as a constant that tells its key, for `tail` frames after its stop.
struct Tone : jig::Voice {
    int tail = 0;
    int left = 0;
    int cut_off = 0;

    void start(jig::Note) {
        cut_off += sounding() ? 1 : 0;
        left = tail;
    }
    void stop() {}
    bool render(jig::Block b) {
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            if (!held() && left-- <= 0) {
                return false;
            }
            b.out(0, i) += static_cast<float>(note().key) + note().detune_semitones;
        }
        return true;
    }
};

struct Organ : jig::Instrument {
    static constexpr auto id = "test.organ", name = "Organ";
    jig::Voices<3, Tone> voices{this};

    void process(Block b) {
        for (std::uint32_t c = 0; c < b.channels(); ++c) {
            std::fill_n(b.output(c).begin(), b.frames(), 0.0f);
        }
        voices.render(b);
    }
};

using Bench = jig::Harness<Organ>;

std::vector<int> keys(Bench& bench) {
    std::vector<int> playing;
    for (auto& voice : bench.plugin().voices) {
        if (voice.sounding()) {
            playing.push_back(voice.note().key);
        }
    }
    return playing;
}

TEST(Voices, begin_and_end_on_their_frames) {
    Bench organ;
    organ.at(10).note_on(60);
    organ.at(70).note_off(60);
    const auto output = organ.render(200);
    EXPECT_EQ(output[0][9], 0.0f);
    EXPECT_EQ(output[0][10], 60.0f);
    EXPECT_EQ(output[0][69], 60.0f);
    EXPECT_EQ(output[0][70], 0.0f);
}

TEST(Voices, make_the_plugin_one_that_takes_events) {
    EXPECT_TRUE(Bench().table().flags & JIG_PLUGIN_EVENTS_IN);
}

TEST(Voices, free_ones_are_taken_first) {
    Bench organ;
    organ.now().note_on(60);
    (void)organ.render(10);
    organ.now().note_off(60);
    (void)organ.render(10);
    organ.now().note_on(61).note_on(62).note_on(63);
    (void)organ.render(10);
    EXPECT_EQ(keys(organ), (std::vector{61, 62, 63}));
    for (auto& voice : organ.plugin().voices) {
        EXPECT_EQ(voice.cut_off, 0);
    }
}

TEST(Voices, the_oldest_that_was_stopped_is_given_up_before_any_that_is_held) {
    Bench organ;
    for (auto& voice : organ.plugin().voices) {
        voice.tail = 1000;
    }
    organ.now().note_on(60).note_on(61).note_on(62);
    (void)organ.render(10);
    organ.now().note_off(62).note_off(61);
    organ.now().note_on(70);
    (void)organ.render(10);
    EXPECT_EQ(keys(organ), (std::vector{60, 70, 62})) << "61 began before 62";
    EXPECT_EQ(organ.plugin().voices.begin()[1].cut_off, 1);
}

TEST(Voices, when_all_are_held_the_oldest_goes) {
    Bench organ;
    organ.now().note_on(60).note_on(61).note_on(62).note_on(63);
    (void)organ.render(10);
    EXPECT_EQ(keys(organ), (std::vector{63, 61, 62}));
}

TEST(Voices, a_pedal_holds_the_notes_of_its_channel) {
    Bench organ;
    organ.now().midi(0xB0, 64, 127).note_on(60, 1, 0).note_on(61, 1, 1);
    (void)organ.render(10);
    organ.now().note_off(60, 0).note_off(61, 1);
    (void)organ.render(10);
    EXPECT_EQ(keys(organ), (std::vector{60}));
    EXPECT_TRUE(organ.plugin().voices.begin()->held());
    organ.now().midi(0xB0, 64, 0);
    (void)organ.render(10);
    EXPECT_EQ(keys(organ), (std::vector<int>{}));
}

TEST(Voices, a_note_that_only_the_pedal_holds_is_given_up_before_a_key) {
    Bench organ;
    organ.now().midi(0xB0, 64, 127).note_on(60).note_on(61).note_on(62).note_off(61).note_on(63);
    (void)organ.render(10);
    EXPECT_EQ(keys(organ), (std::vector{60, 63, 62}));
}

TEST(Voices, the_controllers_that_end_all_notes_end_them) {
    for (const std::uint8_t controller : {120, 123}) {
        Bench organ;
        for (auto& voice : organ.plugin().voices) {
            voice.tail = controller == 120 ? 1000 : 0;
        }
        organ.now().note_on(60).note_on(61);
        (void)organ.render(10);
        organ.now().midi(0xB0, controller);
        (void)organ.render(10);
        EXPECT_EQ(organ.plugin().voices.sounding(), 0u) << "controller " << int{controller};
    }
}

TEST(Voices, a_choke_ends_at_once_what_a_stop_lets_ring) {
    Bench organ;
    for (auto& voice : organ.plugin().voices) {
        voice.tail = 1000;
    }
    organ.now().note_on(60).note_on(61);
    (void)organ.render(10);
    organ.now().note_off(60).note_choke(61);
    (void)organ.render(10);
    EXPECT_EQ(keys(organ), (std::vector{60}));
}

TEST(Voices, expression_reaches_the_note_it_means) {
    Bench organ;
    organ.now().note_on(60).note_on(61);
    jig_event bend{};
    bend.type = JIG_EVENT_NOTE_EXPRESSION;
    bend.u.note = {JIG_ANY, 0, 61, 0, 0.5f, 0};
    organ.at(5).add(bend);
    const auto output = organ.render(10);
    EXPECT_EQ(output[0][4], 121.0f);
    EXPECT_EQ(output[0][5], 121.5f);
}

TEST(Voices, are_taken_after_reset_in_the_order_of_a_new_one) {
    Bench organ;
    organ.now().note_on(60).note_on(61);
    (void)organ.render(10);
    organ.reset();
    organ.now().note_on(70).note_on(71);
    (void)organ.render(10);
    EXPECT_EQ(keys(organ), (std::vector{70, 71}));
}

TEST(Voices, reset_silences_them_and_lifts_the_pedals) {
    Bench organ;
    organ.now().midi(0xB0, 64, 127).note_on(60);
    (void)organ.render(10);
    organ.reset();
    EXPECT_EQ(organ.plugin().voices.sounding(), 0u);
    organ.now().note_on(60).note_off(60);
    EXPECT_EQ(organ.render(10).peak(), 0.0f);
}

} // namespace
