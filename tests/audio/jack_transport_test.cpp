#include "audio/jack_transport.hpp"

#include <gtest/gtest.h>

namespace jig::audio {
namespace {

jack_position_t seven_eighths() {
    jack_position_t position{};
    position.valid = JackPositionBBT;
    position.frame_rate = 48000;
    position.frame = 96000;
    position.bar = 3;
    position.beat = 2;
    position.tick = 960;
    position.ticks_per_beat = 1920;
    position.beats_per_bar = 7;
    position.beat_type = 8;
    position.beats_per_minute = 240;
    return position;
}

TEST(JackTransport, counts_in_quarter_notes) {
    const rt::DeviceTransport transport = to_transport(JackTransportRolling, seven_eighths());
    EXPECT_TRUE(transport.playing);
    EXPECT_TRUE(transport.has_bbt);
    EXPECT_DOUBLE_EQ(transport.bpm, 120); // 240 eighths a minute
    EXPECT_DOUBLE_EQ(transport.beat, (2 * 7 + 1.5) / 2);
    EXPECT_DOUBLE_EQ(transport.seconds, 2);
    EXPECT_EQ(transport.signature_num, 7);
    EXPECT_EQ(transport.signature_den, 8);
}

TEST(JackTransport, takes_the_beat_at_the_cycle_not_at_the_offset_before_it) {
    jack_position_t position = seven_eighths();
    const double before = to_transport(JackTransportRolling, position).beat;
    position.valid = static_cast<jack_position_bits_t>(JackPositionBBT | JackBBTFrameOffset);
    position.bbt_offset = 24000; // half a second, one quarter note at 120
    EXPECT_DOUBLE_EQ(to_transport(JackTransportRolling, position).beat, before + 1);
}

TEST(JackTransport, believes_the_tick_of_the_bar_across_changes_of_signature) {
    jack_position_t position = seven_eighths();
    position.bar_start_tick = 20 * 1920;
    EXPECT_DOUBLE_EQ(to_transport(JackTransportRolling, position).beat, (20 + 1.5) / 2);
}

TEST(JackTransport, has_no_musical_time_without_a_timebase_master) {
    jack_position_t position = seven_eighths();
    position.valid = static_cast<jack_position_bits_t>(0);
    EXPECT_FALSE(to_transport(JackTransportStopped, position).has_bbt);
    position = seven_eighths();
    position.ticks_per_beat = 0;
    EXPECT_FALSE(to_transport(JackTransportStopped, position).has_bbt);
}

TEST(JackTransport, plays_only_while_it_rolls) {
    EXPECT_FALSE(to_transport(JackTransportStopped, seven_eighths()).playing);
    EXPECT_FALSE(to_transport(JackTransportStarting, seven_eighths()).playing);
}

} // namespace
} // namespace jig::audio
