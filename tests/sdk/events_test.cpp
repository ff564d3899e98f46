#include <jig/harness.hpp>
#include <jig/jig.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using testing::ElementsAre;

/// Notes down what it is told, with the position at which it is told.
struct Listener : jig::Instrument {
    static constexpr auto id = "test.listener", name = "Listener";
    Param bang{this, "bang", "Bang", Trigger(), OnChange([this](float v) { hear("bang", v); })};
    Param value{this, "value", "Value", Linear(0, 10, 0),
                OnChange([this](float v) { hear("value", v); })};

    std::vector<std::string> heard;
    std::vector<std::uint32_t> parts;
    std::vector<std::uint64_t> part_positions;
    std::vector<std::string> pending;

    void hear(const char* what, float number) {
        pending.push_back(std::string(what) + " " + std::to_string(static_cast<int>(number)));
    }
    void note_on(Note n) { hear("on", static_cast<float>(n.key)); }
    void note_off(Note n) { hear("off", static_cast<float>(n.key)); }
    void note_choke(Note n) { hear("choke", static_cast<float>(n.key)); }
    void pitch_bend(int channel, float bend) {
        hear("bend", static_cast<float>(channel) * 1000 + bend * 100);
    }
    void pressure(int, float amount) { hear("pressure", amount * 127); }
    void control_change(int, int controller, float amount) {
        hear("cc", static_cast<float>(controller) * 1000 + amount * 127);
    }

    void process(Block b) {
        for (const auto& what : pending) {
            heard.push_back(std::to_string(b.position()) + ": " + what);
        }
        pending.clear();
        parts.push_back(b.frames());
        part_positions.push_back(b.position());
        for (std::uint32_t c = 0; c < b.channels(); ++c) {
            for (auto& sample : b.output(c)) {
                sample = static_cast<float>(b.position());
            }
        }
    }
};

TEST(Events, come_before_the_part_of_the_block_that_begins_on_their_frame) {
    jig::Harness<Listener> h;
    h.blocks({100}).start(1000);
    h.at(1000).note_on(60);
    h.at(1030).note_on(64).note_off(60);
    h.at(1099).trigger("bang");
    h.at(1150).note_choke(64);
    const auto y = h.render(200);
    EXPECT_THAT(h.plugin().heard, ElementsAre("1000: value 0", "1000: on 60", "1030: on 64",
                                              "1030: off 60", "1099: bang 1", "1150: choke 64"));
    EXPECT_THAT(h.plugin().parts, ElementsAre(30, 69, 1, 50, 50));
    EXPECT_EQ(y[0][29], 1000.0f);
    EXPECT_EQ(y[0][30], 1030.0f);
    EXPECT_EQ(y[0][99], 1099.0f);
}

TEST(Events, of_timed_parameters_cut_the_block_too) {
    jig::Harness<Listener> h;
    h.blocks({100}).params_as_events(true);
    h.at(40).set("value", 3);
    h.at(100).set("value", 4);
    (void)h.render(200);
    EXPECT_THAT(h.plugin().heard, ElementsAre("0: value 0", "40: value 3", "100: value 4"));
    EXPECT_THAT(h.plugin().parts, ElementsAre(40, 60, 100));
}

TEST(Events, of_midi_are_told_as_what_they_mean) {
    jig::Harness<Listener> h;
    h.now().midi(0xE3, 0x00, 0x00).midi(0xE3, 0x7F, 0x7F).midi(0xE0, 0x00, 0x40);
    h.now().midi(0xB0, 74, 127).midi(0xD0, 64);
    (void)h.render(10);
    EXPECT_THAT(h.plugin().heard, ElementsAre("0: value 0", "0: bend 2900", "0: bend 3100",
                                              "0: bend 0", "0: cc 74127", "0: pressure 64"));
}

TEST(Events, that_end_all_notes_are_told_as_notes) {
    jig::Harness<Listener> h;
    h.now().midi(0xB0, 123).midi(0xB0, 120);
    (void)h.render(10);
    EXPECT_THAT(h.plugin().heard, ElementsAre("0: value 0", "0: off -1", "0: choke -1"));
}

TEST(Events, of_unknown_kind_or_index_are_skipped) {
    jig::Harness<Listener> h;
    jig_event later{};
    later.type = 4711;
    jig_event nowhere{};
    nowhere.type = JIG_EVENT_TRIGGER;
    nowhere.u.param.index = 99;
    h.now().add(later).add(nowhere);
    (void)h.render(10);
    EXPECT_THAT(h.plugin().heard, ElementsAre("0: value 0"));
    EXPECT_EQ(h.status(), JIG_OK);
}

