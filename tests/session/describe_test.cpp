#include "session/describe.hpp"

#include <gtest/gtest.h>

namespace jig::session {
namespace {

plugin::PluginInfo reverb() {
    plugin::PluginInfo info;
    info.id = "org.example.reverb";
    info.name = "Reverb";
    info.vendor = "Example";
    info.flags = JIG_PLUGIN_EVENTS_IN | JIG_PLUGIN_INSTRUMENT;
    info.buses = {{"in", "Input", JIG_BUS_IN | JIG_BUS_MAIN, 1, 8, 6},
                  {"side", "Side", JIG_BUS_IN | JIG_BUS_SIDECHAIN, 1, 2, 2},
                  {"out", "Output", JIG_BUS_OUT | JIG_BUS_MAIN | JIG_BUS_MATCH_MAIN_IN, 1, 4, 2},
                  {"aux", "Aux", JIG_BUS_OUT, 1, 2, 1}};
    info.taps = {{"gr", "Reduction", "dB", JIG_TAP_VALUE, JIG_VIEW_REDUCTION, -24, 0},
                 {"wet", "Wet", "", JIG_TAP_AUDIO, 99, -1, 1}};
    info.library_plugins = {"org.example.echo", "org.example.reverb"};
    return info;
}

TEST(Describe, a_plugin_with_its_buses_and_taps) {
    const auto told = describe(reverb());
    EXPECT_EQ(told.id, "org.example.reverb");
    EXPECT_TRUE(told.instrument);
    EXPECT_TRUE(told.events_in);
    EXPECT_FALSE(told.events_out);
    ASSERT_EQ(told.buses.size(), 4u);
    EXPECT_EQ(told.buses[0].channels, 6u);
    EXPECT_TRUE(told.buses[0].main);
    EXPECT_TRUE(told.buses[1].sidechain);
    EXPECT_EQ(told.buses[2].channels, 4u) << "as the main input, as far as its range goes";
    EXPECT_EQ(told.buses[2].direction, wire::Direction::out);
    EXPECT_EQ(told.buses[3].channels, 1u);
    ASSERT_EQ(told.taps.size(), 2u);
    EXPECT_EQ(told.taps[0].view, wire::View::reduction);
    EXPECT_EQ(told.taps[1].view, wire::View::automatic) << "one that a later ABI may bring";
    EXPECT_EQ(told.taps[1].kind, wire::TapKind::audio);
}

TEST(Describe, the_library_s_other_plugins_by_their_ids) {
    const auto told = describe(reverb());
    ASSERT_EQ(told.plugins.size(), 2u);
    EXPECT_EQ(told.plugins[0].id, "org.example.echo");
    EXPECT_EQ(told.plugins[1].name, "Reverb");
}

TEST(Describe, a_parameter_with_its_curve_and_flags) {
    plugin::ParamInfo param;
    param.id = "size";
    param.name = "Size";
    param.unit = "m";
    param.min = 1;
    param.max = 100;
    param.def = 10;
    param.curve = JIG_CURVE_LOG;
    param.flags = JIG_PARAM_STEPPED | JIG_PARAM_RESTART;
    param.labels = {"small", "large"};
    param.midi_cc = 91;
    const auto told = describe(param);
    EXPECT_EQ(told.curve, wire::Curve::log);
    EXPECT_TRUE(told.flags.stepped);
    EXPECT_TRUE(told.flags.restart);
    EXPECT_FALSE(told.flags.toggle || told.flags.output || told.flags.hidden);
    EXPECT_EQ(told.labels, (std::vector<std::string>{"small", "large"}));
    EXPECT_EQ(told.midi_cc, 91);
    EXPECT_EQ(told.value.id, "size");
    EXPECT_EQ(told.value.value, 10);
    EXPECT_FALSE(told.value.touched);
    param.curve = 99;
    EXPECT_EQ(describe(param).curve, wire::Curve::lin) << "one that a later ABI may bring";
}

} // namespace
} // namespace jig::session
