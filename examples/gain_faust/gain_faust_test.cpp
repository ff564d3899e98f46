#include <jig/checks.hpp>
#include <jig/measure.hpp>

#include <gtest/gtest.h>

#include <cmath>

namespace {

struct GainInFaust : testing::Test {
    jig::PluginFile file{JIG_PLUGIN_FILE};
    jig::Player player{file.plugin("dev.jig.gain-faust")};
};

TEST_F(GainInFaust, is_the_gain_in_c_within_a_millionth_once_it_has_arrived) {
    const jig::PluginFile in_c(JIG_GAIN_IN_C);
    jig::Player reference(in_c.plugin());
    for (const double db : {-60.0, -6.0, 0.0, 3.0, 24.0}) {
        const auto expected = reference.set("gain", db).render(jig::noise(-30), 9600);
        const auto output = player.set("gain", db).render(jig::noise(-30), 9600);
        for (std::size_t c = 0; c < 2; ++c) {
            for (std::size_t i = 480; i < output.frames(); ++i) {
                ASSERT_NEAR(output[c][i], expected[c][i], 1e-6) << db << " dB, frame " << i;
            }
        }
    }
    EXPECT_EQ(player.unwritten(), 0u);
}

TEST_F(GainInFaust, moves_without_a_jump) {
    player.at(4800).set("gain", 20);
    const auto output = player.render(jig::constant(1), 9600);
    for (std::size_t i = 4800; i < output.frames(); ++i) {
        ASSERT_LT(std::fabs(output[0][i] - output[0][i - 1]), 9.0f / 480 + 1e-5f) << "frame " << i;
    }
}

TEST_F(GainInFaust, is_a_good_plugin) {
    EXPECT_EQ(jig::checks::all(file.plugin()), "");
}

TEST_F(GainInFaust, taps_the_level_that_comes_out) {
    (void)player.set("gain", -6).render(jig::constant(0.5f), 48000);
    EXPECT_NEAR(player.tap("level").back(), jig::decibels(0.5) - 6, 0.01);
}

} // namespace
