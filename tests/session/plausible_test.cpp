#include "session/plausible.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace jig::session {
namespace {

plugin::PluginInfo stereo() {
    plugin::PluginInfo info;
    info.buses = {{"in", "In", JIG_BUS_IN | JIG_BUS_MAIN, 1, 32, 2},
                  {"out", "Out", JIG_BUS_OUT | JIG_BUS_MAIN, 1, 32, 2}};
    info.params = {{}};
    return info;
}

TEST(Plausible, a_plugin_within_the_limits) {
    EXPECT_TRUE(is_plausible(stereo()));
}

TEST(Plausible, no_more_channels_than_there_can_be) {
    auto info = stereo();
    info.buses[0].def_channels = 33;
    EXPECT_FALSE(is_plausible(info));
    info.buses[0].def_channels = std::numeric_limits<std::uint32_t>::max();
    EXPECT_FALSE(is_plausible(info));
    info = stereo();
    info.buses.assign(1'000'000, {"in", "In", JIG_BUS_IN, 0, 0, 0});
    EXPECT_FALSE(is_plausible(info));
}

TEST(Plausible, no_more_taps_than_have_a_bit) {
    auto info = stereo();
    info.taps.resize(64);
    EXPECT_TRUE(is_plausible(info));
    info.taps.resize(65);
    EXPECT_FALSE(is_plausible(info));
}

TEST(Plausible, ranges_that_are_ranges) {
    const auto with = [](double min, double max, double def) {
        auto info = stereo();
        info.params[0].min = min;
        info.params[0].max = max;
        info.params[0].def = def;
        return is_plausible(info);
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_TRUE(with(-60, 24, 0));
    EXPECT_FALSE(with(1, -1, 0));
    EXPECT_FALSE(with(0, 1, 2));
    EXPECT_FALSE(with(nan, 1, 0));
    EXPECT_FALSE(with(0, 1, nan));
    EXPECT_FALSE(with(0, std::numeric_limits<double>::infinity(), 0));
}

TEST(Plausible, a_device_s_channel_for_each_of_the_plugin_s) {
    link::Installed installed;
    installed.in_device = {0, 1};
    installed.out_device = {0, 1};
    EXPECT_TRUE(is_plausible(installed, stereo()));
    installed.out_device.assign(4'000'000, 0);
    EXPECT_FALSE(is_plausible(installed, stereo()));
}

TEST(Plausible, a_device_that_can_be) {
    link::DeviceState state;
    state.rate_hz = 48000;
    state.in_channels = state.out_channels = 32;
    EXPECT_TRUE(is_plausible(state));
    for (const double rate_hz : {0.0, -48000.0, 1e300, std::numeric_limits<double>::quiet_NaN()}) {
        state.rate_hz = rate_hz;
        EXPECT_FALSE(is_plausible(state)) << rate_hz;
    }
    state.rate_hz = 48000;
    state.out_channels = 33;
    EXPECT_FALSE(is_plausible(state));
}

TEST(Plausible, numbers_that_json_carries) {
    EXPECT_EQ(countable(5), 5u);
    EXPECT_EQ(countable(std::numeric_limits<std::uint64_t>::max()), (std::uint64_t{1} << 53) - 1);
    EXPECT_EQ(finite(1.5), 1.5);
    EXPECT_EQ(finite(std::numeric_limits<double>::infinity()), 0.0);
}

} // namespace
} // namespace jig::session
