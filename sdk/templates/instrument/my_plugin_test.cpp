#include "my_plugin.cpp"

#include <jig/harness.hpp>

#include <gtest/gtest.h>

namespace {

TEST(MyPlugin, plays_the_pitch_of_the_key) {
    jig::Harness<MyPlugin> plugin;
    plugin.at(0).note_on(69);
    const auto output = plugin.render(48000);
    int turns = 0;
    for (std::size_t i = 1; i < output.frames(); ++i) {
        turns += output[0][i - 1] < 0 && output[0][i] >= 0 ? 1 : 0;
    }
    EXPECT_NEAR(turns, 440, 1);
    EXPECT_EQ(plugin.unwritten(), 0u);
}

TEST(MyPlugin, falls_by_60_dB_in_the_time_of_its_release) {
    jig::Harness<MyPlugin> plugin;
    plugin.set("release", 100);
    plugin.at(0).note_on(60);
    plugin.at(4800).note_off(60);
    (void)plugin.render(9600);
    EXPECT_NEAR(plugin.tap("envelope")[4799], 1.0f, 1e-3f);
    EXPECT_NEAR(plugin.tap("envelope")[9599], 0.001f, 1e-5f);
}

TEST(MyPlugin, gives_the_same_samples_whatever_the_blocks) {
    const auto play = [](std::uint32_t frames) {
        jig::Harness<MyPlugin> plugin;
        plugin.blocks({frames});
        plugin.at(100).note_on(60, 0.5);
        plugin.at(2000).note_off(60);
        return plugin.render(4000);
    };
    EXPECT_EQ(play(1), play(512));
    EXPECT_EQ(play(63), play(512));
}

} // namespace
