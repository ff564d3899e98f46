#include "my_plugin.cpp"

#include <jig/harness.hpp>

#include <gtest/gtest.h>

namespace {

TEST(MyPlugin, bends_each_sample_by_the_curve) {
    jig::Harness<MyPlugin> plugin;
    plugin.set("drive", 20);
    EXPECT_FLOAT_EQ(plugin.render(jig::constant(0.05f), 100)[0][99], std::tanh(0.5f));
    EXPECT_FLOAT_EQ(plugin.tap("loss")[99], 0.5f - std::tanh(0.5f));
    EXPECT_EQ(plugin.unwritten(), 0u);
}

TEST(MyPlugin, gives_the_same_samples_whatever_the_blocks) {
    const auto play = [](std::uint32_t frames) {
        jig::Harness<MyPlugin> plugin;
        plugin.blocks({frames});
        plugin.at(100).set("drive", 30);
        return plugin.render(jig::noise(-12), 4000);
    };
    EXPECT_EQ(play(1), play(512));
    EXPECT_EQ(play(63), play(512));
}

} // namespace
