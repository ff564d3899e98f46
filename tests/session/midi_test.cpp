#include "session/midi.hpp"

#include <gtest/gtest.h>

namespace jig::session {
namespace {

link::RingEvent event_of(wire::MidiEvent event) {
    const auto events = ring_events({{std::move(event)}});
    EXPECT_EQ(events.size(), 1u);
    return events.front();
}

TEST(Midi, a_note_on_has_key_channel_and_velocity) {
    const auto made = event_of({wire::MidiNoteOn{60, 0.5F}, 3, 4800});
    EXPECT_EQ(made.frame, 4800u);
    EXPECT_EQ(made.event.type, JIG_EVENT_NOTE_ON);
    EXPECT_EQ(made.event.u.note.key, 60);
    EXPECT_EQ(made.event.u.note.channel, 3);
    EXPECT_EQ(made.event.u.note.velocity, 0.5F);
    EXPECT_EQ(made.event.u.note.voice, JIG_ANY);
    EXPECT_EQ(made.event.u.note.expression, 1.0F);
}

TEST(Midi, without_a_frame_it_is_for_the_next_block) {
    const auto made = event_of({wire::MidiNoteOff{127, 0.25F}, 15, std::nullopt});
    EXPECT_EQ(made.frame, 0u);
    EXPECT_EQ(made.event.type, JIG_EVENT_NOTE_OFF);
    EXPECT_EQ(made.event.u.note.key, 127);
}

TEST(Midi, all_off_means_every_key_of_every_channel) {
    const auto made = event_of({wire::MidiAllOff{}, 5, std::nullopt});
    EXPECT_EQ(made.event.type, JIG_EVENT_NOTE_OFF);
    EXPECT_EQ(made.event.u.note.key, JIG_ANY);
    EXPECT_EQ(made.event.u.note.channel, JIG_ANY);
}

TEST(Midi, a_controller_is_three_bytes) {
    const auto made = event_of({wire::MidiController{74, 127}, 9, std::nullopt});
    EXPECT_EQ(made.event.type, JIG_EVENT_MIDI);
    EXPECT_EQ(made.event.u.midi[0], 0xb9);
    EXPECT_EQ(made.event.u.midi[1], 74);
    EXPECT_EQ(made.event.u.midi[2], 127);
}

TEST(Midi, a_bend_has_fourteen_bits_around_its_middle) {
    const auto bend = [](float value) {
        const auto made = event_of({wire::MidiBend{value}, 0, std::nullopt});
        EXPECT_EQ(made.event.u.midi[0], 0xe0);
        return made.event.u.midi[1] | made.event.u.midi[2] << 7;
    };
    EXPECT_EQ(bend(-1), 0);
    EXPECT_EQ(bend(0), 8192);
    EXPECT_EQ(bend(0.5F), 8192 + 4096);
    EXPECT_EQ(bend(1), 16383);
}

TEST(Midi, events_keep_their_order) {
    const auto events = ring_events({{{wire::MidiNoteOn{60, 1}, 0, std::nullopt},
                                      {wire::MidiNoteOff{60, 0}, 0, std::nullopt},
                                      {wire::MidiNoteOn{62, 1}, 0, std::nullopt}}});
    ASSERT_EQ(events.size(), 3u);
    EXPECT_EQ(events[1].event.type, JIG_EVENT_NOTE_OFF);
    EXPECT_EQ(events[2].event.u.note.key, 62);
}

} // namespace
} // namespace jig::session
