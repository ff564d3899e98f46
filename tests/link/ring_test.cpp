#include "link/rings.hpp"

#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <thread>

namespace {

using jig::link::append;
using jig::link::Ring;
using jig::link::RingReader;

/// Says by itself whether it is whole.
struct Entry {
    std::uint64_t number;
    std::uint64_t check;
};
constexpr std::uint64_t kMark = 0x9e3779b97f4a7c15u;
Entry entry(std::uint64_t number) {
    return {number, number * kMark};
}

constexpr std::uint32_t kSize = 16;
using SmallRing = Ring<Entry, kSize>;
using SmallReader = RingReader<Entry, kSize>;

std::vector<std::uint64_t> read_all(SmallReader& reader, std::uint64_t& lost) {
    std::vector<std::uint64_t> numbers;
    std::array<Entry, 5> some;
    while (const auto count = reader.read(some, lost)) {
        for (std::size_t i = 0; i < count; ++i) {
            numbers.push_back(some[i].number);
        }
    }
    return numbers;
}

TEST(Ring, what_is_appended_is_read_once_and_in_order) {
    SmallRing ring{};
    SmallReader reader(ring);
    std::uint64_t lost = 0;
    for (std::uint64_t i = 0; i < 12; ++i) {
        append(ring, entry(i));
    }
    EXPECT_THAT(read_all(reader, lost), testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    EXPECT_TRUE(read_all(reader, lost).empty());
    EXPECT_EQ(lost, 0u);
}

TEST(Ring, what_is_overwritten_is_counted) {
    SmallRing ring{};
    SmallReader reader(ring);
    for (std::uint64_t i = 0; i < 100; ++i) {
        append(ring, entry(i));
    }
    std::uint64_t lost = 0;
    const auto numbers = read_all(reader, lost);
    ASSERT_FALSE(numbers.empty());
    EXPECT_EQ(numbers.back(), 99u);
    EXPECT_EQ(numbers.front(), lost);
    EXPECT_EQ(numbers.size() + lost, 100u);
}

TEST(Ring, a_reader_begins_at_the_present_or_at_the_oldest_entry) {
    SmallRing ring{};
    append(ring, entry(0));
    append(ring, entry(1));
    std::uint64_t lost = 0;
    SmallReader now(ring);
    EXPECT_TRUE(read_all(now, lost).empty());
    SmallReader oldest(ring, SmallReader::From::oldest);
    EXPECT_THAT(read_all(oldest, lost), testing::ElementsAre(0, 1));
    for (std::uint64_t i = 2; i < 50; ++i) {
        append(ring, entry(i));
    }
    SmallReader later(ring, SmallReader::From::oldest);
    EXPECT_EQ(read_all(later, lost).size(), kSize - 1);
    EXPECT_EQ(lost, 0u);
}

TEST(Ring, a_counter_that_lies_ends_every_read) {
    SmallRing ring{};
    SmallReader reader(ring);
    std::array<Entry, 5> some;
    std::uint64_t lost = 0;
    for (const std::uint64_t lie : {~std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 63,
                                    std::uint64_t{0}, ~std::uint64_t{0} - 3}) {
        ring.written = lie;
        for (int i = 0; i < 10; ++i) {
            EXPECT_LE(reader.read(some, lost), some.size());
        }
    }
}

TEST(Ring, a_reader_that_is_overtaken_never_shows_a_torn_entry) {
    auto ring = std::make_unique<SmallRing>();
    SmallReader reader(*ring);
    constexpr std::uint64_t kCount = 200'000;
    std::thread writer([&] {
        for (std::uint64_t i = 0; i < kCount; ++i) {
            append(*ring, entry(i));
        }
    });
    std::uint64_t lost = 0;
    std::uint64_t seen = 0;
    std::array<Entry, 16> some;
    while (seen + lost < kCount) {
        const auto count = reader.read(some, lost);
        for (std::size_t i = 0; i < count; ++i) {
            ASSERT_EQ(some[i].check, some[i].number * kMark);
        }
        seen += count;
    }
    writer.join();
    EXPECT_EQ(seen + lost, kCount);
}

} // namespace
