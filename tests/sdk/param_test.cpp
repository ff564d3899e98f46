#include <jig/harness.hpp>
#include <jig/jig.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace {

/// Plays back what next() gives.
struct Ramps : jig::Effect {
    static constexpr auto id = "test.ramps", name = "Ramps";
    Param gain{this, "gain", "Gain", dB(-60, 40, 0), 20_ms};
    Param mix{this, "mix", "Mix", Linear(0, 1, 0.5), 1.5_ms};
    Param bits{this, "bits", "Bits", Int(1, 16, 8), OnChange([this](float v) { heard = v; })};
    Param shape{this, "shape", "Shape", Enum({"A", "B", "C"}, 1)};
    Param on{this, "on", "On", Toggle(true)};
    float heard = -1;

    void process(Block b) {
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            b.out(0, i) = gain.next();
            b.out(1, i) = mix.next();
        }
    }
};

TEST(Param, begins_at_its_default_without_a_ramp) {
    jig::Harness<Ramps> h;
    const auto y = h.render(10);
    EXPECT_EQ(y[0][0], 1.0f);
    EXPECT_EQ(y[1][0], 0.5f);
}

TEST(Param, jumps_to_the_values_of_the_first_block) {
    jig::Harness<Ramps> h;
    h.set("gain", 20).set("mix", 1);
    const auto y = h.render(10);
    EXPECT_EQ(y[0][0], 10.0f);
    EXPECT_EQ(y[1][0], 1.0f);
}

TEST(Param, reads_decibels_as_a_linear_gain_and_gives_the_plain_value_too) {
    jig::Harness<Ramps> h;
    h.set("gain", -6);
    EXPECT_EQ(h.render(1)[0][0], std::pow(10.0f, -0.3f));
    EXPECT_EQ(h.plugin().gain.value(), -6.0f);
}

TEST(Param, moves_in_a_straight_line_and_is_there_exactly_after_its_time) {
    jig::Harness<Ramps> h;
    h.at(100).set("mix", 0.7);
    const auto y = h.render(300);
    const int frames = 72; // 1.5 ms at 48 kHz
    EXPECT_EQ(y[1][99], 0.5f);
    for (int i = 0; i < frames; ++i) {
        ASSERT_NEAR(y[1][static_cast<std::size_t>(100 + i)], 0.5 + 0.2 * (i + 1) / frames, 1e-6);
    }
    EXPECT_LT(y[1][100 + frames - 2], 0.7f);
    for (std::size_t i = 100 + frames - 1; i < 300; ++i) {
        ASSERT_EQ(y[1][i], 0.7f);
    }
    EXPECT_TRUE(h.plugin().mix.settled());
}

TEST(Param, turns_round_in_the_middle_of_a_ramp_without_a_jump) {
    jig::Harness<Ramps> h;
    h.at(0).set("mix", 0);
    (void)h.render(1);
    h.at(10).set("mix", 1);
    h.at(40).set("mix", 0);
    const auto y = h.render(300);
    float step = 0;
    for (std::size_t i = 1; i < y.frames(); ++i) {
        step = std::max(step, std::fabs(y[1][i] - y[1][i - 1]));
    }
    EXPECT_LT(step, 1.01f / 72);
    EXPECT_EQ(y[1][299], 0.0f);
}

TEST(Param, takes_the_same_time_at_any_rate) {
    for (const double rate : {44100.0, 96000.0, 192000.0}) {
        jig::Harness<Ramps> h;
        h.rate(rate);
        (void)h.render(1);
        h.set("mix", 0.75);
        const auto y = h.render(1000);
        const auto frames = static_cast<std::size_t>(std::lround(0.0015 * rate));
        EXPECT_NE(y[1][frames - 2], 0.75f) << rate;
        EXPECT_EQ(y[1][frames - 1], 0.75f) << rate;
    }
}

class BlockSize : public testing::TestWithParam<std::vector<std::uint32_t>> {};

TEST_P(BlockSize, changes_no_bit_of_a_smoothed_parameter) {
    const auto play = [](std::vector<std::uint32_t> blocks, bool as_events) {
        jig::Harness<Ramps> h;
        h.blocks(std::move(blocks)).params_as_events(as_events);
        h.at(1).set("gain", 6);
        h.at(500).set("gain", -60).set("mix", 0.1);
        h.at(777).set("mix", 0.9);
        h.at(801).set("mix", 0.3);
        return h.render(3000);
    };
    const auto reference = play({512}, false);
    EXPECT_EQ(play(GetParam(), false), reference);
    EXPECT_EQ(play(GetParam(), true), reference) << "timed values as events inside the block";
}

INSTANTIATE_TEST_SUITE_P(Of, BlockSize,
                         testing::Values(std::vector<std::uint32_t>{1},
                                         std::vector<std::uint32_t>{63},
                                         std::vector<std::uint32_t>{512},
                                         std::vector<std::uint32_t>{3000},
                                         std::vector<std::uint32_t>{1, 200, 7, 64}));

TEST(Param, agrees_bit_for_bit_with_another_instance_once_settled) {
    jig::Harness<Ramps> moved, fresh;
    (void)moved.render(100);
    for (const double db : {3.0, -17.0, 11.3}) {
        moved.set("gain", db);
        (void)moved.render(333);
    }
    (void)moved.render(960);
    fresh.set("gain", 11.3);
    EXPECT_EQ(moved.render(100)[0], fresh.render(100)[0]);
}

TEST(Param, jumps_after_a_reset) {
    jig::Harness<Ramps> h;
    (void)h.render(10);
    h.reset();
    h.set("mix", 1);
    EXPECT_EQ(h.render(1)[1][0], 1.0f);
}

TEST(Param, calls_on_change_with_the_first_value_and_then_with_each_new_one) {
    jig::Harness<Ramps> h;
    (void)h.render(10);
    EXPECT_EQ(h.plugin().heard, 8.0f);
    h.plugin().heard = -1;
    (void)h.render(10);
    EXPECT_EQ(h.plugin().heard, -1.0f) << "nothing changed";
    h.set("bits", 5);
    (void)h.render(10);
    EXPECT_EQ(h.plugin().heard, 5.0f);
}

TEST(Param, keeps_to_its_range_and_grid_whatever_the_host_says) {
    jig::Harness<Ramps> h;
    h.set("bits", 7.4).set("mix", 3).set("shape", -2);
    (void)h.render(1);
    EXPECT_EQ(h.plugin().bits.value(), 7.0f);
    EXPECT_EQ(h.plugin().bits.index(), 7);
    EXPECT_EQ(h.plugin().mix.value(), 1.0f);
    EXPECT_EQ(h.plugin().shape.index(), 0);
    h.set("mix", std::numeric_limits<double>::quiet_NaN());
    (void)h.render(1);
    EXPECT_EQ(h.plugin().mix.value(), 1.0f) << "NaN changes nothing";
}

TEST(Param, reads_enums_and_toggles_as_what_they_are) {
    enum class Shape { a, b, c };
    jig::Harness<Ramps> h;
    (void)h.render(1);
    EXPECT_EQ(h.plugin().shape.as<Shape>(), Shape::b);
    EXPECT_TRUE(h.plugin().on.on());
    h.set("shape", 2).set("on", 0);
    (void)h.render(1);
    EXPECT_EQ(h.plugin().shape.as<Shape>(), Shape::c);
    EXPECT_FALSE(h.plugin().on.on());
}

} // namespace
