#include "crush.cpp"

#include <jig/checks.hpp>
#include <jig/harness.hpp>

#include <gtest/gtest.h>

#include <set>

namespace {

TEST(Crush, leaves_two_to_the_bits_levels) {
    jig::Harness<Crush> crush;
    crush.set("bits", 3);
    const auto output = crush.render(jig::noise(), 20000);
    const std::set<float> levels(output[0].begin(), output[0].end());
    EXPECT_EQ(levels.size(), 9u) << "from -1 to 1 in steps of 1/4, both ends included";
    EXPECT_TRUE(levels.contains(-1.0f) && levels.contains(0.25f) && levels.contains(1.0f));
}

TEST(Crush, drives_by_decibels_and_clips) {
    jig::Harness<Crush> crush;
    crush.set("bits", 16).set("drive", 20);
    EXPECT_NEAR(crush.render(jig::constant(0.05f), 10)[0][9], 0.5f, 1e-4f);
    EXPECT_EQ(crush.render(jig::constant(0.5f), 10)[0][9], 1.0f);
}

TEST(Crush, settles_so_that_two_copies_agree_bit_for_bit) {
    jig::Harness<Crush> changed, fresh;
    changed.set("drive", -3);
    (void)changed.render(jig::noise(), 500);
    changed.set("drive", 7.5).set("bits", 5);
    (void)changed.render(jig::noise(), 960);

    fresh.start(1460).set("drive", 7.5).set("bits", 5);
    jig::Audio input(2, 2000);
    for (std::size_t i = 0; i < input.frames(); ++i) {
        input[0][i] = jig::sine(997, -6)(i, 48000);
        input[1][i] = jig::noise(-6)(i, 48000);
    }
    EXPECT_EQ(changed.render(input), fresh.render(input));
}

TEST(Crush, gives_the_same_samples_whatever_the_blocks) {
    const auto play = [](std::uint32_t block) {
        jig::Harness<Crush> crush;
        crush.blocks({block});
        crush.at(700).set("drive", 12);
        crush.at(900).set("bits", 4);
        return crush.render(jig::noise(-12), 4000);
    };
    const auto reference = play(512);
    EXPECT_EQ(play(1), reference);
    EXPECT_EQ(play(63), reference);
}

TEST(Crush, taps_the_rounding_error_of_the_first_channel) {
    jig::Harness<Crush> crush;
    crush.set("bits", 2);
    const auto output = crush.render(jig::constant(0.3f), 100);
    EXPECT_EQ(output[0][50], 0.5f);
    ASSERT_EQ(crush.tap("error").size(), 100u);
    EXPECT_FLOAT_EQ(crush.tap("error")[50], 0.2f);
}

TEST(Crush, plays_from_its_library_as_from_its_class) {
    const jig::PluginFile file(JIG_PLUGIN_FILE);
    jig::Player built(file.plugin("dev.jig.crush"));
    jig::Harness<Crush> here;
    EXPECT_EQ(built.set("drive", 9).render(jig::noise(), 2000),
              here.set("drive", 9).render(jig::noise(), 2000));
}

TEST(Crush, is_a_good_plugin) {
    EXPECT_EQ(jig::checks::all<Crush>(), "");
}

} // namespace
