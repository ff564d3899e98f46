#include "synth.cpp"

#include <jig/checks.hpp>
#include <jig/harness.hpp>
#include <jig/measure.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <complex>

namespace {

std::size_t onset(const jig::Audio& audio) {
    const auto& left = audio[0];
    const auto first = std::find_if(left.begin(), left.end(), [](float x) { return x != 0; });
    return static_cast<std::size_t>(first - left.begin());
}

/// Upward crossings of zero.
int turns(const jig::Audio& audio, std::size_t first, std::size_t last) {
    int count = 0;
    for (auto i = first; i < last; ++i) {
        count += audio[0][i] < 0 && audio[0][i + 1] >= 0 ? 1 : 0;
    }
    return count;
}

TEST(Synth, is_silent_until_a_note_begins_on_its_frame) {
    jig::Harness<Synth> synth;
    synth.at(1000).note_on(69);
    const auto output = synth.render(2000);
    // The level is 0 on the first frame of the attack, and a saw is not.
    EXPECT_EQ(onset(output), 1001u);
    EXPECT_EQ(output[0], output[1]);
    EXPECT_EQ(synth.unwritten(), 0u);
}

TEST(Synth, plays_the_pitch_of_the_key_and_bends_it) {
    jig::Harness<Synth> synth;
    synth.set("wave", 0);
    synth.at(0).note_on(69);
    synth.at(48000).midi(0xE0, 0x7F, 0x7F);
    const auto output = synth.render(96000);
    EXPECT_NEAR(turns(output, 0, 48000), 440, 1);
    EXPECT_NEAR(turns(output, 48000, 95999), 440 * std::exp2(2.0 / 12), 1);
}

TEST(Synth, releases_a_note_and_falls_silent_for_good) {
    jig::Harness<Synth> synth;
    synth.set("release", 50).set("sustain", 100);
    synth.at(0).note_on(60);
    synth.at(4800).note_off(60);
    const auto output = synth.render(48000);
    EXPECT_GT(output.slice(4000, 800).peak(), 0.1f);
    EXPECT_EQ(output.slice(24000, 24000).peak(), 0.0f);
    EXPECT_EQ(synth.tap("voices").back(), 0.0f);
}

TEST(Synth, plays_eight_notes_and_steals_the_oldest_for_a_ninth) {
    jig::Harness<Synth> synth;
    for (int key = 60; key < 69; ++key) {
        synth.now().note_on(key);
    }
    (void)synth.render(100);
    EXPECT_EQ(synth.tap("voices").back(), 8.0f);
    for (int key = 61; key < 69; ++key) {
        synth.now().note_off(key);
    }
    (void)synth.render(96000);
    EXPECT_EQ(synth.tap("voices").back(), 0.0f) << "key 60 lost its voice to key 68";
}

TEST(Synth, ends_all_notes_on_the_controllers_for_it) {
    for (const int controller : {120, 123}) {
        jig::Harness<Synth> synth;
        synth.now().note_on(60).note_on(64);
        (void)synth.render(4800);
        synth.now().midi(0xB0, static_cast<std::uint8_t>(controller));
        (void)synth.render(96000);
        EXPECT_EQ(synth.tap("voices").back(), 0.0f) << "controller " << controller;
    }
}

TEST(Synth, gives_the_same_samples_whatever_the_blocks) {
    const auto play = [](std::uint32_t block) {
        jig::Harness<Synth> synth;
        synth.blocks({block});
        synth.at(10).note_on(60, 0.7);
        synth.at(777).note_on(67, 0.5);
        synth.at(1500).set("level", -3);
        synth.at(2001).note_off(60);
        return synth.render(8000);
    };
    const auto reference = play(512);
    EXPECT_GT(reference.peak(), 0.1f);
    EXPECT_EQ(play(1), reference);
    EXPECT_EQ(play(63), reference);
}

TEST(Synth, holds_notes_by_the_pedal) {
    jig::Harness<Synth> synth;
    synth.set("release", 10);
    synth.at(0).note_on(60);
    synth.at(1000).midi(0xB0, 64, 127);
    synth.at(2000).note_off(60);
    synth.at(48000).midi(0xB0, 64, 0);
    const auto output = synth.render(96000);
    EXPECT_GT(output.slice(47000, 1000).peak(), 0.05f);
    EXPECT_EQ(output.slice(60000, 36000).peak(), 0.0f);
}

/// The pitches of the single waves of a sine, in Hz.
std::vector<double> pitches(const std::vector<float>& y) {
    std::vector<double> found;
    double before = 0;
    for (std::size_t i = 0; i + 1 < y.size(); ++i) {
        if (y[i] < 0 && y[i + 1] >= 0) {
            const double now = static_cast<double>(i) + y[i] / (y[i] - y[i + 1]);
            found.push_back(48000 / (now - before));
            before = now;
        }
    }
    found.erase(found.begin(), found.begin() + 20); // the attack
    return found;
}

TEST(Synth, gets_a_vibrato_of_half_a_semitone_by_the_wheel_or_by_pressure) {
    const auto swing = [](std::uint8_t status, std::uint8_t data1, std::uint8_t data2) {
        jig::Harness<Synth> synth;
        synth.set("wave", 0).set("cutoff", 20000).set("sustain", 100);
        synth.now().note_on(81).midi(status, data1, data2);
        const auto output = synth.render(48000);
        const auto all = pitches(output[0]);
        const auto [low, high] = std::minmax_element(all.begin(), all.end());
        return std::pair{12 * std::log2(*low / 880), 12 * std::log2(*high / 880)};
    };
    const auto still = swing(0xB0, 1, 0);
    EXPECT_NEAR(still.second - still.first, 0, 0.01);
    for (const auto& [low, high] : {swing(0xB0, 1, 127), swing(0xD0, 127, 0)}) {
        EXPECT_NEAR(low, -0.5, 0.02);
        EXPECT_NEAR(high, 0.5, 0.02);
    }
}

TEST(Filter, has_the_magnitude_of_its_prototype) {
    for (const auto& [cutoff, damping] : {std::pair{1000.0, 2.0}, {50.0, 0.5}, {15000.0, 0.1}}) {
        Filter filter;
        std::vector<float> h(48000);
        for (std::size_t i = 0; i < h.size(); ++i) {
            h[i] = filter.next(i == 0 ? 1.0f : 0.0f, static_cast<float>(cutoff / 48000),
                               static_cast<float>(damping));
        }
        const auto warped = [](double hz) { return std::tan(std::numbers::pi * hz / 48000); };
        for (double hz = 20; hz < 20000; hz *= 1.4) {
            // 1 / (s² + s/Q + 1) under the bilinear transform
            const std::complex<double> s{0, warped(hz) / warped(cutoff)};
            ASSERT_NEAR(jig::decibels(jig::response(h, hz, 48000)),
                        jig::decibels(1.0 / (s * s + damping * s + 1.0)), 0.01)
                << hz << " Hz, cutoff at " << cutoff << " Hz";
        }
    }
}

TEST(Filter, follows_the_key_and_its_envelope) {
    const auto brightness = [](int key, double tracking, double sweep, std::uint64_t first) {
        jig::Harness<Synth> synth;
        synth.set("cutoff", 400).set("q", 0.5).set("track", tracking);
        synth.set("sweep", sweep).set("sweep_sustain", 0).set("sweep_decay", 500);
        synth.now().note_on(key);
        // A whole number of waves of any A: nothing leaks from one partial into another.
        const auto y = synth.render(48000).slice(first, 4800)[0];
        const double hz = 440 * std::exp2((key - 69) / 12.0);
        return jig::decibels(jig::response(y, 8 * hz, 48000) / jig::response(y, hz, 48000));
    };
    const double plain = brightness(45, 0, 0, 24000);
    EXPECT_NEAR(brightness(57, 100, 0, 24000), brightness(69, 100, 0, 24000), 1.5);
    EXPECT_LT(brightness(57, 0, 0, 24000), plain - 6) << "a higher key is duller";
    EXPECT_GT(brightness(45, 0, 4, 480), plain + 6) << "the envelope opens the filter";
    EXPECT_NEAR(brightness(45, 0, 4, 40000), plain, 0.5) << "and it closes again";
}

TEST(Envelope, takes_the_time_that_was_set) {
    jig::Harness<Synth> synth;
    synth.set("attack", 100).set("decay", 50).set("sustain", 25).set("release", 200);
    (void)synth.render(1);
    const auto speeds = synth.plugin().amp.speeds(48000);
    Envelope envelope;
    envelope.start();
    std::vector<float> levels;
    for (int i = 0; i < 48000; ++i) {
        if (i == 24000) {
            envelope.stop();
        }
        levels.push_back(envelope.next(speeds));
    }
    EXPECT_EQ(levels[0], 0.0f);
    EXPECT_NEAR(levels[2400], 0.5, 1e-3);
    EXPECT_NEAR(levels[4800], 1, 1e-3);
    EXPECT_NEAR(levels[4801 + 2400], 0.25 + 0.75 / 1000, 1e-4) << "60 dB of the way in 50 ms";
    EXPECT_NEAR(levels[24000 + 9600], 0.25 / 1000, 1e-5);
    EXPECT_TRUE(envelope.ended());
}

TEST(Synth, steals_a_voice_without_a_click) {
    const auto steepest = [](int keys) {
        jig::Harness<Synth> synth;
        synth.set("wave", 0).set("sustain", 100).set("cutoff", 20000);
        synth.now().note_on(40, 1);
        for (int key = 1; key < keys; ++key) {
            synth.now().note_on(40, 0.001);
        }
        synth.at(24000).note_on(40, 0.1);
        const auto y = synth.render(30000)[0];
        float most = 0;
        for (std::size_t i = 20000; i < y.size(); ++i) {
            most = std::max(most, std::fabs(y[i] - y[i - 1]));
        }
        return most;
    };
    EXPECT_LT(steepest(8), 1.2f * steepest(7)) << "with eight keys down the loud one is given up";
}

TEST(Synth, is_a_good_plugin) {
    EXPECT_EQ(jig::checks::all<Synth>(), "");
}

} // namespace
