// jig/wire/frame.hpp: one frame of a stream, as binary and as JSON.
#pragma once

#include "wire/model.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace jig::wire {

inline constexpr std::size_t kFrameHeaderBytes = 32;
inline constexpr std::uint8_t kFrameVersion = 1;
inline constexpr std::uint16_t kFrameFormatF32 = 1;

/// The header's fields that a sender chooses; version, format and count follow from the rest.
struct FrameHeader {
    Stream stream = Stream::meters;
    std::uint16_t sub = 0;
    std::uint32_t seq = 0;        ///< counts from 1 for each sub
    std::uint64_t frame = 0;      ///< end of the interval that it describes
    std::uint32_t generation = 0; ///< of the build that is heard
    std::uint32_t skipped = 0;    ///< frames merged into this one
    std::uint16_t channels = 0;
};

/// The binary message: 32 bytes and then the values, channel by channel, little-endian. [any]
[[nodiscard]] std::string encode_frame(const FrameHeader& header, std::span<const float> values);

/// The same as a `stream.frame` notification; a value that is not finite becomes null. [any]
[[nodiscard]] std::string encode_frame_json(const FrameHeader& header,
                                            std::span<const float> values);

} // namespace jig::wire
