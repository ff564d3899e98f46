#include <jig/checks.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace {

using std::string_view_literals::operator""sv;

struct Faust : testing::Test {
    jig::PluginFile file{JIG_PLUGIN_FILE};
    const jig_plugin& plugin = file.plugin();

    const jig_param& param(std::string_view id) const {
        for (std::uint32_t i = 0; i < plugin.params.count; ++i) {
            const auto& param = jig::detail::element<jig_param>(plugin.params, i);
            if (param.id == id) {
                return param;
            }
        }
        throw std::runtime_error("no parameter " + std::string(id));
    }
    const jig_tap& tap(std::uint32_t i) const {
        return jig::detail::element<jig_tap>(plugin.taps, i);
    }
};

/// Outputs of widgets.dsp.
enum Out { cutoff, fine, below, voices, ratio, shape, mode, freeze, gate, hit, depth };

TEST_F(Faust, declares_the_plugin) {
    EXPECT_EQ(plugin.id, "faust.widgets"sv) << "by the file's name";
    EXPECT_EQ(plugin.name, "Every widget"sv);
    EXPECT_EQ(plugin.vendor, "Someone"sv);
    EXPECT_EQ(plugin.version, "2.3"sv);
    EXPECT_EQ(plugin.doc, "What faust says, in Jig's words."sv);
    EXPECT_EQ(plugin.params.count, 14u);
}

TEST_F(Faust, makes_a_slider_a_parameter_with_what_stands_in_brackets) {
    const auto& cut = param("filter/low-cut/cutoff");
    EXPECT_EQ(cut.name, "Cutoff"sv);
    EXPECT_EQ(cut.group, "Filter/Low Cut"sv);
    EXPECT_EQ(cut.unit, "Hz"sv);
    EXPECT_EQ(cut.doc, "Where it begins."sv);
    EXPECT_EQ(std::vector({cut.min, cut.max, cut.def}), std::vector({20.0, 2000.0, 200.0}));
    EXPECT_EQ(cut.curve, jig_curve{JIG_CURVE_LOG});
    EXPECT_EQ(cut.flags, 0u);
    EXPECT_EQ(cut.midi_cc, -1);

    const auto& deep = param("old_depth");
    EXPECT_EQ(deep.flags, std::uint32_t{JIG_PARAM_HIDDEN});
    EXPECT_EQ(deep.midi_cc, 11);
    EXPECT_EQ(deep.def, 0.1) << "and not the nearest float";
}

TEST_F(Faust, has_a_logarithm_only_where_there_is_one) {
    EXPECT_EQ(param("filter/below").curve, jig_curve{JIG_CURVE_LIN});
}

TEST_F(Faust, bends_an_exponential_scale_as_faust_does_at_its_middle) {
    const auto& fine_param = param("filter/fine");
    EXPECT_EQ(fine_param.curve, jig_curve{JIG_CURVE_SKEW});
    EXPECT_NEAR(jig::detail::plain_at(fine_param, 0.5), std::log((1 + std::exp(1.0)) / 2), 1e-6);
}

TEST_F(Faust, steps_by_whole_steps_and_in_number_boxes) {
    EXPECT_EQ(param("voices").flags, std::uint32_t{JIG_PARAM_STEPPED});
    EXPECT_EQ(param("voices").step, 1.0);
    EXPECT_EQ(param("ratio").flags, std::uint32_t{JIG_PARAM_STEPPED});
    EXPECT_EQ(param("ratio").step, 0.25);
    EXPECT_EQ(param("a/same").flags, 0u);
}

TEST_F(Faust, makes_a_menu_an_enum_of_the_values_that_it_names) {
    const auto& menu = param("shape");
    EXPECT_EQ(menu.flags, std::uint32_t{JIG_PARAM_STEPPED | JIG_PARAM_ENUM});
    EXPECT_EQ(std::vector<std::string>(menu.labels, menu.labels + menu.label_count),
              (std::vector<std::string>{"Sine", "Saw, bright", "Square"}));
    EXPECT_EQ(std::vector({menu.min, menu.max, menu.def}), std::vector({0.0, 2.0, 1.0}));
    EXPECT_EQ(param("mode").label_count, 2u);

    jig::Player player(plugin);
    EXPECT_EQ(player.render(10)[Out::shape][9], 2.0f);
    EXPECT_EQ(player.set("shape", 2).render(10)[Out::shape][9], 5.0f);
}

TEST_F(Faust, toggles_what_is_held_and_triggers_what_is_hit) {
    EXPECT_EQ(param("freeze").flags, std::uint32_t{JIG_PARAM_STEPPED | JIG_PARAM_TOGGLE});
    EXPECT_EQ(param("gate").flags, std::uint32_t{JIG_PARAM_STEPPED | JIG_PARAM_TOGGLE});
    EXPECT_EQ(param("hit").flags, std::uint32_t{JIG_PARAM_TRIGGER});
}

