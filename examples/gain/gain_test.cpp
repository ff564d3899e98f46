#include <jig/checks.hpp>
#include <jig/harness.hpp>

#include <gtest/gtest.h>

#include <cmath>

namespace {

struct Gain : testing::Test {
    jig::PluginFile file{JIG_PLUGIN_FILE};
    jig::Player player{file.plugin()};
};

TEST_F(Gain, passes_every_bit_at_0_dB) {
    const auto input = jig::Player(file.plugin()).set("gain", 0).render(jig::noise(), 5000);
    EXPECT_GT(input.peak(), 0.9f);
    EXPECT_EQ(player.render(input), input);
}

TEST_F(Gain, is_exactly_the_factor_that_the_decibels_say) {
    player.set("gain", -6);
    const float factor = std::pow(10.0f, -6.0f / 20.0f);
    const auto output = player.render(jig::constant(0.5f), 100);
    for (std::size_t i = 0; i < output.frames(); ++i) {
        ASSERT_EQ(output[0][i], 0.5f * factor) << "frame " << i;
    }
}

TEST_F(Gain, moves_without_a_jump_and_arrives_exactly_after_ten_milliseconds) {
    player.at(100).set("gain", 20);
    const auto output = player.render(jig::constant(1), 1000);
    EXPECT_EQ(output[0][99], 1.0f);
    for (std::size_t i = 100; i < 580; ++i) {
        ASSERT_NEAR(output[0][i] - output[0][i - 1], 9.0f / 480.0f, 1e-5f) << "frame " << i;
    }
    EXPECT_LT(output[0][578], 10.0f);
    for (std::size_t i = 579; i < output.frames(); ++i) {
        ASSERT_EQ(output[0][i], 10.0f) << "frame " << i;
    }
}

TEST_F(Gain, gives_the_same_samples_whatever_the_blocks) {
    const auto play = [&](std::vector<std::uint32_t> blocks) {
        jig::Player fresh(file.plugin());
        fresh.blocks(std::move(blocks));
        fresh.at(100).set("gain", -12);
        fresh.at(333).set("gain", 3);
        return fresh.render(jig::noise(), 3000);
    };
    const auto reference = play({512});
    EXPECT_EQ(play({1}), reference);
    EXPECT_EQ(play({63}), reference);
    EXPECT_EQ(play({7, 64, 1, 500}), reference);
}

TEST_F(Gain, jumps_to_the_first_value_after_a_reset) {
    (void)player.render(jig::constant(1), 64);
    player.reset();
    player.set("gain", 20);
    EXPECT_EQ(player.render(jig::constant(1), 1)[0][0], 10.0f);
}

TEST_F(Gain, has_as_many_outputs_as_inputs) {
    for (const std::uint32_t channels : {1u, 2u, 5u, 32u}) {
        jig::Player fresh(file.plugin());
        jig::Audio input(channels, 10);
        for (std::uint32_t c = 0; c < channels; ++c) {
            input[c][3] = static_cast<float>(c + 1);
        }
        EXPECT_EQ(fresh.channels(channels).render(input), input);
        EXPECT_EQ(fresh.unwritten(), 0u);
    }
}

TEST_F(Gain, is_a_good_plugin) {
    EXPECT_EQ(jig::checks::all(file.plugin()), "");
}

} // namespace
