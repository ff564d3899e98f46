// Every fault of a card, under the name that it has.
#include "duplex_rig.hpp"

#include <cerrno>
#include <cmath>
#include <gmock/gmock.h>

namespace {

using jig::test::DuplexRig;
using Turn = DuplexRig::Turn;
using namespace jig;

constexpr std::int64_t kMs = 1'000'000;

/// After a recovery the pair is what it was: the round trip is exact again for all that follows.
void expect_recovered(DuplexRig& rig) {
    const std::size_t from = rig.out.speaker.at(0).size();
    EXPECT_EQ(rig.run(50), Turn::ran);
    EXPECT_EQ(rig.in.hw, rig.out.hw);
    EXPECT_EQ(rig.out.appl - rig.in.appl, 2U * rig.wanted.period_frames);
    EXPECT_GT(rig.out.speaker[0].size(), from);
}

/// What was played is what was heard, in order, with gaps of silence; nothing twice, nothing else.
void expect_nothing_but_the_programme(const DuplexRig& rig) {
    float last = 0;
    for (const float sample : rig.out.speaker.at(0)) {
        ASSERT_TRUE(sample == 0 || sample > last) << sample << " after " << last;
        last = sample == 0 ? last : sample;
    }
}

TEST(Faults, empty_buffer_start_cannot_happen_for_the_prefill_comes_first) {
    DuplexRig rig;
    ASSERT_TRUE(rig.play()) << rig.refused;
    EXPECT_EQ(rig.out.starts, 1); // the card refuses one with an empty ring
    EXPECT_EQ(rig.out.appl, 128U);
}

TEST(Faults, a_refused_start_is_told_and_leaves_nothing_running) {
    DuplexRig rig;
    rig.out.faults["start"] = {-EIO};
    EXPECT_FALSE(rig.play());
    EXPECT_EQ(rig.refused, "The ALSA device hw:Fake,0 does not start: Input/output error; look "
                           "into the kernel's log (dmesg).");
    EXPECT_EQ(rig.in.state, SND_PCM_STATE_SETUP);
}

TEST(Faults, a_300_ms_stall_in_the_callback_is_one_xrun_of_its_size) {
    DuplexRig rig;
    rig.on_cycle = [&](const rt::Cycle& cycle) {
        rig.alsa.pass(cycle.cycle == 20 ? 300 * kMs : 0);
    };
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(40);
    EXPECT_EQ(rig.xruns(), 1U);
    const auto& after = rig.cycles[21];
    EXPECT_TRUE(after.flags & rt::kCycleDiscontinuity);
    EXPECT_TRUE(after.flags & rt::kCycleRestarted);
    EXPECT_EQ(after.xruns_in, 1U);
    EXPECT_EQ(after.xruns_out, 1U);
    EXPECT_NEAR(after.lost_frames, 300 * 48, 8);
    EXPECT_EQ(after.device_frame_in, 21U * 64 + static_cast<std::uint32_t>(after.lost_frames));
    EXPECT_EQ(after.epoch, rig.cycles[20].epoch + 1);
    EXPECT_EQ(rig.cycles[22].flags & (rt::kCycleDiscontinuity | rt::kCycleRestarted), 0U);
    expect_recovered(rig);
    expect_nothing_but_the_programme(rig);
}

/// How long after the first period that was missed the thread saw the loss.
std::int64_t late_ns(const rt::Cycle& after) {
    return after.wake_ns - after.due_ns;
}

TEST(Faults, a_thread_that_was_not_woken_for_300_ms_was_late_for_the_period_it_missed) {
    DuplexRig rig;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(20);
    rig.alsa.pass(300 * kMs);
    rig.run(2);
    EXPECT_NE(rig.cycles[20].lost_frames, 0);
    EXPECT_NEAR(static_cast<double>(late_ns(rig.cycles[20])), 300.0 * kMs, 2.0 * kMs);
    EXPECT_LT(late_ns(rig.cycles[21]), kMs) << "told once";
    expect_recovered(rig);
}

TEST(Faults, an_xrun_storm_backs_off_and_can_be_stopped) {
    DuplexRig rig;
    rig.on_cycle = [&](const rt::Cycle&) { rig.alsa.pass(10 * kMs); }; // each misses its deadline
    ASSERT_TRUE(rig.play()) << rig.refused;
    const auto begin = rig.alsa.now_ns();
    rig.alsa.at(begin + 20'000 * kMs, [&] { rig.stop_soon(); });
    EXPECT_EQ(rig.run(100'000), Turn::stopped);
    // Four at once, then after 100, 200, 400, 800, 1,000, 1,000 … ms.
    EXPECT_GE(rig.out.starts, 20);
    EXPECT_LE(rig.out.starts, 30);
}

TEST(Faults, after_a_storm_the_card_plays_on) {
    DuplexRig rig;
    rig.on_cycle = [&](const rt::Cycle& cycle) { rig.alsa.pass(cycle.cycle < 10 ? 10 * kMs : 0); };
    ASSERT_TRUE(rig.play()) << rig.refused;
    EXPECT_EQ(rig.run(100), Turn::ran);
    expect_recovered(rig);
    expect_nothing_but_the_programme(rig);
}

class LinkRefused : public testing::TestWithParam<int> {};

TEST_P(LinkRefused, both_directions_are_started_by_hand) {
    DuplexRig rig;
    rig.alsa.link_fault = GetParam();
    ASSERT_TRUE(rig.play()) << rig.refused;
    EXPECT_FALSE(rig.duplex->pair().linked);
    EXPECT_EQ(rig.run(100), Turn::ran);
    EXPECT_EQ(rig.round_trip(), 128);
    EXPECT_FALSE(rig.cycles.back().flags & rt::kCycleDelayExact); // counted from two starts
    EXPECT_NEAR(rig.cycles.back().out_delay_frames, 64, 1);
}

INSTANTIATE_TEST_SUITE_P(Faults, LinkRefused, testing::Values(-EINVAL, -ENOSYS, -EALREADY));

TEST(Faults, suspend_and_resume_where_the_card_can) {
    DuplexRig rig;
    rig.in.can_resume = rig.out.can_resume = true;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(10);
    rig.in.faults["resume"] = {-EAGAIN, -EAGAIN, -EAGAIN};
    rig.alsa.suspend(0);
    rig.alsa.pass(5'000 * kMs);
    expect_recovered(rig);
    EXPECT_TRUE(rig.cycles[10].flags & rt::kCycleRestarted);
    EXPECT_NEAR(rig.cycles[10].lost_frames, 5'060 * 48, 70);
    EXPECT_EQ(rig.xruns(), 0U); // nobody was late
    expect_nothing_but_the_programme(rig);
}

TEST(Faults, suspend_of_a_card_that_cannot_resume_starts_it_again) {
    DuplexRig rig;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(10);
    rig.alsa.suspend(0);
    expect_recovered(rig);
}

TEST(Faults, stale_avail_of_a_suspended_card_is_not_believed) {
    DuplexRig rig;
    rig.in.stale_avail = rig.out.stale_avail = true;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(10);
    rig.alsa.at(rig.alsa.now_ns() + 1'340'000, [&] { rig.alsa.suspend(0); });
    expect_recovered(rig);
    expect_nothing_but_the_programme(rig);
}

class Disconnect : public testing::TestWithParam<std::tuple<bool, bool>> {};

TEST_P(Disconnect, ends_the_loop_within_one_ring) {
    DuplexRig rig;
    rig.in.stale_avail = rig.out.stale_avail = std::get<0>(GetParam());
    rig.in.stale_state = rig.out.stale_state = std::get<1>(GetParam());
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(10);
    const auto pulled = rig.alsa.now_ns() + 700'000;
    rig.alsa.at(pulled, [&] { rig.alsa.unplug(0); });
    EXPECT_EQ(rig.run(1000), Turn::lost);
    EXPECT_LT(rig.alsa.now_ns() - pulled, 128 * 1'000'000'000LL / 48000);
    rig.duplex->stop();
    rig.duplex->close();
    EXPECT_FALSE(rig.in.is_open);
    EXPECT_FALSE(rig.out.is_open);
}

INSTANTIATE_TEST_SUITE_P(Faults, Disconnect, testing::Combine(testing::Bool(), testing::Bool()));

TEST(Faults, one_side_lost_is_the_pair_lost) {
    DuplexRig rig;
    auto& other = rig.alsa.add("hw:Other,0", SND_PCM_STREAM_CAPTURE, 1);
    other.identity.sync = rig.out.identity.sync;
    ASSERT_TRUE(rig.play("hw:Other,0+hw:Fake,0")) << rig.refused;
    rig.run(10);
    rig.alsa.unplug(1);
    EXPECT_EQ(rig.run(1000), Turn::lost);
    rig.duplex->stop();
    rig.duplex->close();
    EXPECT_FALSE(rig.out.is_open);
}

TEST(Faults, a_poll_that_never_fires_is_a_card_that_is_lost) {
    DuplexRig rig;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(10);
    rig.in.interrupts = false;
    // A card that says nothing more stands still as well.
    rig.in.clock_ppm = rig.out.clock_ppm = -999'999;
    const auto before = rig.alsa.now_ns();
    EXPECT_EQ(rig.run(1000), Turn::lost);
    EXPECT_LT(rig.alsa.now_ns() - before, 3'000 * kMs);
}

TEST(Faults, a_direction_that_stands_still_is_a_card_that_is_lost) {
    DuplexRig rig;
    rig.in.clock_ppm = -999'999; // its pointer does not move, and playback runs dry each time
    ASSERT_TRUE(rig.play()) << rig.refused;
    const auto before = rig.alsa.now_ns();
    EXPECT_EQ(rig.run(1), Turn::lost);
    EXPECT_LT(rig.alsa.now_ns() - before, 5'000 * kMs);
    EXPECT_TRUE(rig.cycles.empty());
    EXPECT_THAT(rig.events().back().text, testing::HasSubstr("alsa:none+hw:0"));
}

TEST(Faults, lost_interrupts_are_recovered_from) {
    DuplexRig rig;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(10);
    rig.in.interrupts = rig.out.interrupts = false;
    rig.alsa.at(rig.alsa.now_ns() + 10 * kMs,
                [&] { rig.in.interrupts = rig.out.interrupts = true; });
    expect_recovered(rig);
    EXPECT_EQ(rig.xruns(), 1U);
}

TEST(Faults, spurious_wakes_cost_nothing) {
    DuplexRig rig;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.on_cycle = [&](const rt::Cycle& cycle) {
        rig.in.spurious_wakes = rig.out.spurious_wakes = cycle.cycle % 3 == 0 ? 5 : 0;
    };
    EXPECT_EQ(rig.run(100), Turn::ran);
    EXPECT_EQ(rig.round_trip(), 128);
    EXPECT_EQ(rig.xruns(), 0U);
}

TEST(Faults, a_pointer_behind_its_interrupt_is_waited_for) {
    DuplexRig rig;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(10);
    rig.in.avail_min = 1; // wakes at every step, a period is not there yet
    rig.in.step_frames = rig.out.step_frames = 8;
    EXPECT_EQ(rig.run(100), Turn::ran);
    EXPECT_EQ(rig.xruns(), 0U);
}

TEST(Faults, a_mmap_begin_that_gives_less_is_asked_again) {
    DuplexRig rig;
    rig.in.begin_most = 7;
    rig.out.begin_most = 11;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(100);
    EXPECT_EQ(rig.round_trip(), 128);
}

class Short : public testing::TestWithParam<snd_pcm_access_t> {};

TEST_P(Short, commits_reads_and_writes_lose_nothing) {
    DuplexRig rig;
    rig.in.accesses = rig.out.accesses = {GetParam()};
    rig.in.commit_most = 5;
    rig.out.commit_most = 9;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(100);
    EXPECT_EQ(rig.round_trip(), 128);
}

INSTANTIATE_TEST_SUITE_P(Faults, Short,
                         testing::Values(SND_PCM_ACCESS_MMAP_NONINTERLEAVED,
                                         SND_PCM_ACCESS_MMAP_INTERLEAVED,
                                         SND_PCM_ACCESS_RW_INTERLEAVED));

class TryAgain : public testing::TestWithParam<int> {};

TEST_P(TryAgain, is_tried_again) {
    DuplexRig rig;
    rig.in.accesses = {SND_PCM_ACCESS_RW_INTERLEAVED};
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(10);
    rig.in.faults["read"] = {GetParam(), GetParam()};
    rig.out.faults["mmap_commit"] = {GetParam(), GetParam(), GetParam()};
    rig.alsa.interrupted_polls = 3;
    rig.run(50);
    EXPECT_EQ(rig.round_trip(), 128);
    EXPECT_EQ(rig.xruns(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Faults, TryAgain, testing::Values(-EAGAIN, -EINTR));

TEST(Faults, a_card_that_takes_nothing_is_started_again) {
    DuplexRig rig;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(10);
    rig.out.faults["mmap_commit"].assign(40, -EAGAIN);
    expect_recovered(rig);
    EXPECT_EQ(rig.xruns(), 1U);
}

class XrunAnywhere : public testing::TestWithParam<const char*> {};

TEST_P(XrunAnywhere, is_recovered_from) {
    for (auto side : {0, 1}) {
        DuplexRig rig;
        ASSERT_TRUE(rig.play()) << rig.refused;
        rig.run(10);
        (side == 0 ? rig.in : rig.out).faults[GetParam()] = {-EPIPE};
        expect_recovered(rig);
        EXPECT_EQ(rig.xruns(), 1U) << side;
        for (const auto& cycle : rig.cycles) {
            EXPECT_LT(late_ns(cycle), kMs) << "it was in time";
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Faults, XrunAnywhere,
                         testing::Values("avail_update", "mmap_begin", "mmap_commit"));

TEST(Faults, an_xrun_between_poll_and_start_is_recovered_from) {
    DuplexRig rig;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(10);
    rig.out.faults["avail_update"] = {-EPIPE};
    rig.out.faults["start"] = {-EPIPE, -EPIPE};
    expect_recovered(rig);
}

TEST(Faults, a_card_that_never_starts_again_is_lost) {
    DuplexRig rig;
    ASSERT_TRUE(rig.play()) << rig.refused;
    rig.run(10);
    rig.out.faults["avail_update"] = {-EPIPE};
    rig.out.faults["start"].assign(100, -EIO);
    EXPECT_EQ(rig.run(100), Turn::lost);
}

} // namespace
