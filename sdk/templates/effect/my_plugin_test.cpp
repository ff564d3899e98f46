#include "my_plugin.cpp"

#include <jig/checks.hpp>

#include <gtest/gtest.h>

namespace {

TEST(MyPlugin, is_a_good_plugin) {
    EXPECT_EQ(jig::checks::all<MyPlugin>(), "");
}

TEST(MyPlugin, bends_each_sample_by_the_curve) {
    jig::Harness<MyPlugin> plugin;
    plugin.set("drive", 20);
    EXPECT_FLOAT_EQ(plugin.render(jig::constant(0.05f), 100)[0][99], std::tanh(0.5f));
    EXPECT_FLOAT_EQ(plugin.tap("loss")[99], 0.5f - std::tanh(0.5f));
}

} // namespace
