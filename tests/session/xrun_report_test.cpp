#include "session/xrun_report.hpp"

#include <gtest/gtest.h>

namespace jig::session {
namespace {

using analysis::Xrun;
using analysis::XrunCause;
using namespace std::chrono_literals;

constexpr XrunReport::Clock::time_point kStart{1h};

Xrun lost(XrunCause cause, std::int64_t frames, std::uint64_t at = 100) {
    Xrun xrun;
    xrun.frame = at;
    xrun.lost_frames = frames;
    xrun.lost_ms = frames > 0 ? static_cast<double>(frames) / 48 : 0;
    xrun.cause = cause;
    return xrun;
}

std::string said(const Xrun& xrun) {
    XrunReport report;
    report.add({xrun});
    const auto entries = report.take(1, kStart);
    EXPECT_EQ(entries.size(), 1u);
    return entries.at(0).text;
}

TEST(XrunReport, says_how_much_was_lost_and_why) {
    auto plugin = lost(XrunCause::plugin, 1440);
    plugin.busy_ms = 35;
    plugin.cpu_ms = 34;
    EXPECT_EQ(said(plugin),
              "xrun: 1440 frames (30 ms) lost; the plugin took 35 ms, 34 ms of them on the CPU");
    auto preempted = lost(XrunCause::scheduler, 240);
    preempted.busy_ms = 12;
    preempted.cpu_ms = 0.25;
    EXPECT_EQ(said(preempted),
              "xrun: 240 frames (5.00 ms) lost; the callback took 12 ms and had the CPU for "
              "0.25 ms: it was preempted, or waited for a lock, a file or memory");
    auto late = lost(XrunCause::scheduler, 480);
    late.busy_ms = 1;
    late.late_ms = 31;
    EXPECT_EQ(said(late), "xrun: 480 frames (10 ms) lost; the audio thread was woken 31 ms late");
    EXPECT_EQ(said(lost(XrunCause::driver, -1)),
              "xrun: some frames lost; the callback was in time, the device or another of its "
              "clients was not");
}

TEST(XrunReport, a_storm_is_told_four_times_a_second_and_counts_every_frame) {
    XrunReport report;
    report.add({lost(XrunCause::driver, 64, 1000)});
    EXPECT_EQ(report.take(1, kStart).size(), 1u);
    for (int i = 0; i < 10; ++i) {
        report.add({lost(XrunCause::driver, 64, 2000)});
        EXPECT_TRUE(report.take(2, kStart + 10ms * i).empty());
    }
    const auto entries = report.take(11, kStart + 250ms);
    ASSERT_EQ(entries.size(), 1u);
    EXPECT_EQ(entries[0].data.number, 10u);
    EXPECT_EQ(entries[0].data.frames, 640u);
    EXPECT_EQ(entries[0].data.frame, 2000u);
    EXPECT_EQ(entries[0].data.count, 11u);
    EXPECT_EQ(entries[0].text.find("10 xruns: 640 frames"), 0u);
    EXPECT_TRUE(report.take(11, kStart + 1h).empty()) << "there is no more";
}

TEST(XrunReport, tells_causes_apart_and_speaks_of_the_worst) {
    XrunReport report;
    auto small = lost(XrunCause::plugin, 64);
    small.busy_ms = 4;
    auto large = lost(XrunCause::plugin, 4800);
    large.busy_ms = 110;
    report.add({small, large, lost(XrunCause::driver, 64)});
    const auto entries = report.take(3, kStart);
    ASSERT_EQ(entries.size(), 2u);
    EXPECT_EQ(entries[0].data.cause, wire::XrunCause::plugin);
    EXPECT_EQ(entries[0].data.busy_ms, 110);
    EXPECT_EQ(entries[1].data.cause, wire::XrunCause::driver);
}

} // namespace
} // namespace jig::session