TEST(Events, beyond_the_block_still_happen_in_it) {
    jig::Harness<Listener> h;
    (void)h.render(10);
    float value = 0;
    float samples[2][16] = {};
    float* channels[] = {samples[0], samples[1]};
    jig_audio_out out{channels, 2, 0, 0};
    jig_event event{};
    event.frame = 500;
    event.type = JIG_EVENT_NOTE_ON;
    event.u.note.key = 72;
    const float params[] = {0, value};
    jig_block block{};
    block.struct_size = sizeof block;
    block.frames = 16;
    block.out = &out;
    block.out_count = 1;
    block.params = params;
    block.events = &event;
    block.event_count = 1;
    h.plugin().parts.clear();
    EXPECT_EQ(jig::detail::Slots<Listener>::process(h.raw(), &block), JIG_OK);
    EXPECT_THAT(h.plugin().parts, ElementsAre(15, 1));
    EXPECT_EQ(h.plugin().heard.back(), "15: on 72");
}

TEST(Note, is_meant_by_its_voice_else_by_channel_and_key) {
    const jig::Note first{60, 1, 0, 7, 0, 0};
    const jig::Note plain{60, 1, 0, JIG_ANY, 0, 0};
    EXPECT_TRUE((jig::Note{61, 0, 5, 7, 0, 0}.means(first)));
    EXPECT_FALSE((jig::Note{60, 0, 0, 8, 0, 0}.means(first)));
    EXPECT_TRUE((jig::Note{60, 0, 0, JIG_ANY, 0, 0}.means(first)));
    EXPECT_FALSE((jig::Note{60, 0, 1, JIG_ANY, 0, 0}.means(plain)));
    EXPECT_TRUE((jig::Note{JIG_ANY, 0, JIG_ANY, JIG_ANY, 0, 0}.means(plain)));
    EXPECT_FLOAT_EQ((jig::Note{69, 1, 0, 0, 0, 0}.hz()), 440.0f);
    EXPECT_FLOAT_EQ((jig::Note{57, 1, 0, 0, 12, 0}.hz()), 440.0f);
}

/// Answers each note with one an octave higher, where it came and three frames later.
struct Echoer : jig::Effect {
    static constexpr auto id = "test.echoer", name = "Echoer";
    EventOut out{this};
    Note note{};
    bool fresh = false;

    void note_on(Note n) {
        note = n;
        fresh = true;
    }
    void process(Block b) {
        if (fresh) {
            note.key += 12;
            out.note_on(b, 0, note);
            out.note_off(b, 3, note);
            fresh = false;
        }
        for (std::uint32_t c = 0; c < b.channels(); ++c) {
            std::copy(b.input(c).begin(), b.input(c).end(), b.output(c).begin());
        }
    }
};

TEST(EventOut, sends_events_at_their_frame_of_the_time_line) {
    jig::Harness<Echoer> h;
    h.blocks({100}).start(1000);
    h.at(1130).note_on(60, 0.5, 3);
    (void)h.render(200);
    ASSERT_EQ(h.sent().size(), 2u);
    EXPECT_EQ(h.host().emitted()[0].frame, 30u) << "in the host's block, not in a part of it";
    EXPECT_EQ(h.sent()[0].frame, 1130u);
    EXPECT_EQ(h.sent()[1].frame, 1133u);
    EXPECT_EQ(h.sent()[0].event.type, JIG_EVENT_NOTE_ON);
    EXPECT_EQ(h.sent()[1].event.type, JIG_EVENT_NOTE_OFF);
    const auto& note = h.sent()[0].event.u.note;
    EXPECT_EQ(note.key, 72);
    EXPECT_EQ(note.channel, 3);
    EXPECT_EQ(note.velocity, 0.5f);
}

TEST(EventOut, tells_the_host_of_itself) {
    const auto flags_of = [](const jig_plugin& plugin) { return plugin.flags; };
    EXPECT_NE(flags_of(jig::detail::Description<Echoer>::get()) & JIG_PLUGIN_EVENTS_OUT, 0u);
    EXPECT_EQ(flags_of(jig::detail::Description<Listener>::get()) & JIG_PLUGIN_EVENTS_OUT, 0u);
}

} // namespace
