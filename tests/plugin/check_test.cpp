#include "plugin/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <limits>
#include <vector>

namespace jig::plugin {
namespace {

using testing::HasSubstr;

/// A sound table whose parts a test may spoil.
struct Table {
    Table() {
        buses = {{"in", "In", JIG_BUS_IN | JIG_BUS_MAIN, 1, 32, 2},
                 {"out", "Out", JIG_BUS_OUT | JIG_BUS_MAIN | JIG_BUS_MATCH_MAIN_IN, 1, 32, 2}};
        jig_param param{};
        param.id = "mix";
        param.name = "Mix";
        param.group = param.unit = param.doc = "";
        param.max = 1;
        param.midi_cc = -1;
        params = {param};
        taps = {{"env", "Envelope", "", JIG_TAP_AUDIO, JIG_VIEW_AUTO, 0, 1}};
        plugin.struct_size = sizeof plugin;
        plugin.id = "test.table";
        plugin.name = plugin.vendor = plugin.version = plugin.doc = "";
        plugin.create = [](const jig_plugin*, const jig_host*, char*,
                           std::size_t) -> jig_instance* { return nullptr; };
        plugin.destroy = plugin.deactivate = plugin.reset = [](jig_instance*) {};
        plugin.activate = [](jig_instance*, const jig_config*) -> jig_status { return JIG_OK; };
        plugin.process = [](jig_instance*, const jig_block*) -> jig_status { return JIG_OK; };
        entry.struct_size = sizeof entry;
        entry.major = JIG_ABI_MAJOR;
        entry.sdk = entry.toolchain = entry.build_id = "";
    }

    std::string fault() {
        plugin.buses = {static_cast<std::uint32_t>(buses.size()), sizeof(jig_bus), buses.data()};
        plugin.params = {static_cast<std::uint32_t>(params.size()), params_stride, params.data()};
        plugin.taps = {static_cast<std::uint32_t>(taps.size()), sizeof(jig_tap), taps.data()};
        entry.plugins = plugins.data();
        entry.plugin_count = static_cast<std::uint32_t>(plugins.size());
        return entry_fault(&entry);
    }
    jig_param& param() { return params[0]; }

