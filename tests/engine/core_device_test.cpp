// The device goes and comes back; the plugin stays.
#include "tests/engine/rig.hpp"
#include "tests/plugins/test_plugins.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace jig::tests {
namespace {

void lose(Rig& rig) {
    rig.device_may_open = false;
    rig.device().post({audio::DeviceEvent::Kind::lost, 0, {}});
    rig.core().tick();
}

TEST(Device, when_it_is_lost_the_plugin_runs_on_on_the_virtual_one) {
    Rig rig;
    rig.play(kGain);
    rig.warm_up();
    const auto frame = rig.region().frame.load();
    lose(rig);
    ASSERT_FALSE(rig.device_states.empty());
    EXPECT_TRUE(rig.device_states.back().lost);
    EXPECT_EQ(rig.devices_made.back(), "virtual");
    rig.pump(128);
    EXPECT_EQ(rig.region().frame.load(), frame + 128) << "the time line goes on";
}

TEST(Device, when_it_is_back_the_plugin_returns_to_it_by_itself) {
    Rig rig;
    rig.play(kGain);
    rig.warm_up();
    lose(rig);
    rig.device_may_open = true;
    rig.core().tick();
    EXPECT_TRUE(rig.device_states.back().lost) << "it does not ask all the time";
    rig.now += std::chrono::milliseconds(250);
    rig.core().tick();
    EXPECT_FALSE(rig.device_states.back().lost);
    EXPECT_EQ(rig.devices_made.back(), "jack");
    const auto& out = rig.pump(constant(2, 4800, 0.5F));
    EXPECT_EQ(out[0][4799], 0.5F);
}

TEST(Device, that_asks_for_it_is_opened_again_and_the_time_line_goes_on) {
    Rig rig;
    rig.play(kGain);
    rig.warm_up();
    const auto frame = rig.region().frame.load();
    rig.device().post({audio::DeviceEvent::Kind::reopen, 0, {}});
    rig.core().tick();
    EXPECT_EQ(rig.devices_made, (std::vector<std::string>{"jack", "jack"}));
    const auto out = rig.pump(constant(2, Rig::kStartFrames + 64, 0.5F));
    EXPECT_LT(out[0][0], 0.001F) << "it fades in";
    EXPECT_EQ(out[0].back(), 0.5F);
    EXPECT_EQ(rig.region().frame.load(), frame + out[0].size());
}

TEST(Device, denormal_input_is_silence_to_the_plugin) {
    Rig rig;
    rig.play(kGain);
    rig.warm_up();
    const auto out = rig.pump(constant(2, 256, 1e-40F));
    EXPECT_EQ(out[0][255], 0.0F);
    EXPECT_EQ(out[1][0], 0.0F);
}

TEST(Device, what_comes_after_its_restart_fades_in) {
    Rig rig;
    rig.play(kGain);
    rig.warm_up();
    ASSERT_EQ(rig.pump(constant(2, 64, 0.5F))[0][63], 0.5F);
    rig.device().restart(480);
    const auto out = rig.pump(constant(2, Rig::kStartFrames + 64, 0.5F));
    EXPECT_LT(out[0][0], 0.001F);
    for (std::size_t i = 1; i < out[0].size(); ++i) {
        ASSERT_LE(std::abs(out[0][i] - out[0][i - 1]), 0.001F) << "no step at frame " << i;
    }
    EXPECT_EQ(out[0].back(), 0.5F);
}

constexpr std::size_t kFlags = 6; ///< the recorder's channel
constexpr auto kGap = static_cast<float>(JIG_BLOCK_DISCONTINUITY);

TEST(Device, the_plugin_is_told_of_frames_that_were_lost) {
    Rig rig;
    rig.play_figures(test_plugin("recorder"));
    rig.warm_up();
    EXPECT_EQ(rig.pump(64)[kFlags][0], 0.0F);
    rig.device().lose_frames(300);
    EXPECT_EQ(rig.pump(64)[kFlags][0], kGap);
    EXPECT_EQ(rig.pump(64)[kFlags][0], 0.0F);
}

TEST(Device, the_plugin_is_told_of_a_gap_when_the_device_is_another) {
    Rig rig;
    rig.play_figures(test_plugin("recorder"));
    rig.warm_up();
    lose(rig);
    EXPECT_GT(rig.pump(64)[kFlags][63], 0.0F) << "the output fades in again";
    EXPECT_EQ(rig.pump(64)[kFlags][63], 0.0F);
}

TEST(Device, the_measured_round_trip_goes_by_the_devices_id) {
    Rig rig;
    rig.play(kGain);
    link::OpenDevice request;
    request.device = "jack"; // the rig makes a manual one
    request.calibrations = {{"manual, 48000 Hz, 64 frames", 9},
                            {"manual, 48000 Hz, 128 frames", 44}};
    const auto state = rig.core().open_device(request);
    ASSERT_TRUE(state.ok());
    EXPECT_TRUE(state->calibrated);
    EXPECT_EQ(state->calibration_frames, 44);
    EXPECT_EQ(state->round_trip_frames, 44U);
    rig.pump(64);
    const auto& cycles = rig.region().cycles;
    EXPECT_EQ(cycles.entries[cycles.written - 1].calibration_frames, 44);

    request.period_frames = 256;
    const auto other = rig.core().open_device(request);
    ASSERT_TRUE(other.ok());
    EXPECT_FALSE(other->calibrated);
    EXPECT_EQ(other->round_trip_frames, 0U);
}

TEST(Device, that_goes_as_soon_as_it_is_back_is_asked_for_less_and_less_often) {
    Rig rig;
    rig.play(kGain);
    for (const int wait_ms : {250, 500, 1000, 2000, 4000, 8000, 8000}) {
        lose(rig);
        rig.device_may_open = true;
        rig.now += std::chrono::milliseconds(wait_ms - 1);
        rig.core().tick();
        EXPECT_TRUE(rig.device_states.back().lost) << wait_ms;
        rig.now += std::chrono::milliseconds(1);
        rig.core().tick();
        EXPECT_FALSE(rig.device_states.back().lost) << wait_ms;
    }
}

TEST(Device, an_input_that_is_connected_or_not_is_told_to_it) {
    Rig rig;
    rig.play(kGain);
    rig.core().connect_inputs(true);
    EXPECT_TRUE(rig.device().inputs_connected());
    rig.core().connect_inputs(false);
    EXPECT_FALSE(rig.device().inputs_connected());
}

} // namespace
} // namespace jig::tests
