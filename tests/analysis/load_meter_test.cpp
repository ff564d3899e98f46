#include "analysis/load_meter.hpp"
#include "tests/analysis/fake_engine.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace {

using jig::analysis::LoadMeter;
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

TEST(LoadMeter, relates_the_time_of_the_callbacks_to_their_periods) {
    FakeEngine engine;
    LoadMeter meter(engine.region(), 48000);
    cycle(engine, 1'000'000); // of 10 ms
    cycle(engine, 3'000'000);
    meter.update();
    const auto load = meter.take();
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
    (void)meter.take();
    const auto idle = meter.take();
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
    EXPECT_EQ(meter.take().cycles, 10000u);
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
    meter.update();
    const auto load = meter.take();
    EXPECT_EQ(load.busy_us, 0.0);
    EXPECT_EQ(load.load_max, 0.0F);
    EXPECT_EQ(load.cycles, 5u);
}

} // namespace