TEST_F(Faust, holds_a_button_that_was_hit_for_twenty_milliseconds) {
    for (const std::uint32_t block : {1u, 512u, 2000u}) {
        jig::Player player(plugin);
        player.blocks({block});
        player.at(100).trigger("hit");
        const auto output = player.render(4000);
        const auto& pressed = output[Out::hit];
        EXPECT_EQ(std::count(pressed.begin(), pressed.end(), 1.0f), 960);
        EXPECT_EQ(pressed[99], 0.0f);
        EXPECT_EQ(pressed[100], 1.0f);
        EXPECT_EQ(pressed[1059], 1.0f);
    }
}

TEST_F(Faust, gives_two_widgets_two_ids) {
    EXPECT_EQ(param("a/same").max, 1.0);
    EXPECT_EQ(param("a/same-2").max, 2.0);
    EXPECT_EQ(param("grüße-so").name, "Grüße & so"sv);
}

TEST_F(Faust, makes_a_bargraph_a_tap) {
    ASSERT_EQ(plugin.taps.count, 2u);
    EXPECT_EQ(tap(0).id, "meters/shown"sv);
    EXPECT_EQ(tap(0).unit, "%"sv);
    EXPECT_EQ(tap(0).kind, jig_tap_kind{JIG_TAP_VALUE});
    EXPECT_EQ(tap(0).view, jig_view{JIG_VIEW_METER});
    EXPECT_EQ(std::vector({tap(0).min, tap(0).max}), std::vector({-1.0f, 5.0f}));
    EXPECT_EQ(tap(1).view, jig_view{JIG_VIEW_NUMBER});

    jig::Player player(plugin);
    (void)player.set("grüße-so", 0.7).render(100);
    EXPECT_EQ(player.tap("meters/shown").back(), 0.7f);
}

TEST_F(Faust, moves_each_widget_at_its_frame) {
    jig::Player player(plugin);
    player.at(37).set("filter/low-cut/cutoff", 1000).set("freeze", 1);
    player.at(38).set("voices", 8);
    const auto output = player.render(64);
    EXPECT_EQ(output[Out::cutoff][36], 200.0f);
    EXPECT_EQ(output[Out::cutoff][37], 1000.0f);
    EXPECT_EQ(output[Out::freeze][37], 1.0f);
    EXPECT_EQ(output[Out::voices][37], 3.0f);
    EXPECT_EQ(output[Out::voices][38], 8.0f);
}

struct FaustVoices : testing::Test {
    jig::PluginFile file{JIG_VOICES_FILE};
    jig::Player player{file.plugin()};
    enum Out { input, key, velocity };
};

TEST_F(FaustVoices, are_as_many_as_the_program_declares_and_hear_the_input) {
    EXPECT_EQ(file.plugin().flags & JIG_PLUGIN_INSTRUMENT, std::uint32_t{JIG_PLUGIN_INSTRUMENT});
    EXPECT_EQ(file.plugin().params.count, 0u) << "key, vel and gate belong to the notes";
    EXPECT_EQ(player.render(jig::constant(0.25f), 64).peak(), 0.0f);
    player.now().note_on(60, 0.5).note_on(64);
    const auto output = player.render(jig::constant(0.25f), 64);
    EXPECT_EQ(output[Out::input][63], 0.5f);
    EXPECT_EQ(output[Out::key][63], 124.0f);
    EXPECT_EQ(output[Out::velocity][63], 63.5f + 127.0f);
}

TEST_F(FaustVoices, that_are_taken_from_a_note_open_the_gate_a_frame_later) {
    player.now().note_on(60).note_on(64);
    player.at(100).note_on(72);
    const auto output = player.render(200);
    EXPECT_EQ(output[Out::key][99], 124.0f);
    EXPECT_EQ(output[Out::key][100], 64.0f);
    EXPECT_EQ(output[Out::key][101], 136.0f);
}

TEST_F(FaustVoices, close_the_gate_when_the_key_is_let_go) {
    player.now().note_on(60);
    player.at(10).note_off(60);
    const auto output = player.render(100);
    EXPECT_EQ(output[Out::key][9], 60.0f);
    EXPECT_EQ(output[Out::key][10], 0.0f);
}

TEST_F(FaustVoices, bend_their_key) {
    player.now().note_on(60).midi(0xE0, 0, 0);
    EXPECT_EQ(player.render(10)[Out::key][9], 58.0f);
}

TEST_F(FaustVoices, make_a_good_plugin) {
    EXPECT_EQ(jig::checks::all(file.plugin()), "");
}

} // namespace
