#include "link/log_ring.hpp"
#include "link/memory.hpp"

#include <bit>
#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <thread>

namespace {

using jig::link::append_log;
using jig::link::format_log;
using jig::link::kLogRingSize;
using jig::link::LogLine;
using jig::link::LogReader;
using jig::link::Regions;

jig_log_site site(const char* format) {
    jig_log_site made{};
    made.format = format;
    made.level = JIG_LOG_INFO;
    return made;
}

std::string formatted(const char* format, std::vector<std::uint64_t> args) {
    return format_log(format, std::strlen(format), args.data(),
                      static_cast<std::uint32_t>(args.size()));
}

class LogRing : public testing::Test {
  protected:
    Regions regions_ = std::move(*Regions::create());
    jig::link::Ring<jig::link::LogEntry, kLogRingSize>& ring_ = regions_.engine().log;
    LogReader reader_{ring_};
    std::uint64_t lost_ = 0;
};

TEST_F(LogRing, a_line_arrives_formatted) {
    const std::uint64_t args[] = {42, std::bit_cast<std::uint64_t>(2.5)};
    append_log(ring_, 77, site("cutoff %d at %.1f Hz"), args, 2);
    LogLine line;
    ASSERT_TRUE(reader_.read(line, lost_));
    EXPECT_EQ(line.text, "cutoff 42 at 2.5 Hz");
    EXPECT_EQ(line.frame, 77u);
    EXPECT_FALSE(reader_.read(line, lost_));
    EXPECT_EQ(lost_, 0u);
}

TEST_F(LogRing, a_plugin_that_logs_without_pause_loses_lines_and_they_are_counted) {
    for (std::uint64_t i = 0; i < 5000; ++i) {
        append_log(ring_, i, site("%d"), &i, 1);
    }
    LogLine line;
    std::uint64_t read = 0;
    while (reader_.read(line, lost_)) {
        ++read;
    }
    EXPECT_EQ(line.text, "4999");
    EXPECT_EQ(read + lost_, 5000u);
}

TEST_F(LogRing, lines_of_many_threads_are_whole_or_counted) {
    constexpr std::uint64_t kEach = 20'000;
    std::vector<std::thread> writers;
    for (std::uint64_t w = 1; w <= 3; ++w) {
        writers.emplace_back([&, w] {
            for (std::uint64_t i = 0; i < kEach; ++i) {
                const std::uint64_t args[] = {w * 1'000'000 + i, w * 1'000'000 + i};
                append_log(ring_, i, site("%d %d"), args, 2);
            }
        });
    }
    std::uint64_t read = 0;
    LogLine line;
    const auto drain = [&] {
        while (reader_.read(line, lost_)) {
            ++read;
            const auto space = line.text.find(' ');
            ASSERT_EQ(line.text.substr(0, space), line.text.substr(space + 1));
        }
    };
    for (int i = 0; i < 1000; ++i) {
        drain();
    }
    for (auto& writer : writers) {
        writer.join();
    }
    for (int i = 0; i < 100; ++i) { // places whose writer was overtaken are waited for a while
        drain();
    }
    EXPECT_EQ(read + lost_, 3 * kEach);
}

TEST_F(LogRing, any_bytes_in_the_ring_are_safe_to_read) {
    std::mt19937_64 random(3);
    for (int round = 0; round < 20; ++round) {
        auto* bytes = reinterpret_cast<unsigned char*>(&ring_);
        for (std::size_t at = 0; at + 8 <= sizeof ring_; at += 8) {
            const auto word = random();
            std::memcpy(bytes + at, &word, 8);
        }
        for (std::uint64_t i = 0; i < kLogRingSize; ++i) { // half of them pretend to be complete
            const std::uint64_t written = ring_.written;
            ring_.entries[(written - 1 - i) & (kLogRingSize - 1)].seq =
                i % 2 == 0 ? written - i : i;
        }
        LogLine line;
        for (int i = 0; i < 3000 && reader_.read(line, lost_); ++i) {
            EXPECT_LE(line.level, JIG_LOG_ERROR);
        }
    }
}

TEST(LogFormat, knows_what_printf_knows_of_numbers) {
    EXPECT_EQ(formatted("%d%%", {50}), "50%");
    EXPECT_EQ(formatted("%5d|%-5d|%05d", {1, 2, 3}), "    1|2    |00003");
    EXPECT_EQ(formatted("%x %ld %lu", {255, static_cast<std::uint64_t>(-1), 7}), "ff -1 7");
    EXPECT_EQ(formatted("%g", {std::bit_cast<std::uint64_t>(0.5)}), "0.5");
}

TEST(LogFormat, shows_what_it_does_not_know_as_it_stands) {
    EXPECT_EQ(formatted("%s %n %p", {1, 2, 3}), "%s %n %p");
    EXPECT_EQ(formatted("100 %", {}), "100 %");
    EXPECT_EQ(formatted("%d %d", {1}), "1 ?");
    EXPECT_EQ(formatted("%*d", {1}), "%*d");
}

TEST(LogFormat, a_width_beyond_reason_is_cut_off) {
    EXPECT_LE(formatted("%9999999d", {1}).size(), 128u);
    EXPECT_LE(formatted("%.999999f", {std::bit_cast<std::uint64_t>(1e300)}).size(), 128u);
}

} // namespace
