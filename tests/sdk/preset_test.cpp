#include <jig/harness.hpp>
#include <jig/jig.hpp>

#include <gtest/gtest.h>

namespace {

struct Amp : jig::Effect {
    static constexpr auto id = "test.amp", name = "Amp";
    Param drive{this, "drive", "Drive", dB(0, 40, 6)};
    Param tone{this, "tone", "Tone", Linear(0, 10, 5)};
    Preset clean{this, "Clean", {{"drive", 0}}, Doc("As it comes.")};
    Preset loud{this, "Loud", {{"drive", 40}, {"tone", 2.5}}};
    void process(Block) {}
};

TEST(Preset, is_described_with_its_values_by_id) {
    const auto& plugin = jig::detail::Description<Amp>::get();
    ASSERT_TRUE(JIG_HAS(&plugin, presets));
    ASSERT_EQ(plugin.presets.count, 2u);
    const auto& clean = jig::detail::element<jig_preset>(plugin.presets, 0);
    EXPECT_STREQ(clean.name, "Clean");
    EXPECT_STREQ(clean.doc, "As it comes.");
    const auto& loud = jig::detail::element<jig_preset>(plugin.presets, 1);
    ASSERT_EQ(loud.value_count, 2u);
    EXPECT_STREQ(loud.values[1].param, "tone");
    EXPECT_EQ(loud.values[1].value, 2.5);
}

TEST(Preset, sets_what_it_lists_and_the_rest_to_its_default) {
    jig::Harness<Amp> amp;
    amp.set("tone", 9).preset("Clean");
    (void)amp.render(1);
    EXPECT_EQ(amp.plugin().drive.value(), 0.0f);
    EXPECT_EQ(amp.plugin().tone.value(), 5.0f);
    amp.preset("Loud");
    (void)amp.render(1);
    EXPECT_EQ(amp.plugin().drive.value(), 40.0f);
    EXPECT_EQ(amp.plugin().tone.value(), 2.5f);
    EXPECT_THROW(amp.preset("Clear"), std::runtime_error);
}

} // namespace
