#include "reverb.cpp"

#include <jig/checks.hpp>
#include <jig/harness.hpp>
#include <jig/measure.hpp>

#include <gtest/gtest.h>

#include <numeric>

namespace {

/// What comes of an impulse in both channels, without the impulse; so long that 90 dB are lost.
jig::Audio room(double decay, double highs, double rate = 48000) {
    jig::Harness<Reverb> reverb;
    reverb.rate(rate).blocks({512});
    reverb.set("decay", decay).set("highs", highs).set("mix", 100);
    return reverb.render(jig::impulse(), static_cast<std::uint64_t>(1.5 * decay * rate));
}

/// `times` means of two neighbours, or halves of their difference: the lows, or the highs.
std::vector<float> filtered(std::vector<float> y, float sign, int times) {
    for (; times > 0; --times) {
        for (std::size_t i = y.size() - 1; i > 0; --i) {
            y[i] = 0.5f * (y[i] + sign * y[i - 1]);
        }
    }
    return y;
}

TEST(Reverb, decays_in_the_time_that_was_set) {
    for (const auto& [decay, rate] :
         {std::pair{0.4, 44100.0}, {1.5, 96000.0}, {2.0, 48000.0}, {5.0, 44100.0}}) {
        const auto h = room(decay, 100, rate);
        EXPECT_NEAR(jig::reverberation_time(h[0], rate), decay, 0.05 * decay) << rate;
        EXPECT_NEAR(jig::reverberation_time(h[1], rate), decay, 0.05 * decay) << rate;
    }
}

TEST(Reverb, gives_lows_and_highs_times_of_their_own) {
    const auto h = room(1.5, 25);
    const auto lows = filtered(h[0], 1, 200), highs = filtered(h[0], -1, 200);
    EXPECT_NEAR(jig::reverberation_time(lows, 48000), 1.5, 0.05 * 1.5);
    EXPECT_NEAR(jig::reverberation_time(highs, 48000), 0.375, 0.05 * 0.375);
}

TEST(Reverb, has_a_matrix_that_keeps_all_energy_and_undoes_itself) {
    for (std::size_t k = 0; k < kLines; ++k) {
        Lines unit{};
        unit[k] = 1;
        scatter(unit);
        for (const float part : unit) {
            EXPECT_EQ(std::fabs(part), 0.25f) << "an equal share for each line";
        }
        scatter(unit);
        for (std::size_t i = 0; i < kLines; ++i) {
            EXPECT_EQ(unit[i], i == k ? 1.0f : 0.0f) << "orthogonal and symmetric";
        }
    }
}

TEST(Reverb, loses_energy_all_the_time) {
    const auto h = room(1.2, 60);
    const std::size_t window = 4800;
    double before = 1e9;
    for (std::size_t i = 0; i + window <= h.frames(); i += window) {
        const double now = jig::rms(std::span(h[0]).subspan(i, window));
        EXPECT_LT(now, i < 2 * window ? 1e9 : before) << "window at frame " << i;
        before = now;
    }
}

TEST(Reverb, ends_in_digital_silence) {
    jig::Harness<Reverb> reverb;
    reverb.set("decay", 0.2).set("mix", 100);
    (void)reverb.render(jig::noise(), 4800);
    (void)reverb.render(jig::silence(), 96000);
    EXPECT_EQ(reverb.render(jig::silence(), 9600).peak(), 0.0f);
}

TEST(Reverb, sounds_different_on_the_left_and_the_right) {
    const auto h = room(2, 50);
    const auto tail = h.slice(4800, 48000);
    EXPECT_LT(std::fabs(jig::correlation(tail[0], tail[1])), 0.05);
    EXPECT_NEAR(jig::decibels(jig::rms(tail[0]) / jig::rms(tail[1])), 0, 1);
}

TEST(Reverb, is_as_loud_as_what_it_is_given_at_every_decay) {
    for (const double decay : {0.3, 2.0, 8.0}) {
        jig::Harness<Reverb> reverb;
        reverb.blocks({512}).set("decay", decay).set("highs", 100).set("mix", 100);
        jig::Audio input(2, static_cast<std::size_t>((decay / 2 + 1) * 48000));
        for (std::size_t i = 0; i < input.frames(); ++i) {
            input[0][i] = jig::noise(-20, 1)(i, 48000);
            input[1][i] = jig::noise(-20, 2)(i, 48000);
        }
        const auto output = reverb.render(input).slice(input.frames() - 48000, 48000);
        EXPECT_NEAR(jig::decibels(jig::rms(output[0]) / jig::rms(input[0])), 0, 1.5) << decay;
    }
}

TEST(Reverb, passes_every_bit_while_nothing_of_it_is_mixed_in) {
    jig::Harness<Reverb> reverb;
    reverb.set("mix", 0);
    const auto y = reverb.render(jig::noise(), 10000);
    for (std::size_t i = 0; i < y.frames(); ++i) {
        ASSERT_EQ(y[1][i], jig::noise()(i, 48000)) << "frame " << i;
    }
}

TEST(Reverb, has_lines_of_lengths_that_share_no_factor) {
    for (const double rate : {8000.0, 44100.0, 192000.0}) {
        std::vector<std::size_t> lengths;
        for (int ms = 30; ms < 80; ms += 3) {
            lengths.push_back(prime_from(static_cast<std::size_t>(ms * rate / 1000)));
        }
        for (std::size_t i = 1; i < lengths.size(); ++i) {
            EXPECT_EQ(std::gcd(lengths[i - 1], lengths[i]), 1u);
        }
    }
}

TEST(Reverb, fills_as_many_channels_as_it_is_given) {
    for (const std::uint32_t channels : {1u, 3u, 16u}) {
        jig::Harness<Reverb> reverb;
        reverb.channels(channels).set("mix", 100);
        const auto h = reverb.render(jig::impulse(), 24000);
        ASSERT_EQ(h.channels(), channels);
        for (std::uint32_t c = 0; c < channels; ++c) {
            EXPECT_GT(jig::rms(h[c]), 1e-4) << "channel " << c << " of " << channels;
        }
    }
}

TEST(Reverb, is_a_good_plugin) {
    EXPECT_EQ(jig::checks::all<Reverb>(), "");
}

} // namespace
