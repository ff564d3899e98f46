// jig/analysis/callback_times.hpp: how long callbacks take, against their periods: the typical one
// and the worst.
#pragma once

#include "analysis/log_histogram.hpp"
#include "analysis/readings.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace jig::analysis {

/// Percentiles since the start and over the last ten seconds; a third of a megabyte. They are never
/// too small and at most 1.6 % too large; the maxima are exact.
class CallbackTimes {
  public:
    /// A callback that began at `begin_ns` (CLOCK_MONOTONIC) took `busy_ns` of `period_ns`.
    void add(std::int64_t begin_ns, std::int64_t busy_ns, std::int64_t period_ns);
    void reset() { *this = {}; }

    [[nodiscard]] TimeSpread total() const { return total_.spread(); }
    [[nodiscard]] TimeSpread recent() const { return recent_.spread(); }

  private:
    static constexpr std::int64_t kSlotNs = 1'000'000'000;
    static constexpr std::size_t kSlots = 10;

    struct Counts {
        LogHistogram busy_ns;
        LogHistogram share_ppm; ///< of the period
        std::int64_t longest_ns = 0;
        double largest_share = 0;

        void add(std::int64_t busy, double share);
        [[nodiscard]] TimeSpread spread() const;
    };
    void turn_to(std::int64_t second);

    Counts total_;
    Counts recent_; ///< the sum of the slots
    std::array<Counts, kSlots> slots_;
    std::int64_t second_ = 0; ///< that the newest slot is of
};

} // namespace jig::analysis
