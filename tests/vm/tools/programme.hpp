// tests/vm/tools/programme.hpp: what the far side plays, and how a frame is known again.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>

namespace jig::vm {

using Frame = std::array<float, 2>;

/// A pseudo-random sequence in which every frame says which one it is: 24 bits of its number,
/// scrambled, as two samples that S16 and float hold exactly. At most a quarter of full scale, and
/// never zero, so that silence is no frame of it. Repeats after 349 s at 48 kHz.
namespace code {

constexpr std::uint32_t kFrames = 1U << 24;
constexpr std::uint32_t kScramble = 0x9E3779B1U; // odd: what it multiplies can be divided again
constexpr float kScale = 32768;

constexpr std::uint32_t inverse_of(std::uint32_t odd) {
    std::uint32_t inverse = odd; // Newton: each round doubles the number of right bits from 3
    for (int i = 0; i < 4; ++i) {
        inverse *= 2 - odd * inverse;
    }
    return inverse;
}
static_assert(kScramble * inverse_of(kScramble) == 1);

inline float sample_of(std::uint32_t twelve_bits) {
    return static_cast<float>((2 * static_cast<int>(twelve_bits) - 4095) * 2) / kScale;
}

inline std::optional<std::uint32_t> twelve_bits_of(float sample) {
    const float scaled = sample * kScale;
    if (!(std::abs(scaled) <= 8190) || scaled != std::nearbyint(scaled)) {
        return std::nullopt;
    }
    const int doubled = static_cast<int>(scaled) + 8190; // four times the bits
    return doubled % 4 == 0 ? std::optional<std::uint32_t>(doubled / 4) : std::nullopt;
}

inline Frame frame(std::uint64_t number) {
    const auto scrambled = static_cast<std::uint32_t>(number) * kScramble % kFrames;
    return {sample_of(scrambled & 0xFFF), sample_of(scrambled >> 12)};
}

/// Its number, modulo kFrames; nothing for what was altered on its way.
inline std::optional<std::uint32_t> number_of(const Frame& frame) {
    const auto low = twelve_bits_of(frame[0]);
    const auto high = twelve_bits_of(frame[1]);
    if (!low || !high) {
        return std::nullopt;
    }
    return (*low | *high << 12) * inverse_of(kScramble) % kFrames;
}

} // namespace code

/// A smooth one, on which every click stands out: no two samples differ by more than kLargestStep.
namespace sine {

constexpr double kHz = 100;
constexpr double kPeak = 0.25;

inline Frame frame(std::uint64_t number) {
    // 480 frames a turn: exact for ever.
    const double turn = static_cast<double>(number % 480) / 480;
    const auto value = static_cast<float>(kPeak * std::sin(2 * std::numbers::pi * turn));
    return {value, value};
}

} // namespace sine

} // namespace jig::vm
