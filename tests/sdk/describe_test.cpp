#include <jig/entry.hpp>
#include <jig/jig.hpp>

#include <gtest/gtest.h>

#include <cstring>

namespace {

struct Described : jig::Effect {
    static constexpr auto id = "test.described", name = "Described", vendor = "Jig",
                          version = "1.2", doc = "For a test.";
    Param first{this,
                "first",
                "First",
                Hz(20, 20000, 1000),
                Group("A/B"),
                Doc("Words."),
                Formerly("old older"),
                MidiCc(74)};
    Param second{this, "second", "Second", Skew(0, 10, 5, 0.3f), Unit("ms"), 7_ms};
    Param third{this, "third", "Third", Enum({"x", "y"}), ParamFlags(JIG_PARAM_HIDDEN)};
    Param fourth{this, "fourth", "Fourth", Trigger()};
    Tap level{this, "level", "Level", PerBlock{}, Unit("dB"), Limits(-60, 0), View(JIG_VIEW_METER)};
    Input side{this, "side", "Sidechain", Optional{}, ChannelRange(0, 2, 1)};
    void process(Block) {}
};

struct Fixed : jig::Effect {
    static constexpr auto id = "test.fixed", name = "Fixed";
    Input side{this, "side", "Sidechain"};
    Input in{this, "in", "Mono", Main{}, ChannelRange(1, 1, 1)};
    Output out{this, "out", "Stereo", Main{}, ChannelRange(2, 2, 2)};
    Output aux{this, "aux", "Aux", MatchMainIn{}};
    void process(Block) {}
};

struct Notes : jig::Instrument {
    static constexpr auto id = "test.notes", name = "Notes";
    void note_on(Note) {}
    void process(Block) {}
    std::uint32_t latency() { return 7; }
    std::uint32_t tail() { return UINT32_MAX; }
};

struct Thrower : jig::Effect {
    static constexpr auto id = "test.thrower", name = "Thrower";
    Thrower() { throw 1; }
    void process(Block) {}
};

template <typename T>
const jig_plugin& described() {
    return *jig::detail::entry<T>()->plugins[0];
}

template <typename T>
const T* items(const jig_array& array) {
    return static_cast<const T*>(array.items);
}

TEST(Describe, says_who_the_plugin_is) {
    const auto& plugin = described<Described>();
    EXPECT_EQ(plugin.struct_size, sizeof(jig_plugin));
    EXPECT_STREQ(plugin.id, "test.described");
    EXPECT_STREQ(plugin.vendor, "Jig");
    EXPECT_STREQ(plugin.version, "1.2");
    EXPECT_STREQ(plugin.doc, "For a test.");
    EXPECT_EQ(plugin.flags, 0u);
    EXPECT_STREQ(described<Fixed>().vendor, "") << "never NULL";
}

TEST(Describe, lists_parameters_in_the_order_of_the_members) {
    const auto& params = described<Described>().params;
    ASSERT_EQ(params.count, 4u);
    EXPECT_EQ(params.stride, sizeof(jig_param));
    const auto* p = items<jig_param>(params);
    EXPECT_STREQ(p[0].id, "first");
    EXPECT_STREQ(p[0].unit, "Hz");
    EXPECT_STREQ(p[0].group, "A/B");
    EXPECT_STREQ(p[0].doc, "Words.");
    EXPECT_STREQ(p[0].formerly, "old older");
    EXPECT_EQ(p[0].midi_cc, 74);
    EXPECT_EQ(p[0].curve, static_cast<jig_curve>(JIG_CURVE_LOG));
    EXPECT_EQ(p[0].def, 1000);
    EXPECT_EQ(p[1].curve, static_cast<jig_curve>(JIG_CURVE_SKEW));
    EXPECT_EQ(p[1].curve_arg, 0.3f);
    EXPECT_EQ(p[1].smooth_kind, static_cast<jig_smooth>(JIG_SMOOTH_LINEAR));
    EXPECT_EQ(p[1].smooth_ms, 7);
    EXPECT_EQ(p[1].midi_cc, -1);
    EXPECT_EQ(p[1].formerly, nullptr);
    EXPECT_EQ(p[2].flags, JIG_PARAM_STEPPED | JIG_PARAM_ENUM | JIG_PARAM_HIDDEN);
    ASSERT_EQ(p[2].label_count, 2u);
    EXPECT_STREQ(p[2].labels[1], "y");
    EXPECT_EQ(p[3].flags, static_cast<std::uint32_t>(JIG_PARAM_TRIGGER));
}

TEST(Describe, lists_taps) {
    const auto& taps = described<Described>().taps;
    ASSERT_EQ(taps.count, 1u);
    const auto& tap = *items<jig_tap>(taps);
    EXPECT_STREQ(tap.id, "level");
    EXPECT_EQ(tap.kind, static_cast<jig_tap_kind>(JIG_TAP_VALUE));
    EXPECT_EQ(tap.view, static_cast<jig_view>(JIG_VIEW_METER));
    EXPECT_EQ(tap.min, -60.0f);
}

TEST(Describe, gives_an_effect_any_channels_and_as_many_out_as_in) {
    const auto& buses = described<Described>().buses;
    ASSERT_EQ(buses.count, 3u);
    const auto* b = items<jig_bus>(buses);
    EXPECT_EQ(b[0].flags, JIG_BUS_IN | JIG_BUS_MAIN);
    EXPECT_EQ(b[0].min_channels, 1u);
    EXPECT_EQ(b[0].def_channels, 2u);
    EXPECT_EQ(b[0].max_channels, 32u);
    EXPECT_EQ(b[1].flags, JIG_BUS_OUT | JIG_BUS_MAIN | JIG_BUS_MATCH_MAIN_IN);
    EXPECT_STREQ(b[2].id, "side");
    EXPECT_EQ(b[2].flags, JIG_BUS_IN | JIG_BUS_SIDECHAIN | JIG_BUS_OPTIONAL);
}

TEST(Describe, takes_declared_main_buses_and_puts_them_first) {
    const auto& buses = described<Fixed>().buses;
    ASSERT_EQ(buses.count, 4u);
    const auto* b = items<jig_bus>(buses);
    EXPECT_STREQ(b[0].id, "in");
    EXPECT_EQ(b[0].flags, JIG_BUS_IN | JIG_BUS_MAIN);
    EXPECT_STREQ(b[1].id, "out");
    EXPECT_STREQ(b[2].id, "side");
    EXPECT_STREQ(b[3].id, "aux");
    EXPECT_EQ(b[3].flags, JIG_BUS_OUT | JIG_BUS_MATCH_MAIN_IN);
}

TEST(Describe, knows_an_instrument_and_which_slots_it_fills) {
    const auto& notes = described<Notes>();
    EXPECT_EQ(notes.flags, JIG_PLUGIN_INSTRUMENT | JIG_PLUGIN_EVENTS_IN);
    EXPECT_EQ(notes.buses.count, 1u);
    EXPECT_NE(notes.latency, nullptr);
    EXPECT_NE(notes.tail, nullptr);
    EXPECT_EQ(described<Fixed>().latency, nullptr);
    EXPECT_EQ(described<Fixed>().param_to_text, nullptr);
}

TEST(Describe, puts_several_plugins_into_one_library) {
    const auto* entry = jig::detail::entry<Described, Notes>();
    ASSERT_EQ(entry->plugin_count, 2u);
    EXPECT_STREQ(entry->plugins[0]->id, "test.described");
    EXPECT_STREQ(entry->plugins[1]->id, "test.notes");
    EXPECT_EQ(entry->major, JIG_ABI_MAJOR);
}

TEST(Describe, has_no_entry_when_a_constructor_throws) {
    EXPECT_EQ(jig::detail::entry<Thrower>(), nullptr);
}

} // namespace
