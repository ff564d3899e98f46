#include <jig/checks.hpp>

#include <gtest/gtest.h>

#include <cmath>

namespace {

struct MyPlugin : testing::Test {
    jig::PluginFile file{JIG_PLUGIN_FILE};
};

TEST_F(MyPlugin, is_a_good_plugin) {
    EXPECT_EQ(jig::checks::all(file.plugin()), "");
}

TEST_F(MyPlugin, bends_each_sample_by_the_curve) {
    jig::Player player(file.plugin());
    player.set("drive", 20);
    // After a second, when si.smoo has arrived.
    EXPECT_NEAR(player.render(jig::constant(0.05f))[0].back(), std::tanh(0.5f), 1e-4);
}

} // namespace
