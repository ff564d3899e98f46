// jig/analysis/log_histogram.hpp: how often each magnitude came, in buckets that grow with it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace jig::analysis {

/// Counts of whole numbers, 16 KB whatever is added. Up to 128 each number has a bucket; beyond, an
/// octave has 64 of one width, so that a quantile is never too small and at most 1/64 too large.
/// Numbers from 2^36 on count as 2^36 − 1.
class LogHistogram {
  public:
    void add(std::uint64_t value);
    /// Takes away what another one counted, all of which was added here too.
    void subtract(const LogHistogram& part);
    void reset() { *this = {}; }

    /// A number that `share` (0 … 1) of all counted do not exceed; 0 when there are none.
    [[nodiscard]] std::uint64_t quantile(double share) const;
    [[nodiscard]] std::uint64_t count() const { return count_; }

  private:
    static constexpr unsigned kBits = 36;
    static constexpr std::size_t kPerOctave = 64;
    static constexpr std::size_t kBuckets = (kBits - 5) * kPerOctave;

    [[nodiscard]] static std::size_t bucket_of(std::uint64_t value);
    [[nodiscard]] static std::uint64_t largest_of(std::size_t bucket);

    std::array<std::uint64_t, kBuckets> counts_{};
    std::uint64_t count_ = 0;
};

} // namespace jig::analysis
