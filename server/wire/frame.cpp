#include "wire/frame.hpp"

#include "wire/names.hpp"

#include <bit>
#include <type_traits>

#include <nlohmann/json.hpp>

namespace jig::wire {

namespace {

/// Appends in little-endian order on every machine.
template <typename T>
void put(std::string& bytes, T value) {
    static_assert(std::is_unsigned_v<T>);
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        bytes.push_back(static_cast<char>((value >> (8 * i)) & 0xFFU));
    }
}

std::uint8_t kind_number(Stream stream) {
    return static_cast<std::uint8_t>(static_cast<int>(stream) + 1);
}

} // namespace

std::string encode_frame(const FrameHeader& header, std::span<const float> values) {
    std::string bytes;
    bytes.reserve(kFrameHeaderBytes + values.size() * sizeof(float));
    put(bytes, kFrameVersion);
    put(bytes, kind_number(header.stream));
    put(bytes, header.sub);
    put(bytes, header.seq);
    put(bytes, header.frame);
    put(bytes, header.generation);
    put(bytes, header.skipped);
    put(bytes, header.channels);
    put(bytes, kFrameFormatF32);
    put(bytes, static_cast<std::uint32_t>(values.size()));
    for (const float value : values) {
        put(bytes, std::bit_cast<std::uint32_t>(value));
    }
    return bytes;
}

std::string encode_frame_json(const FrameHeader& header, std::span<const float> values) {
    using Json = nlohmann::ordered_json;
    Json numbers = Json::array();
    for (const float value : values) {
        numbers.push_back(value);
    }
    return Json{{"jsonrpc", "2.0"},
                {"method", "stream.frame"},
                {"params",
                 {{"sub", header.sub},
                  {"seq", header.seq},
                  {"frame", header.frame},
                  {"generation", header.generation},
                  {"skipped", header.skipped},
                  {"values", std::move(numbers)}}}}
        .dump();
}

} // namespace jig::wire
