#include <jig/checks.hpp>

#include <gtest/gtest.h>

namespace {

TEST(GainInRust, gives_the_samples_of_the_gain_in_c_bit_for_bit) {
    const jig::PluginFile rust(JIG_PLUGIN_FILE);
    const jig::PluginFile c(JIG_GAIN_IN_C);
    const auto play = [](const jig_plugin& plugin, double rate_hz) {
        jig::Player player(plugin);
        player.rate(rate_hz).blocks({64, 1, 500, 63}).set("gain", -7.3);
        player.at(1000).set("gain", 5.1);
        player.at(1200).set("gain", -60);
        player.at(9001).set("gain", 23.9);
        return player.render(jig::noise(), 20000);
    };
    for (const double rate_hz : {44100.0, 48000.0, 192000.0}) {
        const auto expected = play(c.plugin(), rate_hz);
        EXPECT_GT(expected.peak(), 1.0f);
        EXPECT_EQ(play(rust.plugin(), rate_hz), expected) << rate_hz << " Hz";
    }
}

TEST(GainInRust, is_a_good_plugin) {
    const jig::PluginFile rust(JIG_PLUGIN_FILE);
    EXPECT_EQ(jig::checks::all(rust.plugin()), "");
}

} // namespace
