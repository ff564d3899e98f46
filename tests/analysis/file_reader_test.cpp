#include "analysis/file_reader.hpp"
#include "tests/analysis/temp_folder.hpp"

#include <cmath>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <numbers>
#include <sndfile.h>
#include <sys/mman.h>
#include <vector>

namespace {

using jig::analysis::decode_audio_file;
using jig::analysis::DecodedFile;
using jig::test::TempFolder;

void write_wav(const std::filesystem::path& path, int rate_hz, int channels,
               const std::vector<float>& interleaved,
               int format = SF_FORMAT_WAV | SF_FORMAT_FLOAT) {
    SF_INFO info{};
    info.samplerate = rate_hz;
    info.channels = channels;
    info.format = format;
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    ASSERT_NE(file, nullptr);
    sf_writef_float(file, interleaved.data(),
                    static_cast<sf_count_t>(interleaved.size()) / channels);
    sf_close(file);
}

std::vector<float> samples_of(const DecodedFile& file) {
    std::vector<float> samples(file.frames * file.channels);
    const auto bytes = samples.size() * sizeof(float);
    EXPECT_EQ(::lseek(file.memory.get(), 0, SEEK_END), static_cast<off_t>(bytes));
    EXPECT_EQ(::pread(file.memory.get(), samples.data(), bytes, 0), static_cast<ssize_t>(bytes));
    return samples;
}

TEST(FileReader, puts_channel_after_channel_without_a_change_at_the_same_rate) {
    const TempFolder folder;
    std::vector<float> interleaved;
    for (int i = 0; i < 20000; ++i) {
        interleaved.push_back(static_cast<float>(i) / 32768);
        interleaved.push_back(-static_cast<float>(i) / 32768);
    }
    write_wav(folder / "in.wav", 48000, 2, interleaved);
    const auto decoded = decode_audio_file(folder / "in.wav", 48000);
    ASSERT_TRUE(decoded.ok()) << decoded.error();
    ASSERT_EQ(decoded->frames, 20000u);
    ASSERT_EQ(decoded->channels, 2u);
    const auto samples = samples_of(*decoded);
    for (std::size_t i = 0; i < 20000; ++i) {
        ASSERT_EQ(samples[i], interleaved[2 * i]);
        ASSERT_EQ(samples[20000 + i], interleaved[2 * i + 1]);
    }
}

TEST(FileReader, converts_to_the_rate_of_the_device) {
    const TempFolder folder;
    constexpr double kHz = 1000;
    std::vector<float> sine(44100);
    for (std::size_t i = 0; i < sine.size(); ++i) {
        sine[i] = static_cast<float>(
            0.5 * std::sin(2 * std::numbers::pi * kHz * static_cast<double>(i) / 44100));
    }
    write_wav(folder / "in.flac", 44100, 1, sine, SF_FORMAT_FLAC | SF_FORMAT_PCM_24);
    const auto decoded = decode_audio_file(folder / "in.flac", 48000);
    ASSERT_TRUE(decoded.ok()) << decoded.error();
    EXPECT_NEAR(static_cast<double>(decoded->frames), 48000, 2);
    const auto samples = samples_of(*decoded);
    double worst = 0;
    for (std::size_t i = 2000; i < 46000; ++i) { // away from the ends
        const double expected =
            0.5 * std::sin(2 * std::numbers::pi * kHz * static_cast<double>(i) / 48000);
        worst = std::max(worst, std::fabs(samples[i] - expected));
    }
    EXPECT_LT(worst, 1e-5) << "the same sine, at the same time";
}

TEST(FileReader, nobody_can_change_what_it_hands_out) {
    const TempFolder folder;
    write_wav(folder / "in.wav", 48000, 1, {0.1F, 0.2F, 0.3F});
    const auto decoded = decode_audio_file(folder / "in.wav", 48000);
    ASSERT_TRUE(decoded.ok()) << decoded.error();
    EXPECT_EQ(::mmap(nullptr, 12, PROT_READ | PROT_WRITE, MAP_SHARED, decoded->memory.get(), 0),
              MAP_FAILED);
    EXPECT_NE(::ftruncate(decoded->memory.get(), 0), 0);
}

TEST(FileReader, a_file_that_is_not_there_is_one_sentence) {
    const auto decoded = decode_audio_file("/no/such/song.wav", 48000);
    ASSERT_FALSE(decoded.ok());
    EXPECT_NE(decoded.error().find("/no/such/song.wav"), std::string::npos);
    EXPECT_NE(decoded.error().find("No such file"), std::string::npos) << decoded.error();
}

TEST(FileReader, a_file_that_is_no_audio_is_refused) {
    const TempFolder folder;
    std::ofstream(folder / "song.wav") << "la la la";
    const auto decoded = decode_audio_file(folder / "song.wav", 48000);
    ASSERT_FALSE(decoded.ok());
    EXPECT_NE(decoded.error().find("song.wav"), std::string::npos);
}

TEST(FileReader, more_channels_than_the_input_takes_are_refused) {
    const TempFolder folder;
    write_wav(folder / "wide.wav", 48000, 33, std::vector<float>(330));
    const auto decoded = decode_audio_file(folder / "wide.wav", 48000);
    ASSERT_FALSE(decoded.ok());
    EXPECT_NE(decoded.error().find("33 channels"), std::string::npos) << decoded.error();
}

TEST(FileReader, a_file_that_decodes_to_more_than_a_gibibyte_is_refused) {
    const TempFolder folder;
    // 8 bits at 8 kHz: small on disk, 96 times as large as floats at 192 kHz.
    write_wav(folder / "long.wav", 8000, 1, std::vector<float>(12'000'000),
              SF_FORMAT_WAV | SF_FORMAT_PCM_U8);
    const auto decoded = decode_audio_file(folder / "long.wav", 192000);
    ASSERT_FALSE(decoded.ok());
    EXPECT_NE(decoded.error().find("too long"), std::string::npos) << decoded.error();
}

TEST(FileReader, a_file_without_a_frame_is_refused) {
    const TempFolder folder;
    write_wav(folder / "empty.wav", 48000, 1, {});
    EXPECT_FALSE(decode_audio_file(folder / "empty.wav", 48000).ok());
}

} // namespace
