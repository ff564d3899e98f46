#include "link/memory.hpp"
#include "link/streams.hpp"

#include <gtest/gtest.h>
#include <numeric>
#include <thread>
#include <vector>

namespace {

using jig::link::EngineRegion;
using jig::link::kMaxFrames;
using jig::link::Regions;
using jig::link::StreamCursor;
using jig::link::StreamLayout;

constexpr std::uint32_t kLength = 1u << 15;

TEST(Stream, a_stream_holds_at_least_two_seconds_in_a_power_of_two) {
    for (const double rate : {8000.0, 44100.0, 48000.0, 96000.0, 192000.0}) {
        const auto frames = jig::link::stream_frames(rate);
        EXPECT_GE(frames, 2 * rate);
        EXPECT_EQ(frames & (frames - 1), 0u);
    }
    EXPECT_EQ(jig::link::stream_frames(1e9), jig::link::kStreamFramesMax);
    EXPECT_EQ(jig::link::stream_frames(-1), kLength);
}

TEST(Stream, samples_survive_the_seam_of_the_ring) {
    std::vector<float> stream(kLength);
    std::vector<float> in(1000);
    std::iota(in.begin(), in.end(), 1.0F);
    jig::link::write_stream(stream.data(), kLength, kLength - 300, in.data(), 1000);
    std::vector<float> out(1000);
    jig::link::read_stream(stream.data(), kLength, kLength - 300, out.data(), 1000);
    EXPECT_EQ(out, in);
    EXPECT_EQ(stream[0], 301.0F);
}

TEST(Stream, inputs_outputs_and_taps_do_not_overlap) {
    const StreamLayout layout{nullptr, kLength};
    EXPECT_EQ(layout.output(0) - layout.input(jig::link::kMaxChannels - 1), kLength);
    EXPECT_EQ(layout.tap(0) - layout.output(jig::link::kMaxChannels - 1), kLength);
}

class Cursor : public testing::Test {
  protected:
    Cursor() : regions_(std::move(*Regions::create())), region_(regions_.engine()) {}
    Regions regions_;
    EngineRegion& region_;
};

TEST_F(Cursor, hands_out_every_frame_once) {
    StreamCursor cursor(region_, kLength);
    region_.frame = 1500;
    auto span = cursor.next(1000);
    EXPECT_EQ(span.frame, 0u);
    EXPECT_EQ(span.count, 1000u);
    EXPECT_TRUE(cursor.finish(span));
    span = cursor.next(1000);
    EXPECT_EQ(span.frame, 1000u);
    EXPECT_EQ(span.count, 500u);
    EXPECT_TRUE(cursor.finish(span));
    EXPECT_EQ(cursor.next(1000).count, 0u);
}

TEST_F(Cursor, counts_what_was_overwritten_unread) {
    StreamCursor cursor(region_, kLength);
    region_.frame = 100'000;
    const auto span = cursor.next(kLength);
    EXPECT_EQ(span.dropped + span.count, 100'000u);
    EXPECT_EQ(span.frame, span.dropped);
    EXPECT_TRUE(cursor.finish(span));
}

TEST_F(Cursor, notices_that_it_was_overtaken_while_it_copied) {
    StreamCursor cursor(region_, kLength);
    region_.frame = 1000;
    const auto span = cursor.next(1000);
    region_.frame = kLength - kMaxFrames + 1; // the writer may be at the span's first frame now
    EXPECT_FALSE(cursor.finish(span));
    EXPECT_EQ(cursor.position(), 1000u);
}

TEST_F(Cursor, begins_in_the_past_as_far_as_that_can_be_read) {
    region_.frame = 10'000;
    EXPECT_EQ(StreamCursor(region_, kLength, 4000).position(), 4000u);
    EXPECT_EQ(StreamCursor(region_, kLength, 20'000).position(), 10'000u);
    region_.frame = 1'000'000;
    StreamCursor cursor(region_, kLength, 0);
    EXPECT_EQ(cursor.position(), 1'000'000 - (kLength - 2 * kMaxFrames));
    EXPECT_EQ(cursor.next(10).dropped, 0u);
}

TEST_F(Cursor, a_position_that_lies_ends_every_read) {
    StreamCursor cursor(region_, kLength);
    for (const std::uint64_t lie : {~std::uint64_t{0}, std::uint64_t{5}, std::uint64_t{1} << 63}) {
        region_.frame = lie;
        for (int i = 0; i < 10; ++i) {
            const auto span = cursor.next(1024);
            EXPECT_LE(span.count, 1024u);
            (void)cursor.finish(span);
        }
        EXPECT_EQ(cursor.next(1024).dropped, 0u);
    }
}

TEST_F(Cursor, a_reader_beside_a_running_writer_sees_each_frame_whole_or_counts_it) {
    const StreamLayout layout{regions_.streams(), kLength};
    StreamCursor cursor(region_, kLength);
    constexpr std::uint64_t kTotal = 1'000'000; // below 2^24, exact in a float
    std::thread writer([&] {
        std::vector<float> block(256);
        for (std::uint64_t frame = 0; frame < kTotal; frame += block.size()) {
            std::iota(block.begin(), block.end(), static_cast<float>(frame));
            jig::link::write_stream(layout.output(0), kLength, frame, block.data(), 256);
            region_.frame.store(frame + block.size(), std::memory_order_release);
        }
    });
    std::uint64_t seen = 0;
    std::uint64_t dropped = 0;
    std::vector<float> copy(1024);
    while (seen + dropped < kTotal) {
        const auto span = cursor.next(1024);
        dropped += span.dropped;
        jig::link::read_stream(layout.output(0), kLength, span.frame, copy.data(), span.count);
        if (!cursor.finish(span)) {
            dropped += span.count;
            continue;
        }
        seen += span.count;
        for (std::uint32_t i = 0; i < span.count; ++i) {
            ASSERT_EQ(copy[i], static_cast<float>(span.frame + i));
        }
    }
    writer.join();
    EXPECT_EQ(cursor.position(), seen + dropped);
}

} // namespace
