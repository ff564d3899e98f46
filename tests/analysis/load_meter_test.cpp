#include "analysis/load_meter.hpp"
#include "tests/analysis/fake_engine.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace {

using jig::analysis::LoadMeter;
using jig::analysis::LoadReading;
using jig::analysis::Readings;
using jig::test::FakeEngine;

jig::link::CycleRecord record(std::uint32_t frames, std::int64_t begin_ns, std::int64_t end_ns) {
    jig::link::CycleRecord record{};
    record.frames = frames;
    record.begin_ns = begin_ns;
    record.end_ns = end_ns;
    return record;
}

void cycle(FakeEngine& engine, std::int64_t busy_ns, std::int32_t lost = 0,
           std::uint32_t frames = 480) {
    auto busy = record(frames, 1'000'000, 1'000'000 + busy_ns);
    busy.lost_frames = lost;
    jig::link::append(engine.region().cycles, busy);
}

LoadReading take(LoadMeter& meter) {
    Readings readings;
    meter.take(readings);
    return readings.load;
}

TEST(LoadMeter, relates_the_time_of_the_callbacks_to_their_periods) {
    FakeEngine engine;
    LoadMeter meter(engine.region(), 48000);
    cycle(engine, 1'000'000); // of 10 ms
    cycle(engine, 3'000'000);
    meter.update();
    const auto load = take(meter);
    EXPECT_FLOAT_EQ(load.values()[0], 0.2F);
    EXPECT_FLOAT_EQ(load.load_max, 0.3F);
    EXPECT_FLOAT_EQ(load.callback_us, 3000.0F);
    EXPECT_FLOAT_EQ(load.period_us, 10000.0F);
    EXPECT_EQ(load.cycles, 2u);
    EXPECT_EQ(load.overruns, 0u);
}

TEST(LoadMeter, begins_anew_with_each_reading_and_keeps_its_counts) {
    FakeEngine engine;
    LoadMeter meter(engine.region(), 48000);
    cycle(engine, 20'000'000, 480);
    meter.update();
    (void)take(meter);
    const auto idle = take(meter);
    EXPECT_EQ(idle.values()[0], 0.0F);
    EXPECT_EQ(idle.load_max, 0.0F);
    EXPECT_EQ(idle.overruns, 1u);
    EXPECT_EQ(idle.xruns, 1u);
    EXPECT_EQ(idle.cycles, 1u);
}

TEST(LoadMeter, counts_cycles_that_were_overwritten_unread) {
    FakeEngine engine;
    LoadMeter meter(engine.region(), 48000);
    for (int i = 0; i < 10000; ++i) {
        cycle(engine, 1000);
    }
    meter.update();
    EXPECT_EQ(take(meter).cycles, 10000u);
}

TEST(LoadMeter, a_damaged_record_moves_no_figure) {
    FakeEngine engine;
    LoadMeter meter(engine.region(), 48000);
    constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    auto& ring = engine.region().cycles;
    jig::link::append(ring, record(480, kMin, kMax));
    jig::link::append(ring, record(480, 0, kMax));
    jig::link::append(ring, record(480, 5, 4));
    jig::link::append(ring, record(0, 0, 1000));
    jig::link::append(ring, record(0xffffffff, 0, 1000));
    auto lost = record(0, 0, 1000);
    lost.lost_frames = 5;
    jig::link::append(ring, lost);
    meter.update();
    const auto load = take(meter);
    EXPECT_EQ(load.busy_us, 0.0);
    EXPECT_EQ(load.load_max, 0.0F);
    EXPECT_EQ(load.cycles, 6u);
    EXPECT_EQ(load.xruns, 0u);
}

TEST(LoadMeter, measures_against_a_deadline_only_where_there_is_one) {
    FakeEngine engine;
    LoadMeter meter(engine.region(), 48000);
    auto paced = record(480, 1'000'000, 5'000'000);
    paced.deadline_ns = 11'000'000;
    jig::link::append(engine.region().cycles, paced);
    cycle(engine, 9'000'000); // as fast as it can
    meter.update();
    const auto load = take(meter);
    EXPECT_FLOAT_EQ(load.total.us.max, 4000.0F);
    EXPECT_FLOAT_EQ(load.recent.share.max, 0.4F);
    meter.reset();
    EXPECT_EQ(take(meter).total.us.max, 0.0F);
}

TEST(LoadMeter, tells_each_xrun_once_and_counts_it_by_cause) {
    FakeEngine engine;
    LoadMeter meter(engine.region(), 48000);
    cycle(engine, 1000);
    cycle(engine, 1000, 96);
    meter.update();
    Readings readings;
    meter.take(readings);
    ASSERT_EQ(readings.xruns.size(), 1u);
    EXPECT_EQ(readings.xruns[0].lost_frames, 96);
    EXPECT_EQ(readings.load.xruns_by, (std::array<std::uint64_t, 3>{0, 0, 1}));
    EXPECT_EQ(readings.load.lost_frames, 96u);
    meter.take(readings);
    EXPECT_TRUE(readings.xruns.empty());
    EXPECT_EQ(readings.load.xruns, 1u);
}

TEST(LoadMeter, tells_the_round_trip_and_the_clocks_rate_of_the_newest_cycle) {
    FakeEngine engine;
    LoadMeter meter(engine.region(), 48000);
    auto newest = record(480, 1'000'000, 2'000'000);
    newest.in_delay_frames = 480;
    newest.out_delay_frames = 500;
    newest.calibration_frames = -20;
    newest.rate_measured_hz = 48000 * (1 + 25e-6);
    newest.due_ns = 900'000;
    newest.wake_ns = 990'000;
    jig::link::append(engine.region().cycles, newest);
    meter.update();
    const auto load = take(meter);
    EXPECT_EQ(load.round_trip_frames, 960);
    EXPECT_NEAR(load.rate_ppm, 25, 0.01);
    EXPECT_FLOAT_EQ(load.wake_late_us, 90);
    EXPECT_FLOAT_EQ(take(meter).wake_late_us, 0);
    cycle(engine, 1000);
    meter.update();
    EXPECT_TRUE(std::isnan(take(meter).rate_ppm)) << "a device that does not know it";
}

} // namespace
