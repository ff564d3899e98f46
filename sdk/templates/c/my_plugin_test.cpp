#include <jig/harness.hpp>

#include <gtest/gtest.h>

#include <cmath>

namespace {

struct MyPlugin : testing::Test {
    jig::PluginFile file{JIG_PLUGIN_FILE};
};

TEST_F(MyPlugin, bends_each_sample_by_the_curve) {
    jig::Player player(file.plugin());
    player.set("drive", 20);
    EXPECT_FLOAT_EQ(player.render(jig::constant(0.05f), 100)[0][99], std::tanh(0.5f));
    EXPECT_EQ(player.unwritten(), 0u);
}

TEST_F(MyPlugin, gives_the_same_samples_whatever_the_blocks) {
    const auto play = [this](std::uint32_t frames) {
        jig::Player player(file.plugin());
        player.blocks({frames});
        player.at(100).set("drive", 30);
        return player.render(jig::noise(-12), 4000);
    };
    EXPECT_EQ(play(1), play(512));
    EXPECT_EQ(play(63), play(512));
}

} // namespace
