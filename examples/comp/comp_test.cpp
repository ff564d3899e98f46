#include "comp.cpp"

#include <jig/checks.hpp>
#include <jig/harness.hpp>
#include <jig/measure.hpp>

#include <gtest/gtest.h>

namespace {

/// The output level that the paper gives for an input level: y_G as a function of x_G.
double paper(double x, double threshold, double ratio, double knee) {
    if (2 * (x - threshold) < -knee) {
        return x;
    }
    if (2 * std::fabs(x - threshold) <= knee && knee > 0) {
        const double bend = x - threshold + knee / 2;
        return x + (1 / ratio - 1) * bend * bend / (2 * knee);
    }
    return threshold + (x - threshold) / ratio;
}

float level(double dbfs) {
    return static_cast<float>(jig::amplitude(dbfs));
}

/// Two channels for the main input and two for the sidechain.
jig::Audio with_side(float main, float side, std::size_t frames) {
    jig::Audio input(4, frames);
    for (std::size_t c = 0; c < 4; ++c) {
        input[c].assign(frames, c < 2 ? main : side);
    }
    return input;
}

TEST(Comp, has_the_papers_static_curve_within_a_hundredth_of_a_decibel) {
    struct Curve {
        double threshold, ratio, knee;
    };
    for (const auto& [t, r, w] : {Curve{-18, 4, 6}, Curve{-40, 20, 0}, Curve{0, 2, 24},
                                  Curve{-30, 1, 12}, Curve{-60, 1.5, 3}}) {
        jig::Harness<Comp> comp;
        comp.set("threshold", t).set("ratio", r).set("knee", w).set("attack", 0.1);
        for (double x = -70; x <= 6; x += 0.75) {
            comp.reset();
            const auto y = comp.render(jig::constant(level(x)), 500);
            ASSERT_NEAR(jig::decibels(y[1].back()), paper(x, t, r, w), 0.01)
                << x << " dB at " << t << " dB, " << r << ":1, knee " << w << " dB";
        }
    }
}

TEST(Comp, passes_every_bit_below_the_knee) {
    jig::Harness<Comp> comp;
    const auto y = comp.render(jig::noise(-21.1), 5000);
    for (std::size_t i = 0; i < y.frames(); ++i) {
        ASSERT_EQ(y[0][i], jig::noise(-21.1)(i, 48000)) << "frame " << i;
    }
}

TEST(Comp, goes_most_of_the_way_in_the_attack_and_back_in_the_release) {
    for (const double rate : {44100.0, 96000.0}) {
        for (const auto& [attack, release] : {std::pair(1.0, 50.0), {30.0, 400.0}}) {
            const auto frames = [&](double ms) {
                return static_cast<std::size_t>(std::lround(ms * rate / 1000));
            };
            jig::Harness<Comp> comp;
            comp.rate(rate).set("threshold", -20).set("ratio", 2).set("knee", 0);
            comp.set("attack", attack).set("release", release);
            (void)comp.render(jig::constant(1), frames(20 * attack));
            EXPECT_NEAR(comp.tap("gain")[frames(attack) - 1], -10 * (1 - std::exp(-1)), 0.01);
            EXPECT_NEAR(comp.tap("gain").back(), -10, 0.01);
            (void)comp.render(jig::silence(), frames(20 * release));
            EXPECT_NEAR(comp.tap("gain")[frames(release) - 1], -10 * std::exp(-1), 0.01);
            EXPECT_NEAR(comp.tap("gain").back(), 0, 0.01);
        }
    }
}

TEST(Comp, comes_back_all_the_way_however_slowly) {
    jig::Harness<Comp> comp;
    comp.rate(192000).channels(1).blocks({512}).set("release", 1000);
    (void)comp.render(jig::constant(1), 48000);
    (void)comp.render(jig::silence(), 12 * 192000);
    EXPECT_GT(comp.tap("gain").back(), -1e-3f);
}

TEST(Comp, lowers_all_channels_alike) {
    jig::Harness<Comp> comp;
    jig::Audio input(2, 5000);
    for (std::size_t i = 0; i < input.frames(); ++i) {
        input[0][i] = jig::noise()(i, 48000);
        input[1][i] = input[0][i] / 64;
    }
    const auto y = comp.render(input);
    for (std::size_t i = 0; i < y.frames(); ++i) {
        ASSERT_EQ(y[1][i] * 64, y[0][i]) << "frame " << i;
    }
    EXPECT_LT(comp.tap("gain").back(), -3);
}

TEST(Comp, listens_to_the_sidechain_when_told_to) {
    jig::Harness<Comp> comp;
    comp.set("key", 1).set("threshold", -20).set("ratio", 4).set("knee", 0).set("attack", 1);
    const auto y = comp.render(with_side(level(-40), level(0), 4800));
    EXPECT_NEAR(jig::decibels(y[0].back()), -40 - 15, 0.01);
    comp.reset();
    const auto silent = comp.render(with_side(0.9f, 0, 4800));
    EXPECT_EQ(silent[0], std::vector<float>(4800, 0.9f)) << "a silent sidechain lowers nothing";
}

TEST(Comp, does_not_listen_to_the_sidechain_until_told_to) {
    jig::Harness<Comp> comp;
    const auto y = comp.render(with_side(level(-40), level(0), 4800));
    EXPECT_EQ(y[0], std::vector<float>(4800, level(-40)));
}

TEST(Comp, listens_to_itself_where_there_is_no_sidechain) {
    jig::Harness<Comp> comp;
    comp.optional_buses(false).set("key", 1).set("threshold", -20).set("knee", 0);
    (void)comp.render(jig::constant(1), 4800);
    EXPECT_NEAR(comp.tap("gain").back(), -15, 0.01);
}

TEST(Comp, taps_the_gain_that_it_applied) {
    jig::Harness<Comp> comp;
    comp.set("makeup", 7);
    const auto y = comp.render(jig::noise(), 5000);
    for (std::size_t i = 0; i < y.frames(); ++i) {
        const double x = jig::noise()(i, 48000);
        ASSERT_NEAR(y[0][i], x * jig::amplitude(comp.tap("gain")[i] + 7.0), 1e-5) << "frame " << i;
    }
}

TEST(Comp, gives_the_same_samples_whatever_the_blocks) {
    const auto play = [](std::uint32_t block) {
        jig::Harness<Comp> comp;
        comp.blocks({block});
        comp.at(700).set("threshold", -40);
        comp.at(905).set("attack", 50).set("knee", 0).set("makeup", 12);
        return comp.render(jig::noise(), 4000);
    };
    const auto reference = play(512);
    EXPECT_EQ(play(1), reference);
    EXPECT_EQ(play(63), reference);
}

TEST(Comp, is_a_good_plugin) {
    EXPECT_EQ(jig::checks::all<Comp>(), "");
}

} // namespace
