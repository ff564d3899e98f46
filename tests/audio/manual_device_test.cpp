#include "audio/manual.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace jig::audio {
namespace {

using Signal = std::vector<std::vector<float>>;

/// Copies input i to output i, zeros to the rest, MIDI to MIDI, and keeps what it saw.
struct PassThrough {
    rt::Cycle last;
    int cycles = 0;

    static void run(void* self, const rt::Cycle& cycle) noexcept {
        auto& that = *static_cast<PassThrough*>(self);
        that.last = cycle;
        ++that.cycles;
        for (std::uint32_t i = 0; i < cycle.out_count; ++i) {
            if (i < cycle.in_count) {
                std::copy_n(cycle.in[i], cycle.frames, cycle.out[i]);
            } else {
                std::fill_n(cycle.out[i], cycle.frames, 0.0F);
            }
        }
        for (std::uint32_t i = 0; cycle.midi_out != nullptr && i < cycle.midi_count; ++i) {
            rt::MidiOut::Message& sent = cycle.midi_out->messages[cycle.midi_out->count++];
            sent = {cycle.midi[i].frame, cycle.midi[i].size, {}};
            std::copy_n(cycle.midi[i].bytes, cycle.midi[i].size, sent.bytes);
        }
    }
};

DeviceConfig stereo() {
    DeviceConfig config;
    config.in = {{"in_1"}, {"in_2"}};
    config.out = {{"out_1"}, {"out_2"}};
    config.midi_in = true;
    config.midi_out = true;
    return config;
}

class Manual : public testing::Test {
  protected:
    void start(const DeviceConfig& config = stereo()) {
        ASSERT_TRUE(device.open(config).ok());
        ASSERT_TRUE(device.start(PassThrough::run, &through).ok());
    }

    PassThrough through;
    ManualDevice device;
};

TEST_F(Manual, gives_back_what_the_callback_wrote_in_the_same_pump) {
    start();
    const Signal input{{1, 2, 3}, {4, 5, 6}};
    EXPECT_EQ(device.pump(input).out, input);
}

TEST_F(Manual, takes_a_pump_of_any_length) {
    start();
    for (const std::uint32_t frames : {1U, 17U, 8192U}) {
        EXPECT_EQ(device.pump(frames).out[0], std::vector<float>(frames));
        EXPECT_EQ(through.last.frames, frames);
    }
}

TEST_F(Manual, counts_frames_and_marks_the_first_cycle) {
    start();
    device.pump(100);
    EXPECT_EQ(through.last.device_frame_in, 0U);
    EXPECT_TRUE(through.last.flags & rt::kCycleFirst);
    device.pump(50);
    EXPECT_EQ(through.last.device_frame_in, 100U);
    EXPECT_EQ(through.last.cycle, 1U);
    EXPECT_EQ(through.last.flags, 0U);
    EXPECT_EQ(through.last.rate_hz, 48000);
    EXPECT_EQ(through.last.deadline_ns, 0);
}

TEST_F(Manual, brings_midi_in_and_out_on_its_frame) {
    start();
    const Pumped& pumped = device.pump(64, {}, {{5, {0x90, 60, 100}}, {63, {0x80, 60, 0}}});
    ASSERT_EQ(pumped.midi.size(), 2U);
    EXPECT_EQ(pumped.midi[0].frame, 5U);
    EXPECT_EQ(pumped.midi[0].bytes, (std::vector<std::uint8_t>{0x90, 60, 100}));
    EXPECT_EQ(pumped.midi[1].frame, 63U);
}

TEST_F(Manual, tells_of_lost_frames_once) {
    start();
    device.pump(10);
    device.lose_frames(300);
    device.pump(10);
    EXPECT_EQ(through.last.lost_frames, 300);
    EXPECT_EQ(through.last.device_frame_in, 310U);
    EXPECT_TRUE(through.last.flags & rt::kCycleDiscontinuity);
    EXPECT_EQ(through.last.xruns_in, 1U);
    const std::vector<DeviceEvent> events = device.poll_events();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].kind, DeviceEvent::Kind::xrun);
    device.pump(10);
    EXPECT_EQ(through.last.lost_frames, 0);
    EXPECT_FALSE(through.last.flags & rt::kCycleDiscontinuity);
    EXPECT_TRUE(device.poll_events().empty());
}

TEST_F(Manual, appends_new_ports_and_keeps_the_index_of_the_old) {
    start();
    DeviceConfig wanted = stereo();
    wanted.in = {{"sidechain_1", false}, {"in_2"}};
    wanted.out = {{"out_1"}, {"out_2"}, {"out_3"}};
    ASSERT_TRUE(device.add_ports(wanted).ok());
    const Pumped& pumped = device.pump(Signal{{1}, {2}, {3}});
    EXPECT_EQ(pumped.out, (Signal{{1}, {2}, {3}}));
    EXPECT_EQ(device.config().in[2].name, "sidechain_1");
    EXPECT_EQ(device.config().in.size(), 3U);
}

TEST_F(Manual, shows_with_nan_what_the_callback_did_not_write) {
    ASSERT_TRUE(device.open(stereo()).ok());
    ASSERT_TRUE(device.start([](void*, const rt::Cycle&) noexcept {}, nullptr).ok());
    EXPECT_TRUE(std::isnan(device.pump(1).out[0][0]));
}

TEST_F(Manual, bumps_the_epoch_at_each_start) {
    start();
    device.pump(1);
    const std::uint32_t epoch = through.last.epoch;
    device.stop();
    device.pump(1);
    EXPECT_EQ(through.cycles, 1) << "a stopped device calls nobody";
    ASSERT_TRUE(device.start(PassThrough::run, &through).ok());
    device.pump(1);
    EXPECT_EQ(through.last.epoch, epoch + 1);
    EXPECT_TRUE(through.last.flags & rt::kCycleFirst);
}

TEST_F(Manual, feeds_outputs_back_through_the_cable) {
    DeviceConfig config = stereo();
    config.cable_frames = 128;
    start(config);
    Signal impulse(2, std::vector<float>(128));
    impulse[1][7] = 1;
    device.pump(impulse);
    const Pumped& pumped = device.pump(128);
    EXPECT_EQ(pumped.out[1], impulse[1]);
    EXPECT_EQ(device.info().round_trip_frames, 128U);
    EXPECT_EQ(through.last.out_delay_frames, 128);
    EXPECT_TRUE(through.last.flags & rt::kCycleDelayExact);
}

TEST_F(Manual, refuses_what_no_device_can_do) {
    DeviceConfig config = stereo();
    config.out[1].name = "out_1";
    EXPECT_EQ(device.open(config).error(),
              "The device's output port \"out_1\" is named twice; give "
              "every channel its own name.");
    config = stereo();
    config.rate_hz = 0;
    EXPECT_EQ(device.open(config).error(),
              "The device cannot run at 0 Hz; choose a rate from 1000 to 768000 Hz.");
    config = stereo();
    config.period_frames = 9000;
    EXPECT_EQ(device.open(config).error(),
              "The device cannot run with a period of 9000 frames; choose 1 to 8192.");
    config = stereo();
    config.cable_frames = 12;
    EXPECT_FALSE(device.open(config).ok());
    config = stereo();
    config.in.assign(kMaxPorts + 1, {"x"});
    EXPECT_FALSE(device.open(config).ok());
    EXPECT_FALSE(device.start(PassThrough::run, &through).ok()) << "it was never opened";
}

} // namespace
} // namespace jig::audio
