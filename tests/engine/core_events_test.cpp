// Parameters and events: what is said when, on the frame.
#include "tests/engine/rig.hpp"
#include "tests/plugins/test_plugins.hpp"

#include <gtest/gtest.h>

namespace jig::tests {
namespace {

enum Channel { kValue, kFrames, kNotes, kEvents, kPosition, kBeat };

jig_event note_on(float velocity) {
    jig_event event{};
    event.type = JIG_EVENT_NOTE_ON;
    event.u.note.key = 60;
    event.u.note.velocity = velocity;
    return event;
}

class Events : public ::testing::Test {
  protected:
    void play(const std::string& plugin) {
        rig_.play_figures(test_plugin(plugin));
        rig_.warm_up();
    }
    std::uint64_t now() { return rig_.region().frame.load(); }

    Rig rig_;
};

TEST_F(Events, a_value_in_its_slot_is_heard_in_the_next_block) {
    play("recorder");
    rig_.set(0, 0.5F);
    EXPECT_EQ(rig_.pump(64)[kValue][0], 0.5F);
}

TEST_F(Events, a_batch_of_a_thousand_parameters_lands_in_one_block) {
    play("thousand_params");
    std::vector<std::pair<std::uint32_t, float>> values;
    for (std::uint32_t i = 0; i < 1000; ++i) {
        values.emplace_back(i, 0x1p-12F);
    }
    EXPECT_EQ(rig_.pump(16)[0][0], 0.0F);
    rig_.batch(values);
    const auto& out = rig_.pump(16);
    EXPECT_EQ(out[0][0], 1000 * 0x1p-12F);
    EXPECT_EQ(out[0][15], 1000 * 0x1p-12F);
}

TEST_F(Events, a_timed_change_waits_for_its_frame_however_long) {
    play("recorder");
    const auto at = now() + 5 * 64 + 32;
    rig_.set_at(at, 0, 0.5F);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(rig_.pump(64)[kValue][63], 0.0F);
    }
    const auto& out = rig_.pump(64);
    EXPECT_EQ(out[kValue][31], 0.0F);
    EXPECT_EQ(out[kValue][32], 0.5F);
}

TEST_F(Events, blocks_are_cut_at_timed_changes_on_a_grid_of_sixteen_frames) {
    play("recorder");
    while (now() % 16 != 0) {
        rig_.pump(1);
    }
    rig_.set_at(now() + 37, 0, 0.5F);
    const auto& out = rig_.pump(64);
    EXPECT_EQ(out[kFrames][0], 32.0F);
    EXPECT_EQ(out[kFrames][32], 32.0F);
    EXPECT_EQ(out[kValue][31], 0.0F);
    EXPECT_EQ(out[kValue][32], 0.5F);
}

TEST_F(Events, a_plugin_that_does_not_split_gets_the_change_as_an_event) {
    play("recorder_whole");
    rig_.set_at(now() + 37, 0, 0.5F);
    const auto out = rig_.pump(64);
    EXPECT_EQ(out[kFrames][0], 64.0F);
    EXPECT_EQ(out[kEvents][37], static_cast<float>(JIG_EVENT_PARAM));
    EXPECT_EQ(rig_.pump(64)[kValue][0], 0.5F) << "and in params from the next block on";
}

TEST_F(Events, an_older_timed_change_does_not_undo_a_newer_value) {
    play("recorder");
    rig_.set_at(now() + 64, 0, 0.25F);
    rig_.set(0, 0.5F);
    rig_.pump(64);
    EXPECT_EQ(rig_.pump(64)[kValue][63], 0.5F);
}

TEST_F(Events, a_timed_change_that_a_newer_value_has_overtaken_is_not_seen_within_its_block) {
    play("recorder_whole");
    rig_.set_at(now() + 37, 0, 0.25F);
    rig_.set(0, 0.5F);
    const auto out = rig_.pump(64);
    EXPECT_EQ(out[kEvents][37], 0.0F);
    EXPECT_EQ(out[kValue][0], 0.5F);
    rig_.set_at(now() + 32, 0, 0.75F); // the older one comes later in the block
    rig_.set_at(now() + 16, 0, 1.0F);
    const auto both = rig_.pump(64);
    EXPECT_EQ(both[kEvents][16], static_cast<float>(JIG_EVENT_PARAM));
    EXPECT_EQ(both[kEvents][32], 0.0F);
    EXPECT_EQ(rig_.pump(64)[kValue][0], 1.0F);
}

TEST_F(Events, a_note_from_the_device_sounds_on_its_frame) {
    play("recorder");
    const auto& out = rig_.pump(constant(2, 128, 0), {{77, {0x90, 60, 127}}});
    EXPECT_EQ(out[kNotes][77], 1.0F);
    EXPECT_EQ(out[kNotes][76], 0.0F);
}

TEST_F(Events, a_note_from_the_server_sounds_in_the_next_block_or_on_its_frame) {
    play("recorder");
    EXPECT_TRUE(rig_.send(0, note_on(0.5F)));
    EXPECT_EQ(rig_.pump(64)[kNotes][0], 0.5F);
    EXPECT_TRUE(rig_.send(now() + 100, note_on(0.25F)));
    rig_.pump(64);
    EXPECT_EQ(rig_.pump(64)[kNotes][36], 0.25F);
}

TEST_F(Events, events_of_one_frame_keep_their_order) {
    play("recorder");
    const auto at = now() + 10;
    EXPECT_TRUE(rig_.send(at, note_on(0.25F)));
    EXPECT_TRUE(rig_.send(at, note_on(0.5F)));
    EXPECT_EQ(rig_.pump(64)[kNotes][10], 0.5F) << "the later one is written last";
}

TEST_F(Events, a_late_event_is_heard_at_once_and_counted) {
    play("recorder");
    EXPECT_TRUE(rig_.send(1, note_on(0.5F)));
    EXPECT_EQ(rig_.pump(64)[kNotes][0], 0.5F);
    EXPECT_EQ(rig_.region().events_late.load(), 1u);
}

TEST_F(Events, a_trigger_reaches_the_plugin_as_an_event) {
    play("recorder");
    jig_event event{};
    event.type = JIG_EVENT_TRIGGER;
    event.u.param.value = 1;
    EXPECT_TRUE(rig_.send(now() + 5, event, 1));
    EXPECT_EQ(rig_.pump(64)[kEvents][5], static_cast<float>(JIG_EVENT_TRIGGER));
}

TEST_F(Events, a_full_ring_refuses_and_changes_nothing) {
    play("recorder");
    std::uint32_t taken = 0;
    while (rig_.send(0, note_on(1)) && taken <= link::kEventRingSize) {
        ++taken;
    }
    EXPECT_EQ(taken, link::kEventRingSize);
}

TEST_F(Events, the_journal_says_what_happened_at_which_frame) {
    play("recorder");
    link::RingReader<link::JournalEntry, link::kJournalSize> journal(rig_.region().journal);
    rig_.set(0, 0.5F);
    const auto frame = now();
    rig_.pump(64);
    std::vector<link::JournalEntry> entries(8);
    std::uint64_t lost = 0;
    ASSERT_EQ(journal.read(entries, lost), 1u);
    EXPECT_EQ(entries[0].kind, link::JournalEntry::param);
    EXPECT_EQ(entries[0].frame, frame);
    EXPECT_EQ(entries[0].value, 0.5F);
}

TEST_F(Events, tempo_and_position_run_with_the_frames) {
    play("recorder");
    rig_.server().bpm.store(120);
    rig_.server().playing.store(1);
    rig_.pump(4800);
    rig_.pump(4800);
    EXPECT_NEAR(rig_.region().transport_beat.load(), 0.2, 1e-9) << "0.1 s at two beats a second";
    EXPECT_EQ(rig_.region().transport_playing.load(), 1u);
}

TEST_F(Events, a_block_that_was_cut_has_the_time_of_its_own_first_frame) {
    play("recorder");
    rig_.server().bpm.store(60);
    rig_.server().playing.store(1);
    rig_.pump(96);
    rig_.set_at(now() + 48, 0, 0.5F);
    const auto& out = rig_.pump(96);
    EXPECT_FLOAT_EQ(out[kBeat][47], 96 / 48000.0F);
    EXPECT_FLOAT_EQ(out[kBeat][48], (96 + 48) / 48000.0F);
    rig_.server().playing.store(0);
    rig_.set_at(now() + 48, 0, 0.25F);
    const auto& held = rig_.pump(96);
    EXPECT_EQ(held[kBeat][95], held[kBeat][0]) << "it stands still";
}

} // namespace
} // namespace jig::tests
