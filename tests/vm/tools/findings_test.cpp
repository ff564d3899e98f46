#include "tests/vm/tools/findings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jig::vm {
namespace {

using testing::HasSubstr;

/// Hears the sequence from frame `from` on, `frames` of it, `delay` frames late.
void hear(Findings& findings, std::uint64_t from, std::uint64_t frames, std::uint64_t delay) {
    for (std::uint64_t i = from; i < from + frames; ++i) {
        findings.hear(i + delay, code::frame(i));
    }
}

TEST(Sequence, tells_the_number_of_every_frame) {
    for (std::uint32_t i = 0; i < code::kFrames; i += 97) {
        ASSERT_EQ(code::number_of(code::frame(i)), i);
    }
}

TEST(Sequence, is_not_found_in_silence_or_in_a_fade) {
    EXPECT_EQ(code::number_of({0, 0}), std::nullopt);
    for (std::uint32_t i = 0; i < 2400; ++i) {
        const Frame frame = code::frame(i);
        const auto gain = static_cast<float>(i) / 2400;
        ASSERT_EQ(code::number_of({frame[0] * gain, frame[1] * gain}), std::nullopt) << i;
    }
}

TEST(Findings, count_each_frame_under_its_round_trip) {
    Findings findings;
    hear(findings, 0, 100, 256);
    hear(findings, 100, 50, 384);
    EXPECT_THAT(findings.json("x", 0), HasSubstr(R"({"256": 100, "384": 50}, "lost": 0)"));
}

TEST(Findings, count_frames_that_never_come) {
    Findings findings;
    hear(findings, 0, 100, 256);
    hear(findings, 107, 50, 256);
    EXPECT_THAT(findings.json("x", 0), HasSubstr(R"("lost": 7, "repeated": 0)"));
}

TEST(Findings, count_frames_that_come_twice) {
    Findings findings;
    hear(findings, 0, 100, 256);
    hear(findings, 60, 40, 296);
    EXPECT_THAT(findings.json("x", 0), HasSubstr(R"("lost": 0, "repeated": 40)"));
}

TEST(Findings, tell_a_gap_from_the_silence_before_and_after) {
    Findings findings;
    for (std::uint64_t i = 0; i < 256; ++i) {
        findings.hear(i, {0, 0});
    }
    hear(findings, 0, 100, 256);
    for (std::uint64_t i = 356; i < 366; ++i) {
        findings.hear(i, {0, 0});
    }
    hear(findings, 110, 100, 256);
    findings.hear(466, {0, 0});
    EXPECT_THAT(findings.json("x", 0),
                HasSubstr(R"("gaps": 1, "longest_gap": 10, "silent_at_end": 1)"));
}

TEST(Findings, take_no_crossing_of_zero_for_a_gap) {
    Findings findings;
    for (std::uint64_t i = 0; i < 960; ++i) {
        findings.hear(i, sine::frame(i));
    }
    EXPECT_THAT(findings.json("x", 0), HasSubstr(R"("gaps": 0, "longest_gap": 0)"));
}

TEST(Findings, tell_a_step_in_the_sound_from_its_onset_and_from_its_cut) {
    Findings findings;
    std::uint64_t number = 0;
    for (const float value : {0.0F, 0.125F, 0.0625F, 0.09375F, 0.0F}) {
        findings.hear(number++, {value, value});
    }
    EXPECT_THAT(findings.json("x", 0),
                HasSubstr(R"("peak": 0.125, "largest_step": 0.0625, )"
                          R"("largest_onset": 0.125, "largest_cut": 0.09375)"));
}

} // namespace
} // namespace jig::vm
