#include "duplex_rig.hpp"

namespace {

using jig::test::DuplexRig;
using namespace jig::audio::alsa;

TEST(Negotiate, takes_the_best_format_that_the_card_has) {
    DuplexRig rig;
    rig.in.formats = {SND_PCM_FORMAT_S16_LE, SND_PCM_FORMAT_S24_3LE, SND_PCM_FORMAT_S32_LE};
    rig.out.formats = {SND_PCM_FORMAT_S16_BE, SND_PCM_FORMAT_S24_LE};
    ASSERT_TRUE(rig.play()) << rig.refused;
    EXPECT_EQ(rig.in.format->format, SND_PCM_FORMAT_S32_LE);
    EXPECT_EQ(rig.out.format->format, SND_PCM_FORMAT_S24_LE);
}

TEST(Negotiate, a_longer_ring_than_asked_for_is_no_reason_to_refuse) {
    DuplexRig rig;
    rig.out.least_periods = 5;
    ASSERT_TRUE(rig.play()) << rig.refused;
    EXPECT_EQ(rig.out.buffer, 5U * 64);
    rig.run(100);
    EXPECT_EQ(rig.round_trip(), 128);
}

TEST(Negotiate, wakes_playback_when_a_period_beyond_the_prefill_is_free) {
    DuplexRig rig;
    rig.wanted.periods = 4;
    ASSERT_TRUE(rig.play()) << rig.refused;
    EXPECT_EQ(rig.out.avail_min, 3U * 64);
    EXPECT_EQ(rig.in.avail_min, 64U);
    EXPECT_EQ(rig.out.stop_threshold, 4U * 64);
}

struct Refused {
    const char* what;
    void (*make)(DuplexRig&);
    const char* sentence;
};

class Refusal : public testing::TestWithParam<Refused> {};

TEST_P(Refusal, names_the_value_and_the_remedy) {
    DuplexRig rig;
    GetParam().make(rig);
    EXPECT_FALSE(rig.play());
    EXPECT_EQ(rig.refused, GetParam().sentence);
    EXPECT_FALSE(rig.in.is_open);
    EXPECT_FALSE(rig.out.is_open);
}

INSTANTIATE_TEST_SUITE_P(
    Negotiate, Refusal,
    testing::Values(
        Refused{"rate", [](DuplexRig& rig) { rig.wanted.rate_hz = 22050; },
                "hw:Fake,0 does not run at 22050 Hz for capture; choose a rate from 44100 to 96000 "
                "Hz with --rate."},
        Refused{"period", [](DuplexRig& rig) { rig.wanted.period_frames = 8; },
                "hw:Fake,0 has no period of 8 frames for capture; choose one from 16 to 8192 "
                "frames with --period."},
        Refused{"periods", [](DuplexRig& rig) { rig.wanted.periods = 40; },
                "hw:Fake,0 has no ring of 40 periods or more for capture; choose a number from 2 "
                "to 32 with --periods."},
        Refused{"format", [](DuplexRig& rig) { rig.out.formats = {SND_PCM_FORMAT_MU_LAW}; },
                "hw:Fake,0 speaks none of FLOAT, S32, S24_3, S24 and S16 for playback; use another "
                "device."},
        Refused{"access", [](DuplexRig& rig) { rig.in.accesses = {SND_PCM_ACCESS_MMAP_COMPLEX}; },
                "hw:Fake,0 takes neither mapped nor interleaved access for capture; use its hw: "
                "device."},
        Refused{"install", [](DuplexRig& rig) { rig.in.faults["hw_install"] = {-EINVAL}; },
                "hw:Fake,0 did not take its own parameters for capture; Invalid argument."},
        Refused{"busy", [](DuplexRig& rig) { rig.out.open_fault = -EBUSY; },
                "hw:Fake,0 is in use by another program; close it, or choose another device."},
        Refused{"permission", [](DuplexRig& rig) { rig.out.open_fault = -EACCES; },
                "hw:Fake,0 may not be opened by this user; add it to the group audio and log in "
                "again."},
        Refused{"absent", [](DuplexRig& rig) { rig.in.open_fault = rig.out.open_fault = -ENODEV; },
                "There is no capture device hw:Fake,0; `dev-server devices` lists those that are "
                "there."}),
    [](const auto& one) { return one.param.what; });

} // namespace
