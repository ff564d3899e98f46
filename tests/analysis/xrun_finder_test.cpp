#include "analysis/xrun_finder.hpp"

#include <gtest/gtest.h>
#include <limits>
#include <vector>

namespace {

using jig::analysis::Xrun;
using jig::analysis::XrunCause;
using jig::analysis::XrunFinder;
using jig::link::CycleRecord;

constexpr double kRateHz = 48000;
constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kPeriod = 10 * kMs; // 480 frames

/// A thread on a device with a period of 10 ms, told cycle by cycle in milliseconds.
class Story {
  public:
    /// Woke `late_ms` after it was due (or free) and called back for `busy_ms`, `cpu_ms` of them
    /// on a CPU.
    Story& cycle(double late_ms, double busy_ms, double cpu_ms) {
        CycleRecord record{};
        record.frame = frame_;
        record.frames = 480;
        record.due_ns = due_;
        record.wake_ns = std::max(due_, free_) + ns(late_ms);
        record.begin_ns = record.wake_ns;
        record.end_ns = record.begin_ns + ns(busy_ms);
        record.deadline_ns = std::max(due_ + kPeriod, record.wake_ns + 1);
        record.cpu_ns = knows_cpu ? cpu_ : 0;
        record.lost_frames = lost_;
        record.xruns_in = lost_ != 0 ? 1 : 0;
        lost_ = 0;
        found = finder.next(record, kRateHz);
        due_ += kPeriod;
        free_ = record.end_ns;
        cpu_ += ns(cpu_ms);
        frame_ += 480;
        return *this;
    }
    Story& in_time(int cycles) {
        for (int i = 0; i < cycles; ++i) {
            cycle(0.05, 2, 2);
        }
        return *this;
    }
    /// Frames are lost before the next cycle.
    Story& loss(std::int32_t frames) {
        lost_ = frames;
        return *this;
    }
    /// The next cycle is due now, whatever was before: the device began anew.
    Story& restart() {
        due_ = free_ + kPeriod;
        return *this;
    }

    bool knows_cpu = true;
    XrunFinder finder;
    std::optional<Xrun> found;

