#include "latency/sequence.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

namespace jig::latency {
namespace {

class SequenceOrder : public testing::TestWithParam<unsigned> {};

TEST_P(SequenceOrder, has_the_correlation_of_a_maximum_length_sequence) {
    const Sequence sequence(GetParam());
    const auto samples = sequence.samples();
    ASSERT_EQ(samples.size(), (std::size_t{1} << GetParam()) - 1);
    EXPECT_EQ(std::accumulate(samples.begin(), samples.end(), 0.0F), -1);
    for (const std::size_t shift : {std::size_t{1}, std::size_t{2}, samples.size() / 3}) {
        double sum = 0;
        for (std::size_t n = 0; n < samples.size(); ++n) {
            sum += static_cast<double>(samples[n]) * samples[(n + shift) % samples.size()];
        }
        EXPECT_EQ(sum, -1) << "shifted by " << shift;
    }
}

TEST_P(SequenceOrder, finds_an_impulse_response_wherever_it_lies) {
    const Sequence sequence(GetParam());
    const auto samples = sequence.samples();
    const std::size_t length = samples.size();
    for (const std::size_t delay : {std::size_t{0}, std::size_t{1}, length / 2, length - 1}) {
        std::vector<float> heard(length);
        for (std::size_t n = 0; n < length; ++n) {
            heard[n] = 0.5F * samples[(n + length - delay) % length] -
                       0.25F * samples[(n + 2 * length - delay - 3) % length];
        }
        const auto response = sequence.response(heard);
        const auto slack = 3.0F / static_cast<float>(length);
        EXPECT_NEAR(response[delay], 0.5F, slack);
        EXPECT_NEAR(response[(delay + 3) % length], -0.25F, slack);
        EXPECT_NEAR(response[(delay + 5) % length], 0, slack);
    }
}

INSTANTIATE_TEST_SUITE_P(Orders, SequenceOrder,
                         testing::Range(Sequence::kLowestOrder, Sequence::kHighestOrder + 1));

TEST(Sequence, lasts_half_a_second_at_any_rate) {
    for (const double rate : {8000.0, 44100.0, 48000.0, 96000.0, 192000.0, 384000.0}) {
        const auto seconds = static_cast<double>(Sequence::for_rate(rate).length()) / rate;
        EXPECT_GE(seconds, 0.5) << rate;
        EXPECT_LT(seconds, 1.1) << rate;
    }
}

} // namespace
} // namespace jig::latency
