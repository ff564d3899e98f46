#include "latency/sequence.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>

namespace jig::latency {

namespace {

/// A sample is the sum of those so many before it: P. Alfke, Xilinx application note 052 (1996),
/// table 3. As a mask of the register's bits, whose lowest is the oldest sample.
std::uint32_t feedback(unsigned order) {
    constexpr std::array<std::array<unsigned, 4>, 11> kTaps{{{8, 6, 5, 4},
                                                             {9, 5},
                                                             {10, 7},
                                                             {11, 9},
                                                             {12, 6, 4, 1},
                                                             {13, 4, 3, 1},
                                                             {14, 5, 3, 1},
                                                             {15, 14},
                                                             {16, 15, 13, 4},
                                                             {17, 14},
                                                             {18, 11}}};
    std::uint32_t mask = 0;
    for (const unsigned tap : kTaps[order - Sequence::kLowestOrder]) {
        mask |= tap > 0 ? std::uint32_t{1} << (order - tap) : 0;
    }
    return mask;
}

/// In place; the size is a power of two.
void hadamard_transform(std::vector<float>& values) {
    for (std::size_t half = 1; half < values.size(); half *= 2) {
        for (std::size_t block = 0; block < values.size(); block += 2 * half) {
            for (std::size_t i = block; i < block + half; ++i) {
                const float a = values[i];
                const float b = values[i + half];
                values[i] = a + b;
                values[i + half] = a - b;
            }
        }
    }
}

} // namespace

Sequence::Sequence(unsigned order) {
    assert(order >= kLowestOrder && order <= kHighestOrder);
    const std::uint32_t taps = feedback(order);
    const auto next = [&](std::uint32_t state) {
        const auto bit = static_cast<std::uint32_t>(std::popcount(state & taps) & 1);
        return state >> 1 | bit << (order - 1);
    };
    const std::size_t length = (std::size_t{1} << order) - 1;
    states_.resize(length);
    masks_.assign(length, 0);
    std::uint32_t state = 1;
    for (std::size_t n = 0; n < length; ++n) {
        states_[n] = state;
        state = next(state);
    }
    // Addition is exclusive or: each bit's contribution can be followed on its own.
    for (unsigned bit = 0; bit < order; ++bit) {
        state = std::uint32_t{1} << bit;
        for (std::size_t n = 0; n < length; ++n) {
            masks_[n] |= (state & 1) << bit;
            state = next(state);
        }
    }
}

Sequence Sequence::for_rate(double rate_hz) {
    unsigned order = kLowestOrder;
    while (order < kHighestOrder && static_cast<double>((1U << order) - 1) < rate_hz / 2) {
        ++order;
    }
    return Sequence(order);
}

std::vector<float> Sequence::samples() const {
    std::vector<float> samples(length());
    std::transform(states_.begin(), states_.end(), samples.begin(),
                   [](std::uint32_t state) { return (state & 1) != 0 ? -1.0F : 1.0F; });
    return samples;
}

std::vector<float> Sequence::response(std::span<const float> heard) const {
    assert(heard.size() == length());
    // The sample at a state meets the sign of a mask in the transform: the sum over all states is
    // the correlation with the sequence so many steps on.
    std::vector<float> sums(length() + 1);
    for (std::size_t n = 0; n < length(); ++n) {
        sums[states_[n]] = heard[n];
    }
    hadamard_transform(sums);
    std::vector<float> response(length());
    const auto scale = 1.0F / static_cast<float>(length() + 1);
    for (std::size_t d = 0; d < length(); ++d) {
        response[d] = scale * sums[masks_[(length() - d) % length()]];
    }
    return response;
}

} // namespace jig::latency
