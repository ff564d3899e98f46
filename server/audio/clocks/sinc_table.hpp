// jig/audio/clocks/sinc_table.hpp: the filter that reads a signal between its samples.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace jig::audio {

/// A low-pass of 48 taps at 1024 fractions of a sample, interpolated linearly between them: a sinc
/// that cuts at half the sample rate under Kaiser's window (A. V. Oppenheim and R. W. Schafer,
/// "Discrete-time signal processing", 7.5.3). Flat within 0.001 dB up to 5/12 of the sample rate,
/// 20 kHz at 48 kHz; 110 dB down from 7/12 on.
class SincTable {
  public:
    static constexpr std::size_t kTaps = 48;
    /// Samples before the point that is read, the one at or just before it included; and after it.
    static constexpr std::size_t kHalf = kTaps / 2;

    /// Computes the table. [main]
    SincTable();

    /// The taps for a point `fraction` (0 … 1, 1 excluded) after sample kHalf − 1 of kTaps. [audio]
    void taps_at(double fraction, std::array<float, kTaps>& taps) const noexcept;

    /// Such taps over samples. [audio]
    [[nodiscard]] static float apply(const std::array<float, kTaps>& taps,
                                     const float* samples) noexcept;

  private:
    static constexpr std::size_t kFractions = 1024;

    std::vector<std::array<float, kTaps>> rows_; ///< one more than fractions
};

} // namespace jig::audio
