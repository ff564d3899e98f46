#include "analysis/tap_meter.hpp"
#include "tests/analysis/fake_engine.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace {

using jig::analysis::Readings;
using jig::analysis::TapMeter;
using jig::test::FakeEngine;

void write_tap(FakeEngine& engine, std::uint32_t tap, const std::vector<float>& samples) {
    const std::uint64_t frame = engine.region().frame;
    const auto count = static_cast<std::uint32_t>(samples.size());
    jig::link::write_stream(engine.layout().tap(tap), engine.layout().frames, frame, samples.data(),
                            count);
    engine.region().frame = frame + count;
}

std::vector<float> take(TapMeter& meter) {
    Readings readings;
    meter.update();
    meter.take(readings);
    return readings.taps;
}

TEST(TapMeter, a_value_tap_reads_its_newest_value) {
    FakeEngine engine;
    TapMeter meter(engine.region(), engine.streams(), 48000);
    meter.set_layout({2, 0});
    engine.region().tap_values[1] = -3.5F;
    EXPECT_EQ(take(meter), (std::vector<float>{0.0F, -3.5F}));
    EXPECT_EQ(take(meter), (std::vector<float>{0.0F, -3.5F}));
}

TEST(TapMeter, an_audio_tap_reads_its_largest_magnitude_since_the_last_reading) {
    FakeEngine engine;
    TapMeter meter(engine.region(), engine.streams(), 48000);
    meter.set_layout({2, 0b10});
    std::vector<float> samples(3000);
    samples[2345] = -7.0F;
    write_tap(engine, 1, samples);
    EXPECT_EQ(take(meter), (std::vector<float>{0.0F, 7.0F}));
    EXPECT_EQ(take(meter), (std::vector<float>{0.0F, 0.0F}));
}

TEST(TapMeter, shows_a_nan_of_an_audio_tap) {
    FakeEngine engine;
    TapMeter meter(engine.region(), engine.streams(), 48000);
    meter.set_layout({1, 1});
    write_tap(engine, 0, {1.0F, std::numeric_limits<float>::quiet_NaN(), 2.0F});
    EXPECT_TRUE(std::isnan(take(meter)[0]));
    write_tap(engine, 0, {0.5F});
    EXPECT_EQ(take(meter)[0], 0.5F);
}

TEST(TapMeter, new_taps_do_not_show_what_the_old_ones_wrote) {
    FakeEngine engine;
    TapMeter meter(engine.region(), engine.streams(), 48000);
    meter.set_layout({1, 1});
    write_tap(engine, 0, {9.0F});
    meter.set_layout({2, 0b11});
    EXPECT_EQ(take(meter), (std::vector<float>{0.0F, 0.0F}));
}

TEST(TapMeter, more_taps_than_there_can_be_are_cut_off) {
    FakeEngine engine;
    TapMeter meter(engine.region(), engine.streams(), 48000);
    meter.set_layout({1000, ~std::uint64_t{0}});
    write_tap(engine, 63, {0.5F});
    const auto taps = take(meter);
    ASSERT_EQ(taps.size(), 64u);
    EXPECT_EQ(taps[63], 0.5F);
}

} // namespace
