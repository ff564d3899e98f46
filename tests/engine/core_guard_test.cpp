// Ears first: what must never be heard.
#include "tests/engine/rig.hpp"
#include "tests/plugins/test_plugins.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace jig::tests {
namespace {

TEST(Guard, nan_becomes_silence_and_is_counted_with_its_first_frame) {
    Rig rig;
    rig.play(test_plugin("nan"));
    rig.warm_up();
    rig.set(0, 1);
    const auto frame = rig.region().frame.load();
    const auto& out = rig.pump(constant(2, 64, 0.5F));
    EXPECT_EQ(out[0][0], 0.0F);
    EXPECT_EQ(out[0][1], 0.5F);
    EXPECT_GE(rig.region().nan_samples.load(), 1u);
    EXPECT_EQ(rig.region().nan_first_frame.load(), frame);
}

TEST(Guard, samples_that_a_plugin_leaves_unwritten_are_silent_and_counted) {
    Rig rig;
    rig.play(test_plugin("unwritten"));
    rig.warm_up();
    const auto before = rig.region().unwritten_samples.load();
    const auto& out = rig.pump(constant(2, 64, 0.5F));
    EXPECT_EQ(out[0][0], 0.5F);
    EXPECT_EQ(out[1][0], 0.0F);
    EXPECT_EQ(rig.region().unwritten_samples.load() - before, 64u);
    EXPECT_EQ(rig.region().nan_samples.load(), 0u);
}

TEST(Guard, a_plugin_whose_process_fails_is_silent_from_then_on) {
    Rig rig;
    rig.play(test_plugin("process_fails"));
    rig.warm_up();
    EXPECT_EQ(rig.pump(constant(2, 64, 0.5F))[0][0], 0.0F);
    EXPECT_EQ(rig.region().process_errors.load(), 1u);
}

TEST(Guard, loud_output_trips_within_six_milliseconds_and_a_rearm_opens_it) {
    Rig rig;
    rig.play(kGain);
    rig.warm_up();
    rig.set(0, 24);
    rig.pump(sine(2, 0, 480, 997, 0.0));
    std::uint32_t loud = 0;
    for (std::uint32_t at = 0; at < 4800; at += 48) {
        for (const float x : rig.pump(sine(2, at, 48, 997, 1.0))[0]) {
            loud += std::fabs(x) > 2.0F ? 1 : 0;
        }
    }
    EXPECT_EQ(rig.region().tripped.load(), 1u);
    EXPECT_EQ(rig.region().trips.load(), 1u);
    EXPECT_LT(loud, 6 * 48u);
    rig.set(0, 0);
    rig.pump(constant(2, 4800, 0.5F));
    EXPECT_EQ(rig.pump(constant(2, 64, 0.5F))[0][63], 0.0F) << "it stays closed by itself";
    rig.server().rearm_count.fetch_add(1);
    const auto& out = rig.pump(constant(2, 4800, 0.5F));
    EXPECT_LT(out[0][10], 0.01F) << "it opens by a fade";
    EXPECT_EQ(out[0][4799], 0.5F);
}

TEST(Guard, a_single_loud_peak_passes_bit_for_bit) {
    Rig rig;
    rig.play(kGain);
    rig.warm_up();
    auto input = constant(2, 480, 0.0F);
    input[0][100] = 4.0F;
    EXPECT_EQ(largest_difference(rig.pump(input), input), 0.0F);
    EXPECT_EQ(rig.region().trips.load(), 0u);
}

} // namespace
} // namespace jig::tests
