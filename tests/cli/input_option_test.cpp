#include "cli/input_option.hpp"

#include <gtest/gtest.h>

namespace jig::cli {
namespace {

using wire::InputKind;

session::InputOptions parsed(const std::string& text) {
    auto input = parse_input(text);
    EXPECT_TRUE(input.ok()) << text << ": " << (input ? "" : input.error());
    return input ? *input : session::InputOptions{};
}

TEST(InputOption, device_and_off_stand_alone) {
    EXPECT_EQ(parsed("device").kind, InputKind::device);
    EXPECT_EQ(parsed("off").kind, InputKind::off);
}

TEST(InputOption, a_file_may_loop) {
    const auto once = parsed("file:a song, live.wav");
    EXPECT_EQ(once.kind, InputKind::file);
    EXPECT_EQ(once.file, "a song, live.wav");
    EXPECT_FALSE(once.loop);
    const auto looped = parsed("file:/music/c:d.wav,loop");
    EXPECT_EQ(looped.file, "/music/c:d.wav");
    EXPECT_TRUE(looped.loop);
}

TEST(InputOption, a_sine_has_a_frequency_and_may_have_a_level) {
    EXPECT_EQ(parsed("sine:440").kind, InputKind::sine);
    EXPECT_EQ(parsed("sine:440").hz, 440);
    EXPECT_EQ(parsed("sine:440").level_db, -18);
    EXPECT_EQ(parsed("sine:997.5,-6.5").hz, 997.5);
    EXPECT_EQ(parsed("sine:997.5,-6.5").level_db, -6.5);
}

TEST(InputOption, noise_has_a_level_only) {
    EXPECT_EQ(parsed("noise").kind, InputKind::noise);
    EXPECT_EQ(parsed("noise:-30").level_db, -30);
    EXPECT_FALSE(parse_input("noise:1000,-30"));
}

TEST(InputOption, impulses_come_once_a_second_unless_told_otherwise) {
    EXPECT_EQ(parsed("impulse").kind, InputKind::impulse);
    EXPECT_EQ(parsed("impulse").hz, 1);
    EXPECT_EQ(parsed("impulse:2,0").hz, 2);
    EXPECT_EQ(parsed("impulse:2,0").level_db, 0);
}

TEST(InputOption, what_is_none_is_refused_with_the_forms_there_are) {
    for (const char* text :
         {"",           "tape",       "device:1",   "off:",          "file",
          "file:",      "file:,loop", "sine:",      "sine:-1",       "sine:0",
          "sine:1e9",   "sine:440,",  "sine:440,1", "sine:440,-121", "sine:440,-6,1",
          "sine:440hz", "sine:nan",   "noise:loud", "noise:inf",     "impulse:0"}) {
        const auto input = parse_input(text);
        ASSERT_FALSE(input) << text;
        EXPECT_NE(input.error().find("sine:HZ[,DBFS]"), std::string::npos) << input.error();
    }
}

} // namespace
} // namespace jig::cli
