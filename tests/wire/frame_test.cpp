#include "wire/frame.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace jig::wire;

namespace {

const FrameHeader kHeader{Stream::taps, 0x0201,     0x06050403, 0x0e0d0c0b0a090807,
                          0x1211100f,   0x16151413, 0x1817};

std::vector<unsigned> bytes_of(const std::string& text) {
    std::vector<unsigned> bytes;
    for (const char byte : text) {
        bytes.push_back(static_cast<unsigned char>(byte));
    }
    return bytes;
}

} // namespace

TEST(Frame, the_header_lies_as_the_protocol_page_says) {
    const std::array values{1.0F, -2.0F};
    const auto bytes = bytes_of(encode_frame(kHeader, values));
    EXPECT_THAT(bytes, testing::ElementsAre(1, 3,                                             //
                                            0x01, 0x02,                                       //
                                            0x03, 0x04, 0x05, 0x06,                           //
                                            0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e,   //
                                            0x0f, 0x10, 0x11, 0x12,                           //
                                            0x13, 0x14, 0x15, 0x16,                           //
                                            0x17, 0x18,                                       //
                                            1, 0,                                             //
                                            2, 0, 0, 0,                                       //
                                            0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x00, 0xc0)); //
}

TEST(Frame, kinds_are_numbered_from_one) {
    FrameHeader header;
    header.stream = Stream::meters;
    EXPECT_EQ(encode_frame(header, {})[1], 1);
    header.stream = Stream::load;
    EXPECT_EQ(encode_frame(header, {})[1], 2);
    header.stream = Stream::taps;
    EXPECT_EQ(encode_frame(header, {})[1], 3);
}

TEST(Frame, an_empty_frame_is_its_header) {
    EXPECT_EQ(encode_frame(kHeader, {}).size(), kFrameHeaderBytes);
}

TEST(Frame, values_survive_bit_by_bit) {
    const std::array values{std::numeric_limits<float>::quiet_NaN(),
                            -std::numeric_limits<float>::infinity(),
                            std::numeric_limits<float>::denorm_min(), -0.0F};
    const std::string frame = encode_frame(kHeader, values);
    std::array<float, 4> read{};
    ASSERT_EQ(frame.size(), kFrameHeaderBytes + sizeof read);
    std::memcpy(read.data(), frame.data() + kFrameHeaderBytes, sizeof read);
    EXPECT_EQ(std::memcmp(read.data(), values.data(), sizeof read), 0);
}

TEST(Frame, as_json_it_says_the_same) {
    FrameHeader header;
    header.sub = 7;
    header.seq = 3;
    header.frame = 9007199254740991U;
    header.generation = 2;
    header.skipped = 1;
    const std::array values{0.5F, -0.25F};
    const auto json = nlohmann::json::parse(encode_frame_json(header, values));
    EXPECT_EQ(json, nlohmann::json::parse(R"({"jsonrpc":"2.0","method":"stream.frame","params":
        {"sub":7,"seq":3,"frame":9007199254740991,"generation":2,"skipped":1,
         "values":[0.5,-0.25]}})"));
}

TEST(Frame, in_json_a_value_that_is_not_finite_is_null) {
    const std::array values{std::nanf(""), std::numeric_limits<float>::infinity(), 1.0F};
    const auto json = nlohmann::json::parse(encode_frame_json({}, values));
    EXPECT_EQ(json["params"]["values"], nlohmann::json::parse("[null,null,1.0]"));
}
