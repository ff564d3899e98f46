#include "audio/alsa/sample.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace jig::audio::alsa {

namespace {

enum class Order { little, big };

/// `Bytes` of storage in `order`, as the low bytes of an unsigned number; and back.
template <std::size_t Bytes, Order order>
std::uint32_t load(const std::byte* from) {
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < Bytes; ++i) {
        const std::size_t shift = order == Order::little ? i : Bytes - 1 - i;
        word |= std::to_integer<std::uint32_t>(from[i]) << (8 * shift);
    }
    return word;
}

template <std::size_t Bytes, Order order>
void store(std::uint32_t word, std::byte* to) {
    for (std::size_t i = 0; i < Bytes; ++i) {
        const std::size_t shift = order == Order::little ? i : Bytes - 1 - i;
        to[i] = static_cast<std::byte>(word >> (8 * shift));
    }
}

/// Two's complement of `Bits` in the low bits of `Bytes`.
template <int Bits, std::size_t Bytes, Order order>
struct Integer {
    static constexpr double kScale = static_cast<double>(std::uint32_t{1} << (Bits - 1));

    static float read(const std::byte* from) {
        const std::uint32_t top = load<Bytes, order>(from) << (32 - Bits);
        const auto whole = static_cast<std::int32_t>(top) >> (32 - Bits);
        return static_cast<float>(whole * (1.0 / kScale));
    }
    static void write(float sample, std::byte* to) {
        const double scaled = sample * kScale;
        std::int32_t whole = 0;
        if (scaled >= kScale - 1) {
            whole = static_cast<std::int32_t>(kScale - 1);
        } else if (scaled <= -kScale) {
            whole = static_cast<std::int32_t>(-kScale);
        } else if (scaled == scaled) {
            whole = static_cast<std::int32_t>(std::lrint(scaled));
        }
        store<Bytes, order>(static_cast<std::uint32_t>(whole), to);
    }
};

template <Order order>
struct Float {
    static float read(const std::byte* from) { return std::bit_cast<float>(load<4, order>(from)); }
    static void write(float sample, std::byte* to) {
        store<4, order>(std::bit_cast<std::uint32_t>(sample == sample ? sample : 0.0F), to);
    }
};

template <class Sample>
void to_float(const std::byte* from, std::size_t stride, float* to, std::size_t frames) {
    for (std::size_t i = 0; i < frames; ++i) {
        to[i] = Sample::read(from + i * stride);
    }
}

template <class Sample>
void from_float(const float* from, std::byte* to, std::size_t stride, std::size_t frames) {
    for (std::size_t i = 0; i < frames; ++i) {
        Sample::write(from[i], to + i * stride);
    }
}

template <class Sample>
constexpr SampleFormat made(snd_pcm_format_t format, std::size_t bytes) {
    return {format, bytes, to_float<Sample>, from_float<Sample>};
}

constexpr auto kLittle = Order::little;
constexpr auto kBig = Order::big;

constexpr std::array kFormats{
    made<Float<kLittle>>(SND_PCM_FORMAT_FLOAT_LE, 4),
    made<Integer<32, 4, kLittle>>(SND_PCM_FORMAT_S32_LE, 4),
    made<Integer<24, 3, kLittle>>(SND_PCM_FORMAT_S24_3LE, 3),
    made<Integer<24, 4, kLittle>>(SND_PCM_FORMAT_S24_LE, 4),
    made<Integer<16, 2, kLittle>>(SND_PCM_FORMAT_S16_LE, 2),
    made<Float<kBig>>(SND_PCM_FORMAT_FLOAT_BE, 4),
    made<Integer<32, 4, kBig>>(SND_PCM_FORMAT_S32_BE, 4),
    made<Integer<24, 3, kBig>>(SND_PCM_FORMAT_S24_3BE, 3),
    made<Integer<24, 4, kBig>>(SND_PCM_FORMAT_S24_BE, 4),
    made<Integer<16, 2, kBig>>(SND_PCM_FORMAT_S16_BE, 2),
};

} // namespace

std::span<const SampleFormat> sample_formats() {
    return kFormats;
}

} // namespace jig::audio::alsa
