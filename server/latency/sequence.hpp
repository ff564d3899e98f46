// jig/latency/sequence.hpp: a pseudo-random sequence, and what came back of it as an impulse
// response.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace jig::latency {

/// A maximum-length sequence: it repeats after 2^order − 1 samples, sounds like white noise, and
/// its correlation with itself is an impulse.
class Sequence {
  public:
    static constexpr unsigned kLowestOrder = 8;
    static constexpr unsigned kHighestOrder = 18;

    explicit Sequence(unsigned order);
    /// The shortest whose period lasts half a second or more at this rate.
    [[nodiscard]] static Sequence for_rate(double rate_hz);

    [[nodiscard]] std::size_t length() const { return states_.size(); }
    /// One period, ±1.
    [[nodiscard]] std::vector<float> samples() const;

    /// The impulse response of what turned the sequence, repeated for ever, into one period of
    /// `heard`: entry d is what arrives d samples late, modulo the length. By a fast Hadamard
    /// transform: Borish and Angell, "An efficient algorithm for measuring the impulse response
    /// using pseudorandom noise", J. Audio Eng. Soc. 31 (1983).
    [[nodiscard]] std::vector<float> response(std::span<const float> heard) const;

  private:
    std::vector<std::uint32_t> states_; ///< of the shift register; the lowest bit is the output
    /// Which bits of a state, added up, make the output so many steps later.
    std::vector<std::uint32_t> masks_;
};

} // namespace jig::latency
