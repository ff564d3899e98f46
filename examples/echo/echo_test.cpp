#include "echo.cpp"

#include <jig/checks.hpp>
#include <jig/harness.hpp>
#include <jig/measure.hpp>

#include <gtest/gtest.h>

#include <complex>

namespace {

TEST(Echo, repeats_an_impulse_on_the_frames_of_its_time) {
    jig::Harness<Echo> echo;
    echo.set("time", 250).set("mix", 100).set("feedback", 0);
    const auto h = echo.render(jig::impulse(), 48000);
    for (std::size_t i = 0; i < h.frames(); ++i) {
        ASSERT_EQ(h[0][i], i == 12000 ? 1.0f : 0.0f) << "frame " << i;
    }
}

/// z^−D / (1 − g·H·z^−D), with the one pole of the tone H = (1 − p) / (1 − p·z^−1).
TEST(Echo, has_the_response_of_its_formula) {
    struct Setting {
        double rate, ms, feedback, tone, mix;
    };
    for (const auto& s : {Setting{48000, 20, 50, 5000, 100}, Setting{44100, 3, 90, 800, 35},
                          Setting{96000, 1, 95, 20000, 60}, Setting{192000, 11, 0, 500, 50}}) {
        jig::Harness<Echo> echo;
        echo.rate(s.rate).blocks({512}).set("time", s.ms).set("feedback", s.feedback);
        echo.set("tone", s.tone).set("mix", s.mix);
        const auto h = echo.render(jig::impulse(), static_cast<std::uint64_t>(s.rate));
        const double frames = std::round(s.ms * s.rate / 1000);
        const double p = std::exp(-2 * std::numbers::pi * s.tone / s.rate);
        for (double hz = 20; hz < 20000; hz *= 1.3) {
            const auto z = std::polar(1.0, 2 * std::numbers::pi * hz / s.rate);
            const auto delay = std::pow(z, -frames);
            const auto low = (1 - p) / (1.0 - p / z);
            const auto wet = delay / (1.0 - s.feedback / 100 * low * delay);
            const auto expected = 1 - s.mix / 100 + s.mix / 100 * wet;
            ASSERT_NEAR(std::abs(jig::response(h[1], hz, s.rate) - expected), 0, 1e-4)
                << hz << " Hz at " << s.ms << " ms";
        }
    }
}

TEST(Echo, keeps_time_with_the_host_when_told_to) {
    for (const auto& [note, frames] :
         {std::pair{1, 6000u}, {2, 8000u}, {3, 12000u}, {4, 18000u}, {5, 24000u}}) {
        jig::Harness<Echo> echo;
        echo.tempo(120).set("sync", note).set("mix", 100).set("feedback", 0);
        EXPECT_EQ(echo.render(jig::impulse(), 48000)[0][frames], 1.0f) << "note " << note;
    }
    jig::Harness<Echo> alone;
    alone.set("sync", 1).set("time", 100).set("mix", 100).set("feedback", 0);
    EXPECT_EQ(alone.render(jig::impulse(), 48000)[0][4800], 1.0f) << "there is no tempo";
}

TEST(Echo, changes_its_time_without_a_click) {
    jig::Harness<Echo> echo;
    echo.set("time", 100).set("mix", 100).set("feedback", 0);
    echo.at(20000).set("time", 731);
    echo.at(20600).set("time", 43); // in the middle of the fade
    echo.tempo(77).at(40000).set("sync", 4);
    const auto y = echo.render(jig::sine(220), 70000);
    float steepest = 0;
    for (std::size_t i = 10000; i < y.frames(); ++i) {
        steepest = std::max(steepest, std::fabs(y[0][i] - y[0][i - 1]));
    }
    const float of_the_sine = 2 * std::numbers::pi_v<float> * 220 / 48000;
    EXPECT_LT(steepest, of_the_sine + 2.0f / 2400) << "what a fade of 50 ms adds at most";
    EXPECT_NEAR(y.slice(60000, 10000).peak(), 1, 1e-3) << "whole again";
}

TEST(Echo, goes_on_in_a_new_build_bit_for_bit) {
    jig::Harness<Echo> whole, before, after;
    for (auto* echo : {&whole, &before}) {
        echo->set("time", 77).set("feedback", 80);
        echo->at(9000).set("time", 120).set("mix", 90); // the fade is not over at 10,000
        (void)echo->render(jig::noise(), 10000);
    }
    after.take_over(before);
    EXPECT_EQ(after.render(jig::silence(), 20000), whole.render(jig::silence(), 20000));
}

TEST(Echo, dies_away_to_digital_silence) {
    jig::Harness<Echo> echo;
    echo.set("time", 5).set("feedback", 95);
    (void)echo.render(jig::noise(), 4800);
    (void)echo.render(jig::silence(), 5 * 48000);
    EXPECT_EQ(echo.render(jig::silence(), 4800).peak(), 0.0f);
}

TEST(Echo, keeps_its_channels_apart) {
    jig::Harness<Echo> echo;
    jig::Audio input(2, 48000);
    input[1][0] = 1;
    const auto y = echo.render(input);
    EXPECT_EQ(y[0], std::vector<float>(48000));
    EXPECT_GT(y[1][16800], 0.3f);
}

TEST(Echo, is_a_good_plugin) {
    EXPECT_EQ(jig::checks::all<Echo>(), "");
}

} // namespace
