#include "my_plugin.cpp"

#include <jig/checks.hpp>

#include <gtest/gtest.h>

namespace {

TEST(MyPlugin, is_a_good_plugin) {
    EXPECT_EQ(jig::checks::all<MyPlugin>(), "");
}

TEST(MyPlugin, plays_the_pitch_of_the_key) {
    jig::Harness<MyPlugin> plugin;
    plugin.at(0).note_on(69);
    const auto output = plugin.render(48000);
    int turns = 0;
    for (std::size_t i = 1; i < output.frames(); ++i) {
        turns += output[0][i - 1] < 0 && output[0][i] >= 0 ? 1 : 0;
    }
    EXPECT_NEAR(turns, 440, 1);
}

TEST(MyPlugin, falls_by_60_dB_in_the_time_of_its_release) {
    jig::Harness<MyPlugin> plugin;
    plugin.set("level", 0).set("release", 1000);
    plugin.at(0).note_on(69);
    plugin.at(4800).note_off(69);
    const auto output = plugin.render(96000);
    EXPECT_NEAR(output.slice(4600, 200).peak(), 1.0f, 0.01f);
    EXPECT_NEAR(output.slice(4800 + 48000 - 55, 110).peak(), 0.001f, 0.0001f);
    EXPECT_EQ(plugin.tap("voices").back(), 0.0f);
}

} // namespace
