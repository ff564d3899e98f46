// The loop on a card that works.
#include "duplex_rig.hpp"

#include <cstdlib>
#include <tuple>

namespace {

using jig::test::DuplexRig;
using namespace jig;

class RoundTrip : public testing::TestWithParam<std::tuple<unsigned, unsigned, unsigned>> {};

TEST_P(RoundTrip, is_exactly_the_prefill_whatever_the_ring) {
    DuplexRig rig;
    const auto [period, periods, prefill] = GetParam();
    rig.wanted.period_frames = period;
    rig.wanted.periods = periods;
    rig.prefill = prefill;
    ASSERT_TRUE(rig.play()) << rig.refused;
    EXPECT_EQ(rig.run(200), DuplexRig::Turn::ran);
    EXPECT_EQ(rig.round_trip(), static_cast<int>(prefill * period));
    EXPECT_EQ(rig.xruns(), 0U);
    EXPECT_EQ(rig.out.starts, 1);
    for (const auto& cycle : rig.cycles) {
        ASSERT_EQ(cycle.in_delay_frames + cycle.out_delay_frames,
                  static_cast<int>(prefill * period));
        ASSERT_TRUE(cycle.flags & rt::kCycleDelayExact);
    }
}

INSTANTIATE_TEST_SUITE_P(Duplex, RoundTrip,
                         testing::Combine(testing::Values(16U, 64U, 128U, 441U, 1024U),
                                          testing::Values(2U, 3U, 4U, 8U), testing::Values(2U)));
INSTANTIATE_TEST_SUITE_P(LongerPrefill, RoundTrip,
                         testing::Combine(testing::Values(64U, 256U), testing::Values(4U, 8U),
                                          testing::Values(3U, 4U)));

class Access : public testing::TestWithParam<snd_pcm_access_t> {};

TEST_P(Access, carries_every_frame) {
    DuplexRig rig;
    rig.in.accesses = rig.out.accesses = {GetParam()};
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(100);
    EXPECT_EQ(rig.out.access, GetParam());
    EXPECT_EQ(rig.round_trip(), 128);
}

INSTANTIATE_TEST_SUITE_P(Duplex, Access,
                         testing::Values(SND_PCM_ACCESS_MMAP_NONINTERLEAVED,
                                         SND_PCM_ACCESS_MMAP_INTERLEAVED,
                                         SND_PCM_ACCESS_RW_INTERLEAVED));

TEST(Duplex, directions_may_speak_different_formats) {
    DuplexRig rig;
    rig.in.formats = {SND_PCM_FORMAT_S24_3LE};
    rig.out.formats = {SND_PCM_FORMAT_FLOAT_BE};
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(100);
    EXPECT_EQ(rig.round_trip(), 128);
}

TEST(Duplex, a_pointer_that_moves_in_small_steps_changes_nothing) {
    DuplexRig rig;
    rig.in.step_frames = rig.out.step_frames = 16;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(100);
    EXPECT_EQ(rig.round_trip(), 128);
}

TEST(Duplex, is_told_its_place_in_the_devices_time) {
    DuplexRig rig;
    ASSERT_TRUE(rig.play()) << rig.refused;
    const auto begin_ns = rig.in.started_ns;
    rig.run(50);
    for (std::size_t i = 0; i < rig.cycles.size(); ++i) {
        const auto& cycle = rig.cycles[i];
        const auto at = [&](std::size_t periods) {
            return begin_ns +
                   static_cast<std::int64_t>(static_cast<double>(periods) * 64e9 / 48000);
        };
        EXPECT_EQ(cycle.cycle, i);
        EXPECT_EQ(cycle.device_frame_in, 64 * i);
        EXPECT_LT(std::abs(cycle.capture_ns - at(i)), 1000);
        EXPECT_LT(std::abs(cycle.due_ns - at(i + 1)), 1000);
        EXPECT_LT(std::abs(cycle.playback_ns - at(i + 2)), 1000);
        EXPECT_LT(std::abs(cycle.deadline_ns - at(i + 2)), 1000);
        EXPECT_GE(cycle.wake_ns, cycle.due_ns);
        EXPECT_EQ(cycle.lost_frames, 0);
    }
    EXPECT_TRUE(rig.cycles[0].flags & rt::kCycleFirst);
    EXPECT_FALSE(rig.cycles[1].flags & rt::kCycleFirst);
}

TEST(Duplex, measures_the_rate_that_the_card_really_has) {
    DuplexRig rig;
    rig.wanted.period_frames = 256;
    rig.in.clock_ppm = rig.out.clock_ppm = 137;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(20 * 188);
    EXPECT_EQ(rig.cycles[5].rate_measured_hz, 0) << "not known yet";
    EXPECT_NEAR(rig.cycles.back().rate_measured_hz, 48000 * (1 + 137e-6), 0.05);
}

TEST(Duplex, a_late_callback_is_caught_up_without_a_loss) {
    DuplexRig rig;
    rig.wanted.periods = 8;
    rig.prefill = 4;
    rig.on_cycle = [&](const rt::Cycle& cycle) {
        rig.alsa.pass(cycle.cycle == 10 ? 3'000'000 : 0); // two periods and a bit
    };
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(100);
    EXPECT_EQ(rig.round_trip(), 256);
    EXPECT_EQ(rig.xruns(), 0U);
    EXPECT_TRUE(rig.cycles[11].flags & rt::kCycleCatchup);
    EXPECT_FALSE(rig.cycles[13].flags & rt::kCycleCatchup);
}

TEST(Duplex, plays_without_a_capture_side) {
    DuplexRig rig;
    rig.wanted.periods = 4;
    rig.on_cycle = [](const rt::Cycle& cycle) {
        std::fill_n(cycle.out[0], 64, 0.25F);
        std::fill_n(cycle.out[1], 64, -0.25F);
    };
    ASSERT_TRUE(rig.play("none+hw:Fake,0")) << rig.refused;
    EXPECT_EQ(rig.run(100), DuplexRig::Turn::ran);
    const auto& played = rig.out.speaker.at(0);
    for (std::size_t i = 0; i < played.size(); ++i) {
        ASSERT_EQ(played[i], i < 128 ? 0.0F : 0.25F) << i;
    }
}

TEST(Duplex, captures_without_a_playback_side) {
    DuplexRig rig;
    std::vector<float> got;
    rig.on_cycle = [&](const rt::Cycle& cycle) {
        got.insert(got.end(), cycle.in[0], cycle.in[0] + cycle.frames);
    };
    ASSERT_TRUE(rig.play("hw:Fake,0+none")) << rig.refused;
    rig.run(100);
    for (std::size_t i = 0; i < got.size(); ++i) {
        ASSERT_EQ(got[i], DuplexRig::heard(i, 0));
    }
}

TEST(Duplex, a_card_with_one_direction_is_taken_as_it_is) {
    DuplexRig rig;
    rig.in.name = "hw:Other,0";
    ASSERT_TRUE(rig.play("hw:Fake,0")) << rig.refused;
    EXPECT_FALSE(rig.duplex->pair().capture);
    EXPECT_EQ(rig.run(10), DuplexRig::Turn::ran);
}

TEST(Duplex, eight_channels_are_eight_channels) {
    DuplexRig rig;
    rig.in.channels = rig.out.channels = {2, 8};
    rig.wanted.channels = 6;
    rig.in.microphone = [](std::uint64_t, unsigned channel) {
        return static_cast<float>(channel + 1) / 16;
    };
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(20);
    ASSERT_EQ(rig.out.speaker.size(), 8U);
    for (unsigned c = 0; c < 8; ++c) {
        EXPECT_EQ(rig.out.speaker[c].back(), c < 6 ? static_cast<float>(c + 1) / 16 : 0.0F);
    }
}

TEST(Duplex, a_single_output_is_heard_on_both_sides) {
    DuplexRig rig;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.planes.clear();
    rig.planes.grow(1, 1);
    rig.run(20);
    EXPECT_NE(rig.out.speaker[0].back(), 0);
    EXPECT_EQ(rig.out.speaker[0].back(), rig.out.speaker[1].back());
}

TEST(Duplex, a_microphone_is_silent_until_it_is_asked_for) {
    DuplexRig rig;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(20);
    rig.planes.open_inputs(false);
    rig.run(4);
    EXPECT_EQ(rig.out.speaker[0].back(), 0);
    rig.planes.open_inputs(true);
    rig.run(4);
    EXPECT_NE(rig.out.speaker[0].back(), 0);
}

TEST(Duplex, stopping_ends_the_wait_at_once) {
    DuplexRig rig;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(5);
    rig.in.interrupts = false;
    const auto before = rig.alsa.now_ns();
    rig.alsa.at(before + 500'000, [&] { rig.stop_soon(); });
    EXPECT_EQ(rig.run(5), DuplexRig::Turn::stopped);
    EXPECT_LT(rig.alsa.now_ns() - before, 1'000'000);
    rig.duplex->stop();
    EXPECT_EQ(rig.out.state, SND_PCM_STATE_SETUP);
}

} // namespace
