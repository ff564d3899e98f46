#include "rt/guard.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

namespace {

using namespace jig;

/// What the trip promises, frame by frame: a window counts when one of its samples is above 2.
class PlainTrip {
  public:
    bool check(float sample) {
        loud_ = loud_ || std::fabs(sample) > 2.0F;
        if (++in_window_ < kWindow) {
            return false;
        }
        count_ = loud_ ? count_ + 1 : 0;
        in_window_ = 0;
        loud_ = false;
        return count_ >= 5;
    }

  private:
    static constexpr std::uint32_t kWindow = 48;
    std::uint32_t in_window_ = 0;
    std::uint32_t count_ = 0;
    bool loud_ = false;
};

/// Bursts above and below the limit, most of them too short to trip.
std::vector<float> bursts(std::uint32_t seed, std::uint32_t frames) {
    std::vector<float> signal(frames, 0.5F);
    std::uint32_t x = seed;
    for (std::uint32_t at = 0; at < frames;) {
        x = x * 1664525U + 1013904223U; // Numerical Recipes' generator
        const std::uint32_t length = 1 + (x >> 8) % 60;
        const float level = (x >> 24) % 3 == 0 ? 2.0F : (x >> 24) % 3 == 1 ? -2.5F : 0.9F;
        for (std::uint32_t i = at; i < std::min(frames, at + length); ++i) {
            signal[i] = level;
        }
        at += length;
    }
    return signal;
}

TEST(Guard, finds_a_sample_wherever_it_lies_and_silences_it_alone) {
    kAudioThread.assume();
    for (const std::uint32_t frames : {1U, 3U, 15U, 16U, 17U, 63U, 128U}) {
        for (std::uint32_t at = 0; at < frames; ++at) {
            for (const float bad : {std::numeric_limits<float>::quiet_NaN(),
                                    -std::numeric_limits<float>::infinity()}) {
                std::vector<float> samples(frames, -3.5F); // loud, but a number
                samples[at] = bad;
                const auto faults = rt::cleanse(samples.data(), frames);
                ASSERT_EQ(faults.not_finite, 1U) << frames << " frames, at " << at;
                ASSERT_EQ(faults.unwritten, 0U);
                ASSERT_EQ(faults.first_offset, at);
                std::vector<float> wanted(frames, -3.5F);
                wanted[at] = 0;
                ASSERT_EQ(samples, wanted);
            }
        }
    }
}

TEST(Guard, finds_each_sample_that_was_not_written) {
    kAudioThread.assume();
    for (std::uint32_t frames = 1; frames < 70; ++frames) {
        std::vector<float> samples(frames + 1, 0.25F);
        rt::poison(samples.data(), frames);
        EXPECT_EQ(samples[frames], 0.25F) << "wrote past the end";
        samples[frames / 2] = 0.5F;
        const auto faults = rt::cleanse(samples.data(), frames);
        EXPECT_EQ(faults.unwritten, frames - 1);
        EXPECT_EQ(faults.not_finite, 0U);
        EXPECT_EQ(samples[frames / 2], 0.5F);
    }
}

TEST(Guard, leaves_whatever_is_finite_bit_for_bit) {
    kAudioThread.assume();
    std::vector<float> samples{0.0F, -0.0F, 1e-42F, -1.9999999F, 2.0F, -2.0F, 3.4e38F};
    samples.resize(37, 0.1F);
    const auto before = samples;
    const auto faults = rt::cleanse(samples.data(), 37);
    EXPECT_EQ(faults.not_finite + faults.unwritten, 0U);
    EXPECT_EQ(samples, before);
    EXPECT_TRUE(std::signbit(samples[1]));
}

TEST(LoudnessTrip, trips_in_the_same_chunk_however_the_sound_is_cut) {
    kAudioThread.assume();
    constexpr std::uint32_t kFrames = 48'000;
    int tripped = 0;
    for (std::uint32_t seed = 1; seed <= 200; ++seed) {
        const auto signal = bursts(seed, kFrames);
        for (const std::uint32_t chunk : {1U, 16U, 47U, 48U, 49U, 128U, 1000U}) {
            PlainTrip plain;
            rt::LoudnessTrip trip;
            trip.configure(48000);
            for (std::uint32_t at = 0; at < kFrames; at += chunk) {
                const auto count = std::min(chunk, kFrames - at);
                bool wanted = false;
                for (std::uint32_t i = at; i < at + count && !wanted; ++i) {
                    wanted = plain.check(signal[i]);
                }
                const float* out[] = {signal.data() + at};
                const bool is = trip.check(out, 1, count);
                ASSERT_EQ(is, wanted) << "seed " << seed << ", chunks of " << chunk << " at " << at;
                if (is) {
                    ++tripped;
                    break;
                }
            }
        }
    }
    EXPECT_GT(tripped, 0) << "no burst was long enough: nothing was tested";
}

} // namespace
