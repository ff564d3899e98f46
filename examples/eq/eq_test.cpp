#include "eq.cpp"

#include <jig/checks.hpp>
#include <jig/harness.hpp>
#include <jig/measure.hpp>

#include <gtest/gtest.h>

#include <complex>

namespace {

using Complex = std::complex<double>;

/// The cookbook's analogue prototypes, as it prints them, with s = j for the band's frequency.
Complex prototype(Shape shape, Complex s, double gain_db, double q) {
    const double a = std::pow(10, gain_db / 40);
    const Complex across = std::sqrt(a) / q * s;
    switch (shape) {
    case Shape::low_shelf:
        return a * (s * s + across + a) / (a * s * s + across + 1.0);
    case Shape::high_shelf:
        return a * (a * s * s + across + 1.0) / (s * s + across + a);
    case Shape::peak:
        break;
    }
    return (s * s + s * (a / q) + 1.0) / (s * s + s / (a * q) + 1.0);
}

/// The bilinear transform on the unit circle: the digital ω is the analogue tan(ω/2), warped so
/// that the band's own frequency stays where it is.
double expected_db(Shape shape, double hz, double rate, double band_hz, double gain_db, double q) {
    const auto warped = [&](double f) { return std::tan(std::numbers::pi * f / rate); };
    return jig::decibels(prototype(shape, {0, warped(hz) / warped(band_hz)}, gain_db, q));
}

std::vector<double> audible(int count) {
    std::vector<double> hz;
    for (int i = 0; i < count; ++i) {
        hz.push_back(20 * std::pow(1000.0, i / (count - 1.0)));
    }
    return hz;
}

struct Case {
    double rate, low_hz, low_db, low_q, mid_hz, mid_db, mid_q, high_hz, high_db, high_q;
};

class Magnitude : public testing::TestWithParam<Case> {};

TEST_P(Magnitude, is_the_cookbooks_within_a_hundredth_of_a_decibel) {
    const auto& p = GetParam();
    jig::Harness<Eq> eq;
    eq.rate(p.rate).blocks({512}).set("mid2_on", 0).set("mid2_gain", 20);
    eq.set("low_hz", p.low_hz).set("low_gain", p.low_db).set("low_q", p.low_q);
    eq.set("mid1_hz", p.mid_hz).set("mid1_gain", p.mid_db).set("mid1_q", p.mid_q);
    eq.set("high_hz", p.high_hz).set("high_gain", p.high_db).set("high_q", p.high_q);
    const auto h = eq.render(jig::impulse(), 192000);
    for (const double hz : audible(41)) {
        const auto expected =
            expected_db(Shape::low_shelf, hz, p.rate, p.low_hz, p.low_db, p.low_q) +
            expected_db(Shape::peak, hz, p.rate, p.mid_hz, p.mid_db, p.mid_q) +
            expected_db(Shape::high_shelf, hz, p.rate, p.high_hz, p.high_db, p.high_q);
        ASSERT_NEAR(jig::decibels(jig::response(h[0], hz, p.rate)), expected, 0.01) << hz << " Hz";
    }
    EXPECT_EQ(h[0], h[1]);
}

INSTANTIATE_TEST_SUITE_P(Of, Magnitude,
                         testing::Values(Case{44100, 100, 6, 0.71, 1000, -9, 2, 8000, 4.5, 0.71},
                                         Case{48000, 20, -24, 1, 20, 24, 5, 20000, -24, 1},
                                         Case{48000, 300, 12, 0.1, 3000, -24, 18, 3000, 24, 0.3},
                                         Case{96000, 60, -3.3, 2, 15000, 12, 0.5, 12000, -6, 2},
                                         Case{192000, 50, 18, 0.5, 440, 0.1, 5, 5000, 18, 0.5}));

TEST(Eq, passes_every_bit_while_all_bands_are_flat_or_off) {
    jig::Harness<Eq> eq;
    eq.set("mid1_on", 0).set("mid1_gain", 12).set("low_hz", 33).set("high_q", 3);
    const auto output = eq.render(jig::noise(), 5000);
    for (std::size_t i = 0; i < output.frames(); ++i) {
        ASSERT_EQ(output[0][i], jig::noise()(i, 48000)) << "frame " << i;
    }
}

TEST(Eq, gives_the_same_samples_whatever_the_blocks) {
    const auto play = [](std::vector<std::uint32_t> blocks) {
        jig::Harness<Eq> eq;
        eq.blocks(std::move(blocks)).set("mid1_gain", 10);
        eq.at(333).set("mid1_hz", 5000).set("low_gain", -12);
        eq.at(1000).set("mid1_on", 0).set("high_gain", 20);
        eq.at(1205).set("mid1_hz", 50).set("high_q", 5);
        return eq.render(jig::noise(-12), 6000);
    };
    const auto reference = play({512});
    EXPECT_EQ(play({1}), reference);
    EXPECT_EQ(play({63}), reference);
    EXPECT_EQ(play({7, 64, 1, 500}), reference);
}

/// How far a sine bends at most: its second difference, which a click makes large.
float sharpest(const std::vector<float>& y, std::size_t first) {
    float most = 0;
    for (std::size_t i = first; i + 2 < y.size(); ++i) {
        most = std::max(most, std::fabs(y[i + 2] - 2 * y[i + 1] + y[i]));
    }
    return most;
}

TEST(Eq, changes_without_a_click) {
    jig::Harness<Eq> eq;
    eq.set("mid1_hz", 200).set("mid1_gain", 12);
    eq.at(20000).set("mid1_on", 0);
    eq.at(30000).set("mid1_on", 1);
    eq.at(40000).set("mid1_gain", -24);
    eq.at(50000).set("mid1_hz", 4000).set("mid1_q", 8);
    const auto y = eq.render(jig::sine(200, -20), 60000);
    const auto loudest = sharpest(std::vector(y[0].begin(), y[0].begin() + 20000), 10000);
    EXPECT_LT(sharpest(y[0], 10000), 2 * loudest) << "at its loudest without any change";
}

TEST(Eq, stays_below_half_of_a_low_rate) {
    jig::Harness<Eq> eq;
    eq.rate(16000).set("high_hz", 20000).set("high_gain", 24).set("mid2_hz", 15000);
    eq.set("mid2_gain", -24);
    EXPECT_LT(eq.render(jig::noise(-40), 16000).peak(), 1.0f);
}

TEST(Eq, forgets_all_on_reset) {
    jig::Harness<Eq> used, fresh;
    for (auto* eq : {&used, &fresh}) {
        eq->set("low_gain", 24).set("low_hz", 20).set("low_q", 18);
    }
    (void)used.render(jig::noise(), 5005);
    used.reset();
    EXPECT_EQ(used.render(jig::impulse(5005), 1000), fresh.render(jig::impulse(), 1000));
}

TEST(Eq, is_a_good_plugin) {
    EXPECT_EQ(jig::checks::all<Eq>(), "");
}

} // namespace