  private:
    static std::int64_t ns(double ms) { return static_cast<std::int64_t>(ms * 1e6); }
    std::int64_t due_ = 100 * kMs;
    std::int64_t free_ = 0;
    std::int64_t cpu_ = 7 * kMs;
    std::uint64_t frame_ = 0;
    std::int32_t lost_ = 0;
};

TEST(XrunFinder, a_callback_that_computed_too_long_is_the_plugins_fault) {
    Story story;
    story.in_time(5).cycle(0.05, 35, 34.5).loss(1440).cycle(0, 2, 2);
    ASSERT_TRUE(story.found);
    EXPECT_EQ(story.found->cause, XrunCause::plugin);
    EXPECT_EQ(story.found->frame, 6u * 480);
    EXPECT_EQ(story.found->lost_frames, 1440);
    EXPECT_DOUBLE_EQ(story.found->lost_ms, 30);
    EXPECT_NEAR(story.found->busy_ms, 35, 1e-6);
    EXPECT_NEAR(story.found->cpu_ms, 34.5, 1e-6);
}

TEST(XrunFinder, a_callback_that_did_not_run_is_the_schedulers_fault) {
    Story story;
    story.in_time(5).cycle(0.05, 35, 2).loss(1440).cycle(0, 2, 2);
    ASSERT_TRUE(story.found);
    EXPECT_EQ(story.found->cause, XrunCause::scheduler) << "preempted, or waiting";
    EXPECT_NEAR(story.found->cpu_ms, 2, 1e-6);
}

TEST(XrunFinder, a_callback_that_began_late_and_was_quick_is_the_schedulers_fault) {
    Story story;
    story.in_time(5).cycle(9, 2, 2).loss(480).cycle(0, 2, 2);
    ASSERT_TRUE(story.found);
    EXPECT_EQ(story.found->cause, XrunCause::scheduler);
    EXPECT_NEAR(story.found->late_ms, 9, 1e-6);
}

TEST(XrunFinder, a_thread_that_slept_through_its_periods_is_the_schedulers_fault) {
    Story story;
    story.in_time(5).loss(1440).cycle(31, 2, 2);
    ASSERT_TRUE(story.found);
    EXPECT_EQ(story.found->cause, XrunCause::scheduler);
    EXPECT_NEAR(story.found->late_ms, 31, 1e-6);
    EXPECT_NEAR(story.found->busy_ms, 2, 1e-6);
}

TEST(XrunFinder, a_loss_while_all_were_in_time_is_the_drivers) {
    Story story;
    story.in_time(5).loss(256).cycle(0.05, 2, 2);
    ASSERT_TRUE(story.found);
    EXPECT_EQ(story.found->cause, XrunCause::driver);
}

TEST(XrunFinder, a_plugin_that_always_takes_a_little_too_long_is_at_fault) {
    Story story;
    story.in_time(5);
    for (int i = 0; i < 20; ++i) {
        story.cycle(0, 10.6, 10.6);
    }
    story.loss(480).cycle(0, 2, 2);
    ASSERT_TRUE(story.found);
    EXPECT_EQ(story.found->cause, XrunCause::plugin);
}

TEST(XrunFinder, cycles_that_are_late_because_of_one_before_share_its_cause) {
    Story plugin;
    plugin.in_time(5).cycle(0, 25, 25).cycle(0, 2, 2).loss(960).cycle(0, 2, 2);
    ASSERT_TRUE(plugin.found);
    EXPECT_EQ(plugin.found->cause, XrunCause::plugin);
    Story scheduler;
    scheduler.in_time(5).cycle(25, 2, 2).cycle(0, 2, 2).loss(960).cycle(0, 2, 2);
    ASSERT_TRUE(scheduler.found);
    EXPECT_EQ(scheduler.found->cause, XrunCause::scheduler);
}

TEST(XrunFinder, a_loss_told_a_few_cycles_late_still_finds_its_cause) {
    Story story;
    story.in_time(5).cycle(0.05, 35, 35).restart().in_time(3).loss(-1).cycle(0, 2, 2);
    ASSERT_TRUE(story.found);
    EXPECT_EQ(story.found->cause, XrunCause::plugin);
    EXPECT_EQ(story.found->lost_frames, -1);
    EXPECT_EQ(story.found->lost_ms, 0);
}

TEST(XrunFinder, what_was_long_ago_explains_nothing) {
    Story story;
    story.in_time(5).cycle(0.05, 35, 35).restart().in_time(4).loss(480).cycle(0, 2, 2);
    ASSERT_TRUE(story.found);
    EXPECT_EQ(story.found->cause, XrunCause::driver);
}

TEST(XrunFinder, one_cause_explains_one_loss) {
    Story story;
    story.in_time(5).cycle(0.05, 35, 35).restart().loss(1440).cycle(0, 2, 2).loss(480);
    story.cycle(0.05, 2, 2);
    ASSERT_TRUE(story.found);
    EXPECT_EQ(story.found->cause, XrunCause::driver);
}

TEST(XrunFinder, without_cpu_times_a_long_callback_is_the_plugins) {
    Story story;
    story.knows_cpu = false;
    story.in_time(5).cycle(0.05, 35, 35).loss(1440).cycle(0, 2, 2);
    ASSERT_TRUE(story.found);
    EXPECT_EQ(story.found->cause, XrunCause::plugin);
    EXPECT_EQ(story.found->cpu_ms, -1);
}

TEST(XrunFinder, the_cpu_time_of_another_thread_is_no_evidence) {
    Story story;
    story.in_time(5).cycle(0.05, 35, 1000).loss(1440).cycle(0, 2, 2);
    ASSERT_TRUE(story.found);
    EXPECT_EQ(story.found->cpu_ms, -1);
}

TEST(XrunFinder, finds_none_where_nothing_was_lost) {
    Story story;
    story.in_time(3).cycle(0, 11, 11).cycle(0, 2, 2);
    EXPECT_FALSE(story.found);
}

TEST(XrunFinder, knows_nothing_of_before_when_records_are_missing) {
    Story story;
    story.in_time(5).cycle(0.05, 35, 35).restart();
    story.finder.forget();
    story.loss(1440).cycle(0, 2, 2);
    ASSERT_TRUE(story.found);
    EXPECT_EQ(story.found->cause, XrunCause::driver);
}

TEST(XrunFinder, survives_any_number_that_a_record_may_hold) {
    constexpr std::int64_t kNumbers[] = {0, 1, -1, std::numeric_limits<std::int64_t>::max(),
                                         std::numeric_limits<std::int64_t>::min()};
    XrunFinder finder;
    for (const auto due : kNumbers) {
        for (const auto wake : kNumbers) {
            for (const auto deadline : kNumbers) {
                for (const auto cpu : kNumbers) {
                    CycleRecord record{};
                    record.frames = 64;
                    record.begin_ns = 5;
                    record.end_ns = 6;
                    record.due_ns = due;
                    record.wake_ns = wake;
                    record.deadline_ns = deadline;
                    record.cpu_ns = cpu;
                    record.lost_frames = std::numeric_limits<std::int32_t>::min();
                    const auto found = finder.next(record, kRateHz);
                    ASSERT_TRUE(found);
                    EXPECT_GE(found->late_ms, 0);
                }
            }
        }
    }
}

} // namespace
