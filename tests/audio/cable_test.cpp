#include "audio/cable.hpp"

#include <gtest/gtest.h>
#include <numeric>

namespace jig::audio {
namespace {

TEST(Cable, delays_by_its_length_whatever_the_cycles) {
    constexpr std::uint32_t kDelay = 100;
    Cable cable(2, kDelay);
    std::vector<float> sent(1000);
    std::iota(sent.begin(), sent.end(), 1.0F);
    std::vector<float> received(sent.size());
    std::uint32_t at = 0;
    for (const std::uint32_t frames :
         {100U, 1U, 64U, 99U, 100U, 36U, 100U, 100U, 100U, 100U, 100U}) {
        cable.read(1, received.data() + at, frames);
        cable.write(1, sent.data() + at, frames);
        cable.advance(frames);
        at += frames;
    }
    for (std::uint32_t i = 0; i < at; ++i) {
        EXPECT_EQ(received[i], i < kDelay ? 0.0F : sent[i - kDelay]) << "frame " << i;
    }
}

TEST(Cable, is_silent_on_a_channel_that_it_lacks) {
    Cable cable(1, 4);
    const std::vector<float> ones(4, 1.0F);
    cable.write(5, ones.data(), 4);
    cable.advance(4);
    std::vector<float> heard(4, 9.0F);
    cable.read(5, heard.data(), 4);
    EXPECT_EQ(heard, std::vector<float>(4));
}

TEST(Cable, is_unplugged_by_default) {
    EXPECT_FALSE(Cable().plugged());
}

} // namespace
} // namespace jig::audio
