#include "link/archive.hpp"
#include "link/messages.hpp"

#include <gtest/gtest.h>
#include <random>

namespace {

using jig::link::from_bytes;
using jig::link::OpenDevice;
using jig::link::to_bytes;

OpenDevice sample() {
    OpenDevice device;
    device.device = "jack";
    device.rate_hz = 44100;
    device.connect_inputs = true;
    device.first_frame = 1ull << 40;
    device.connections = {{"jig:out_1", "system:playback_1"}, {"", "ü"}};
    return device;
}

TEST(Archive, what_is_written_is_read_back) {
    OpenDevice read;
    ASSERT_TRUE(from_bytes(to_bytes(sample()), read));
    EXPECT_EQ(to_bytes(read), to_bytes(sample()));
    EXPECT_EQ(read.connections, sample().connections);
    EXPECT_TRUE(read.connect_inputs);
}

TEST(Archive, a_message_that_is_cut_anywhere_is_refused) {
    const auto bytes = to_bytes(sample());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        OpenDevice read;
        EXPECT_FALSE(from_bytes(std::span(bytes).first(size), read)) << size;
    }
}

TEST(Archive, a_message_with_something_behind_it_is_refused) {
    auto bytes = to_bytes(sample());
    bytes.push_back(std::byte{0});
    OpenDevice read;
    EXPECT_FALSE(from_bytes(bytes, read));
}

TEST(Archive, any_bytes_are_safe_to_read) {
    std::mt19937 random(5);
    for (int round = 0; round < 2000; ++round) {
        auto bytes = to_bytes(sample());
        for (int i = 0; i < 3; ++i) {
            bytes[random() % bytes.size()] = static_cast<std::byte>(random());
        }
        OpenDevice read;
        if (from_bytes(bytes, read)) {
            EXPECT_LE(read.connections.size(), bytes.size());
        }
    }
}

} // namespace
