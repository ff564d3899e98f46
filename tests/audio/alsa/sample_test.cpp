#include "audio/alsa/sample.hpp"

#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

namespace {

using namespace jig::audio::alsa;

const SampleFormat& format_of(snd_pcm_format_t format) {
    for (const SampleFormat& one : sample_formats()) {
        if (one.format == format) {
            return one;
        }
    }
    ADD_FAILURE() << snd_pcm_format_name(format);
    return sample_formats().front();
}

std::vector<unsigned char> encoded(snd_pcm_format_t name, float sample) {
    const SampleFormat& format = format_of(name);
    std::vector<unsigned char> bytes(format.bytes);
    format.from_float(&sample, reinterpret_cast<std::byte*>(bytes.data()), format.bytes, 1);
    return bytes;
}

using Bytes = std::vector<unsigned char>;

TEST(SampleFormat, is_preferred_from_float_to_16_bits_and_little_before_big) {
    std::vector<snd_pcm_format_t> order;
    for (const SampleFormat& format : sample_formats()) {
        order.push_back(format.format);
    }
    EXPECT_EQ(order, (std::vector<snd_pcm_format_t>{SND_PCM_FORMAT_FLOAT_LE, SND_PCM_FORMAT_S32_LE,
                                                    SND_PCM_FORMAT_S24_3LE, SND_PCM_FORMAT_S24_LE,
                                                    SND_PCM_FORMAT_S16_LE, SND_PCM_FORMAT_FLOAT_BE,
                                                    SND_PCM_FORMAT_S32_BE, SND_PCM_FORMAT_S24_3BE,
                                                    SND_PCM_FORMAT_S24_BE, SND_PCM_FORMAT_S16_BE}));
}

TEST(SampleFormat, puts_its_bytes_where_the_format_says) {
    EXPECT_EQ(encoded(SND_PCM_FORMAT_S16_LE, 0.5F), (Bytes{0x00, 0x40}));
    EXPECT_EQ(encoded(SND_PCM_FORMAT_S16_BE, 0.5F), (Bytes{0x40, 0x00}));
    EXPECT_EQ(encoded(SND_PCM_FORMAT_S16_LE, -1.0F / 32768), (Bytes{0xff, 0xff}));
    EXPECT_EQ(encoded(SND_PCM_FORMAT_S24_3LE, 1.0F / 8388608), (Bytes{1, 0, 0}));
    EXPECT_EQ(encoded(SND_PCM_FORMAT_S24_3BE, 0.25F), (Bytes{0x20, 0, 0}));
    EXPECT_EQ(encoded(SND_PCM_FORMAT_S24_LE, -1.0F / 8388608), (Bytes{0xff, 0xff, 0xff, 0xff}));
    EXPECT_EQ(encoded(SND_PCM_FORMAT_S24_BE, 0.5F), (Bytes{0, 0x40, 0, 0}));
    EXPECT_EQ(encoded(SND_PCM_FORMAT_S32_LE, -1.0F), (Bytes{0, 0, 0, 0x80}));
    EXPECT_EQ(encoded(SND_PCM_FORMAT_S32_BE, 0.5F), (Bytes{0x40, 0, 0, 0}));
    EXPECT_EQ(encoded(SND_PCM_FORMAT_FLOAT_BE, 1.0F), (Bytes{0x3f, 0x80, 0, 0}));
}

TEST(SampleFormat, clips_at_full_scale) {
    EXPECT_EQ(encoded(SND_PCM_FORMAT_S16_LE, 1.5F), (Bytes{0xff, 0x7f}));
    EXPECT_EQ(encoded(SND_PCM_FORMAT_S16_LE, -1.5F), (Bytes{0x00, 0x80}));
    EXPECT_EQ(encoded(SND_PCM_FORMAT_S32_LE, 1.0F), (Bytes{0xff, 0xff, 0xff, 0x7f}));
    EXPECT_EQ(encoded(SND_PCM_FORMAT_S24_3LE, 1e30F), (Bytes{0xff, 0xff, 0x7f}));
}

TEST(SampleFormat, what_is_not_a_number_is_silence) {
    for (const SampleFormat& format : sample_formats()) {
        EXPECT_EQ(encoded(format.format, std::numeric_limits<float>::quiet_NaN()),
                  Bytes(format.bytes, 0))
            << snd_pcm_format_name(format.format);
    }
}

TEST(SampleFormat, rounds_to_the_nearest_step) {
    EXPECT_EQ(encoded(SND_PCM_FORMAT_S16_LE, 1.6F / 32768), (Bytes{2, 0}));
    EXPECT_EQ(encoded(SND_PCM_FORMAT_S16_LE, 1.4F / 32768), (Bytes{1, 0}));
    EXPECT_EQ(encoded(SND_PCM_FORMAT_S16_LE, -1.6F / 32768), (Bytes{0xfe, 0xff}));
}

class Exact : public testing::TestWithParam<std::pair<snd_pcm_format_t, int>> {};

TEST_P(Exact, samples_come_back_as_the_same_bits) {
    const auto [name, bits] = GetParam();
    const SampleFormat& format = format_of(name);
    const std::int64_t half = std::int64_t{1} << (bits - 1);
    for (std::int64_t value = -half; value < half; value += bits == 16 ? 1 : 4093) {
        const auto sample =
            static_cast<float>(static_cast<double>(value) / static_cast<double>(half));
        std::byte there[4];
        std::byte back[4];
        float middle = 0;
        format.from_float(&sample, there, format.bytes, 1);
        format.to_float(there, format.bytes, &middle, 1);
        format.from_float(&middle, back, format.bytes, 1);
        ASSERT_EQ(middle, sample) << value;
        ASSERT_EQ(std::memcmp(there, back, format.bytes), 0) << value;
    }
}

INSTANTIATE_TEST_SUITE_P(
    SampleFormat, Exact,
    testing::Values(std::pair{SND_PCM_FORMAT_S16_LE, 16}, std::pair{SND_PCM_FORMAT_S16_BE, 16},
                    std::pair{SND_PCM_FORMAT_S24_3LE, 24}, std::pair{SND_PCM_FORMAT_S24_3BE, 24},
                    std::pair{SND_PCM_FORMAT_S24_LE, 24}, std::pair{SND_PCM_FORMAT_S24_BE, 24},
                    std::pair{SND_PCM_FORMAT_S32_LE, 24}, std::pair{SND_PCM_FORMAT_S32_BE, 24}));

TEST(SampleFormat, walks_by_the_stride_of_an_interleaved_ring) {
    const SampleFormat& format = format_of(SND_PCM_FORMAT_S16_LE);
    const unsigned char ring[] = {0, 0x40, 9, 9, 0, 0xc0, 9, 9};
    float out[2];
    format.to_float(reinterpret_cast<const std::byte*>(ring), 4, out, 2);
    EXPECT_EQ(out[0], 0.5F);
    EXPECT_EQ(out[1], -0.5F);
}

} // namespace
