// Input and output on two clocks: found out, refused, or brought together.
#include "audio/alsa/device.hpp"
#include "duplex_rig.hpp"

#include <cmath>

namespace {

using jig::test::DuplexRig;
using jig::test::FakeAlsa;
using Turn = DuplexRig::Turn;
using namespace jig;

constexpr std::int64_t kMs = 1'000'000;
constexpr std::uint64_t kSecond = 48'000;
constexpr std::size_t kCyclesASecond = 750;

float click_a_second(std::uint64_t frame, unsigned /*channel*/) {
    return frame % kSecond == kSecond / 2 ? 0.5F : 0.0F;
}

/// Where a click was heard among the frames that the speaker has played, with parts of a frame;
/// `from` is before it, and no other is near.
double centre_of_click(const std::vector<float>& played, std::size_t from) {
    double weight = 0;
    double moment = 0;
    for (std::size_t i = from; i < from + kSecond / 2 && i < played.size(); ++i) {
        weight += double{played[i]};
        moment += double{played[i]} * static_cast<double>(i);
    }
    return moment / weight;
}

/// From the microphone to the speaker, in frames of the output's clock, of the click nearest to
/// that many seconds after the start.
double latency_frames(const DuplexRig& rig, std::uint64_t seconds) {
    const double click = static_cast<double>(seconds * kSecond + kSecond / 2);
    const double at = click * (1 + rig.out.clock_ppm * 1e-6) / (1 + rig.in.clock_ppm * 1e-6);
    return centre_of_click(rig.out.speaker.at(0), static_cast<std::size_t>(at) - 1000) - at;
}

struct Resampled : DuplexRig {
    Resampled(double in_ppm, double out_ppm) {
        in.clock_ppm = in_ppm;
        out.clock_ppm = out_ppm;
        in.microphone = click_a_second;
        resample = true;
        wanted.periods = 4;
    }
};

TEST(TwoClocks, a_resampled_input_comes_out_when_it_is_said_to) {
    for (const double in_ppm : {-500.0, 37.0}) {
        Resampled rig(in_ppm, -20);
        ASSERT_TRUE(rig.play()) << rig.refused;
        EXPECT_EQ(rig.run(28 * kCyclesASecond), Turn::ran);
        EXPECT_EQ(rig.xruns(), 0U);
        const double promised = rig.duplex->pair().round_trip_frames();
        EXPECT_EQ(promised, 2 * 64 + 24 + 1 + 64 + 72);
        for (const std::uint64_t second : {12U, 18U, 26U}) {
            EXPECT_NEAR(latency_frames(rig, second), promised, 0.5) << in_ppm << " " << second;
        }
    }
}

TEST(TwoClocks, a_pointer_of_usb_that_moves_in_milliseconds_leaves_no_gap) {
    Resampled rig(500, 0);
    rig.in.step_frames = 48;
    ASSERT_TRUE(rig.play()) << rig.refused;
    EXPECT_EQ(rig.run(28 * kCyclesASecond), Turn::ran);
    EXPECT_EQ(rig.xruns(), 0U);
    EXPECT_NEAR(latency_frames(rig, 26), rig.duplex->pair().round_trip_frames(), 0.5);
}

TEST(TwoClocks, cycles_say_that_their_input_is_resampled_and_how_old_it_is) {
    Resampled rig(100, 0);
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(100);
    for (const auto& cycle : rig.cycles) {
        ASSERT_TRUE(cycle.flags & rt::kCycleResampled);
        ASSERT_FALSE(cycle.flags & rt::kCycleDelayExact);
        ASSERT_EQ(cycle.in_delay_frames, 64 + 161);
        ASSERT_EQ(cycle.out_delay_frames, 64);
        ASSERT_NEAR(static_cast<double>(cycle.due_ns - cycle.capture_ns), 225e9 / 48000, 2);
    }
}

TEST(TwoClocks, a_resampled_input_has_the_same_latency_after_an_xrun) {
    Resampled rig(200, 0);
    rig.on_cycle = [&](const rt::Cycle& cycle) {
        rig.alsa.pass(cycle.cycle == 10 * kCyclesASecond ? 300 * kMs : 0);
    };
    ASSERT_TRUE(rig.play()) << rig.refused;
    EXPECT_EQ(rig.run(11 * kCyclesASecond), Turn::ran);
    EXPECT_EQ(rig.xruns(), 1U);
    EXPECT_EQ(rig.out.starts, 2);
    // Both clocks count from the second start, and the microphone goes on where it was.
    const std::uint64_t heard_before = rig.in.total - rig.in.hw;
    const std::size_t played_before = rig.out.speaker[0].size() - rig.out.hw;
    rig.in.microphone = [&](std::uint64_t frame, unsigned channel) {
        return click_a_second(frame - heard_before, channel);
    };
    EXPECT_EQ(rig.run(14 * kCyclesASecond), Turn::ran);
    EXPECT_EQ(rig.xruns(), 0U);
    const double at = (12 * kSecond + kSecond / 2) / (1 + 200e-6);
    const double heard =
        centre_of_click(rig.out.speaker[0], played_before + static_cast<std::size_t>(at) - 1000);
    EXPECT_NEAR(heard - static_cast<double>(played_before) - at,
                rig.duplex->pair().round_trip_frames(), 0.5);
}

TEST(TwoClocks, a_closed_microphone_is_not_heard_over_the_bridge) {
    Resampled rig(100, 0);
    rig.in.microphone = [](std::uint64_t, unsigned) { return 0.5F; };
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(100);
    EXPECT_NEAR(rig.out.speaker[0].back(), 0.5, 1e-4);
    rig.planes.open_inputs(false);
    rig.run(5);
    EXPECT_EQ(rig.out.speaker[0].back(), 0);
}

TEST(TwoClocks, a_capture_card_that_goes_silent_is_given_up) {
    Resampled rig(100, 0);
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(100);
    rig.in.interrupts = false;
    rig.in.step_frames = 1U << 30; // its pointer stands
    rig.alsa.at(rig.alsa.now_ns() + 60'000 * kMs, [&] { rig.stop_soon(); });
    EXPECT_EQ(rig.run(100'000), Turn::lost);
}

TEST(TwoClocks, a_card_that_only_claims_one_clock_is_found_out) {
    DuplexRig rig;
    rig.wanted.periods = 32;
    rig.prefill = 16;
    rig.in.clock_ppm = 500;
    ASSERT_TRUE(rig.play()) << rig.refused;
    EXPECT_TRUE(rig.duplex->pair().linked);
    EXPECT_TRUE(rig.duplex->pair().clock_shared);
    rig.run(kCyclesASecond);
    EXPECT_TRUE(rig.cycles.back().flags & rt::kCycleClockShared);
    rig.run(30 * kCyclesASecond);
    EXPECT_FALSE(rig.cycles.back().flags & rt::kCycleClockShared);
    const auto events = rig.events();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].text.find("The sound card's input runs +500.0 ppm against its output: "),
              0U)
        << events[0].text;
}

TEST(TwoClocks, a_card_with_one_clock_is_never_accused) {
    DuplexRig rig;
    rig.in.clock_ppm = rig.out.clock_ppm = 37;
    rig.in.step_frames = 48; // its pointers move each in steps of their own
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(60 * kCyclesASecond);
    EXPECT_TRUE(rig.events().empty());
    EXPECT_NE(rig.duplex->clocks().verdict(), audio::ClockComparison::Verdict::apart);
}

/// A microphone and a speaker on cards of their own.
struct TwoCards {
    FakeAlsa alsa;
    test::FakePcm& in = alsa.add("hw:Mic,0", SND_PCM_STREAM_CAPTURE, 1);
    test::FakePcm& out = alsa.add("hw:PCH,0", SND_PCM_STREAM_PLAYBACK, 0);
    audio::alsa::AlsaDevice device{alsa};

    auto open(bool resample) {
        audio::DeviceConfig config;
        config.address = "hw:Mic+hw:PCH";
        config.in = {{"in_1"}, {"in_2"}};
        config.out = {{"out_1"}, {"out_2"}};
        config.resample_capture = resample;
        return device.open(config);
    }
};

TEST(TwoClocks, two_cards_are_refused_with_the_measured_ppm_and_the_remedy) {
    TwoCards cards;
    cards.in.clock_ppm = 40;
    cards.out.clock_ppm = 2.5;
    const auto info = cards.open(false);
    ASSERT_FALSE(info);
    EXPECT_EQ(info.error(),
              "hw:Mic,0 and hw:PCH,0 run on two clocks, the input +37.5 ppm against the output; "
              "use one card, or --resample-capture to bring the input onto the output's clock.");
    EXPECT_FALSE(cards.in.is_open);
    EXPECT_FALSE(cards.out.is_open);
    for (const float sample : cards.out.speaker.at(0)) {
        ASSERT_EQ(sample, 0) << "it was compared in silence";
    }
}

TEST(TwoClocks, two_cards_on_one_word_clock_are_one_device) {
    TwoCards cards;
    cards.in.clock_ppm = cards.out.clock_ppm = -12;
    const auto info = cards.open(false);
    ASSERT_TRUE(info) << info.error();
    EXPECT_EQ(info->detail, "FLOAT_LE, 2 channels, mapped, 2 periods, linked, one clock");
    EXPECT_EQ(info->resampler_frames, 0U);
    EXPECT_EQ(info->round_trip_frames, 256U);
}

TEST(TwoClocks, two_cards_that_cannot_be_compared_are_refused) {
    TwoCards cards;
    cards.in.interrupts = false;
    cards.in.step_frames = 1U << 30;
    const auto info = cards.open(false);
    ASSERT_FALSE(info);
    EXPECT_NE(info.error().find("did not run for long enough"), std::string::npos) << info.error();
}

TEST(TwoClocks, two_cards_are_taken_at_once_where_the_input_may_be_resampled) {
    TwoCards cards;
    cards.in.clock_ppm = 40;
    const auto before = cards.alsa.now_ns();
    const auto info = cards.open(true);
    ASSERT_TRUE(info) << info.error();
    EXPECT_EQ(cards.alsa.now_ns(), before);
    EXPECT_EQ(info->detail, "FLOAT_LE, 2 channels, mapped, 2 periods, linked, input resampled");
    EXPECT_EQ(info->resampler_frames, 24U + 1 + 128 + 72);
    EXPECT_EQ(info->round_trip_frames, 2U * 128 + info->resampler_frames);
    EXPECT_FALSE(info->round_trip_exact);
}

} // namespace
