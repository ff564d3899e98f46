#include "session/stdio_tail.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace jig::session {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class StdioTailTest : public testing::Test {
  protected:
    static StdioTail make() {
        auto tail = StdioTail::create("jig-test");
        EXPECT_TRUE(tail.ok());
        return std::move(*tail);
    }
    void print(std::string_view text) {
        ASSERT_EQ(::write(tail_.fd(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    std::uint64_t allocated_bytes() {
        struct stat status {};
        ::fstat(tail_.fd(), &status);
        return static_cast<std::uint64_t>(status.st_blocks) * 512;
    }

    StdioTail tail_ = make();
};

TEST_F(StdioTailTest, lines_come_once_each) {
    print("one\ntwo\n");
    EXPECT_THAT(tail_.read().lines, ElementsAre("one", "two"));
    EXPECT_THAT(tail_.read().lines, IsEmpty());
    print("\nthree\n");
    EXPECT_THAT(tail_.read().lines, ElementsAre("", "three"));
}

TEST_F(StdioTailTest, a_line_waits_for_its_end) {
    print("hel");
    EXPECT_THAT(tail_.read().lines, IsEmpty());
    print("lo\nnext");
    EXPECT_THAT(tail_.read().lines, ElementsAre("hello"));
}

TEST_F(StdioTailTest, the_last_words_come_without_an_end) {
    print("about to fall over");
    EXPECT_THAT(tail_.read(true).lines, ElementsAre("about to fall over"));
    EXPECT_THAT(tail_.read(true).lines, IsEmpty());
}

TEST_F(StdioTailTest, a_line_without_an_end_comes_in_pieces) {
    print(std::string(StdioTail::kLongestLine + 10, 'x') + "\n");
    const auto lines = tail_.read().lines;
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].size(), StdioTail::kLongestLine);
    EXPECT_EQ(lines[1], std::string(10, 'x'));
}

TEST_F(StdioTailTest, many_lines_come_in_portions_and_in_order) {
    std::string text;
    for (int i = 0; i < 120; ++i) {
        text += std::to_string(i) + "\n";
    }
    print(text);
    int next = 0;
    for (const std::size_t portion : {50u, 50u, 20u}) {
        const auto lines = tail_.read().lines;
        ASSERT_EQ(lines.size(), portion);
        for (const auto& line : lines) {
            EXPECT_EQ(line, std::to_string(next++));
        }
    }
}

TEST_F(StdioTailTest, of_a_flood_the_newest_comes_and_the_rest_is_counted) {
    std::uint64_t written = 0;
    for (int i = 0; i < 100'000; ++i) {
        const auto line = "line " + std::to_string(i) + " of a flood\n";
        print(line);
        written += line.size();
    }
    auto got = tail_.read();
    EXPECT_GT(got.dropped_bytes, 0u);
    EXPECT_GE(got.dropped_bytes, written - StdioTail::kMostUnread);
    EXPECT_LT(got.dropped_bytes, written);
    std::string last;
    std::size_t portions = 0;
    for (; !got.lines.empty(); got = tail_.read()) {
        for (const auto& line : got.lines) {
            EXPECT_TRUE(line.starts_with("line ") && line.ends_with(" of a flood")) << line;
        }
        last = got.lines.back();
        ++portions;
    }
    EXPECT_EQ(last, "line 99999 of a flood");
    EXPECT_LT(portions, 200u) << "the last line is shown within seconds";
}

TEST_F(StdioTailTest, what_has_been_read_is_given_back) {
    const std::string block(64 * 1024 - 1, 'x');
    for (int i = 0; i < 200; ++i) {
        print(block + "\n");
        while (!tail_.read().lines.empty()) {
        }
        EXPECT_LE(allocated_bytes(), 2 * 64 * 1024u);
    }
    print("still heard\n");
    EXPECT_THAT(tail_.read().lines, ElementsAre("still heard"));
}

TEST_F(StdioTailTest, a_flood_that_was_passed_over_is_given_back_too) {
    const std::string block(1 << 20, 'x');
    for (int i = 0; i < 16; ++i) {
        print(block);
    }
    EXPECT_GT(tail_.read().dropped_bytes, 15u << 20);
    EXPECT_LE(allocated_bytes(), StdioTail::kMostUnread);
}

TEST_F(StdioTailTest, a_plugin_may_truncate_its_output) {
    print(std::string(100'000, 'x') + "\n");
    while (!tail_.read().lines.empty()) {
    }
    ASSERT_EQ(::ftruncate(tail_.fd(), 0), 0);
    EXPECT_THAT(tail_.read().lines, IsEmpty());
    print("again\n");
    EXPECT_THAT(tail_.read().lines, ElementsAre("again"));
    for (int i = 0; i < 100; ++i) {
        print(std::string(4096, 'y') + "\n");
        static_cast<void>(tail_.read());
    }
    EXPECT_LE(allocated_bytes(), 16 * 1024u);
    ASSERT_EQ(::ftruncate(tail_.fd(), off_t{1} << 40), 0);
    EXPECT_GT(tail_.read().dropped_bytes, std::uint64_t{1} << 39);
}

} // namespace
} // namespace jig::session