    std::vector<jig_bus> buses;
    std::vector<jig_param> params;
    std::vector<jig_tap> taps;
    std::uint32_t params_stride = sizeof(jig_param);
    jig_plugin plugin{};
    std::vector<const jig_plugin*> plugins{&plugin};
    jig_entry entry{};
};

TEST(Check, finds_nothing_wrong_with_a_sound_table) {
    EXPECT_EQ(Table().fault(), "");
}

TEST(Check, wants_every_required_slot_and_no_optional_one) {
    Table table;
    table.plugin.reset = nullptr;
    EXPECT_THAT(table.fault(), HasSubstr("NULL in its slot reset"));
}

TEST(Check, wants_structs_at_least_as_large_as_the_first_version) {
    Table small_entry, small_plugin, small_stride;
    small_entry.entry.struct_size = 8;
    EXPECT_THAT(small_entry.fault(), HasSubstr("says it is 8 bytes"));
    small_plugin.plugin.struct_size = 100;
    EXPECT_THAT(small_plugin.fault(), HasSubstr("says it is 100 bytes"));
    small_stride.params_stride = 16;
    EXPECT_THAT(small_stride.fault(), HasSubstr("stride of 16 bytes"));
}

TEST(Check, takes_structs_that_have_grown) {
    struct Grown {
        jig_param first;
        double later;
    };
    Table table;
    const Grown grown[2] = {{table.param(), 0},
                            {[&] {
                                 jig_param other = table.param();
                                 other.id = "other";
                                 return other;
                             }(),
                             0}};
    (void)table.fault();
    table.plugin.params = {2, sizeof(Grown), grown};
    EXPECT_EQ(entry_fault(&table.entry), "");
}

TEST(Check, wants_plugins_with_ids_of_their_own) {
    Table none, null, twice;
    none.plugins.clear();
    EXPECT_THAT(none.fault(), HasSubstr("lists 0 plugins"));
    null.plugins.push_back(nullptr);
    EXPECT_THAT(null.fault(), HasSubstr("plugin number 1 is NULL"));
    twice.plugins.push_back(&twice.plugin);
    EXPECT_THAT(twice.fault(), HasSubstr("two plugins have the id \"test.table\""));
}

TEST(Check, wants_texts_in_utf_8) {
    Table cut, surrogate, good;
    cut.param().name = "caf\xC3";
    EXPECT_THAT(cut.fault(), HasSubstr("not UTF-8"));
    surrogate.param().name = "\xED\xA0\x80";
    EXPECT_THAT(surrogate.fault(), HasSubstr("not UTF-8"));
    good.param().name = "café 音 𝄞";
    EXPECT_EQ(good.fault(), "");
}

TEST(Check, wants_ids_without_blanks) {
    Table blank, empty, null;
    blank.param().id = "two words";
    EXPECT_THAT(blank.fault(), HasSubstr("with a space"));
    empty.param().id = "";
    EXPECT_THAT(empty.fault(), HasSubstr("parameter (number 0) whose id is empty"));
    null.plugin.id = nullptr;
    EXPECT_THAT(null.fault(), HasSubstr("has an id that is NULL"));
}

struct ParamFault {
    const char* name;
    void (*spoil)(jig_param&);
    const char* words;
};

void PrintTo(const ParamFault& fault, std::ostream* out) {
    *out << fault.words;
}

class ABadParameter : public testing::TestWithParam<ParamFault> {};

TEST_P(ABadParameter, is_named_with_its_fault) {
    Table table;
    GetParam().spoil(table.param());
    EXPECT_THAT(table.fault(),
                testing::AllOf(HasSubstr("parameter \"mix\""), HasSubstr(GetParam().words)));
}

const char* const kLabels[] = {"Off", "On"};

INSTANTIATE_TEST_SUITE_P(
    Each, ABadParameter,
    testing::Values(
        ParamFault{"nan", [](jig_param& p) { p.min = std::numeric_limits<double>::quiet_NaN(); },
                   "no finite float"},
        ParamFault{"beyond_float", [](jig_param& p) { p.max = 1e300; }, "no finite float"},
        ParamFault{"no_range", [](jig_param& p) { p.max = 0; }, "ranges from 0 to 0"},
        ParamFault{"default_outside", [](jig_param& p) { p.def = 2; }, "default 2, outside 0 to 1"},
        ParamFault{"log_over_zero", [](jig_param& p) { p.curve = JIG_CURVE_LOG; },
                   "JIG_CURVE_LOG over 0 to 1"},
        ParamFault{"skew_of_zero", [](jig_param& p) { p.curve = JIG_CURVE_SKEW; }, "curve_arg 0"},
        ParamFault{"too_few_labels",
                   [](jig_param& p) {
                       p.flags = JIG_PARAM_ENUM;
                       p.max = 2;
                       p.labels = kLabels;
                       p.label_count = 2;
                   },
                   "enum of 3 values with 2 labels"},
        ParamFault{"null_labels", [](jig_param& p) { p.label_count = 2; }, "NULL labels"},
        ParamFault{"wide_toggle",
                   [](jig_param& p) {
                       p.flags = JIG_PARAM_TOGGLE;
                       p.max = 2;
                   },
                   "toggle from 0 to 2"},
        ParamFault{"stepped_without_step", [](jig_param& p) { p.flags = JIG_PARAM_STEPPED; },
                   "step of 0"},
        ParamFault{"negative_smoothing", [](jig_param& p) { p.smooth_ms = -1; }, "smooth_ms -1"},
        ParamFault{"midi_cc", [](jig_param& p) { p.midi_cc = 128; }, "controller 128"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Check, asks_no_range_of_a_trigger) {
    Table table;
    table.param().flags = JIG_PARAM_TRIGGER;
    table.param().max = 0;
    EXPECT_EQ(table.fault(), "");
}

TEST(Check, counts_what_is_too_much) {
    Table params, channels, mains;
    params.params.resize(5000);
    EXPECT_THAT(params.fault(), HasSubstr("5000 parameters; at most 4096"));
    channels.buses.push_back({"side", "Side", JIG_BUS_IN, 1, 64, 31});
    EXPECT_THAT(channels.fault(), HasSubstr("more than 32 input channels"));
    mains.buses.push_back({"in2", "In", JIG_BUS_IN | JIG_BUS_MAIN, 1, 2, 2});
    EXPECT_THAT(mains.fault(), HasSubstr("2 main input buses"));
}

TEST(Check, finds_buses_that_make_no_sense) {
    Table both, none, falling, alone;
    both.buses[0].flags |= JIG_BUS_OUT;
    EXPECT_THAT(both.fault(), HasSubstr("exactly one of JIG_BUS_IN and JIG_BUS_OUT"));
    none.buses[0].min_channels = none.buses[0].def_channels = 0;
    EXPECT_THAT(none.fault(), HasSubstr("min/def/max channels of 0/0/32"));
    none.buses[0].flags |= JIG_BUS_OPTIONAL;
    EXPECT_EQ(none.fault(), "");
    falling.buses[1].max_channels = 1;
    EXPECT_THAT(falling.fault(), HasSubstr("min/def/max channels of 1/2/1"));
    alone.buses.erase(alone.buses.begin());
    EXPECT_THAT(alone.fault(), HasSubstr("no main input bus"));
}

TEST(Check, wants_taps_with_ids_of_their_own) {
    Table table;
    table.taps.push_back(table.taps[0]);
    EXPECT_THAT(table.fault(), HasSubstr("two taps with the id \"env\""));
}

TEST(Check, reads_no_preset_of_a_plugin_from_before_there_were_any) {
    Table table;
    table.plugin.presets = {7, 1, nullptr};
    table.plugin.struct_size = offsetof(jig_plugin, presets);
    EXPECT_EQ(table.fault(), "");
}

TEST(Check, wants_presets_of_values_that_can_be_set) {
    const auto fault_of = [](std::vector<jig_preset_value> values, const char* name = "Loud") {
        Table table;
        const std::vector<jig_preset> presets{
            {"Soft", "", nullptr, 0, 0},
            {name, "", values.data(), static_cast<std::uint32_t>(values.size()), 0}};
        table.plugin.presets = {2, sizeof(jig_preset), presets.data()};
        return table.fault();
    };
    EXPECT_EQ(fault_of({{"mix", 0.5}}), "");
    EXPECT_THAT(fault_of({{"mox", 0.5}}), HasSubstr("a preset \"Loud\" that names the parameter "
                                                    "\"mox\", which is not there"));
    EXPECT_THAT(fault_of({{"mix", 1.5}}), HasSubstr("sets \"mix\" to 1.5"));
    EXPECT_THAT(fault_of({{"mix", std::numeric_limits<double>::quiet_NaN()}}),
                HasSubstr("outside its range"));
    EXPECT_THAT(fault_of({{"mix", 1}, {"mix", 1}}), HasSubstr("lists 2 values"));
    EXPECT_THAT(fault_of({{nullptr, 1}}), HasSubstr("an id that is NULL"));
    EXPECT_THAT(fault_of({}, "Soft"), HasSubstr("two presets \"Soft\""));
    EXPECT_THAT(fault_of({}, ""), HasSubstr("whose name is empty"));
    EXPECT_THAT(fault_of({}, nullptr), HasSubstr("whose name is NULL"));
}

TEST(Check, wants_presets_to_leave_out_what_holds_no_setting) {
    Table table;
    table.param().flags = JIG_PARAM_OUTPUT;
    const jig_preset_value value{"mix", 0.5};
    const jig_preset preset{"Loud", "", &value, 1, 0};
    table.plugin.presets = {1, sizeof preset, &preset};
    EXPECT_THAT(table.fault(), HasSubstr("an output, a trigger or the bypass; leave it out"));
}

} // namespace
} // namespace jig::plugin
