// jig/analysis/xrun_finder.hpp: which cycles lost frames, how many, and whose fault it was.
#pragma once

#include "analysis/readings.hpp"
#include "link/regions.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace jig::analysis {

/// Reads the records one after another. The cause of a loss lies before it: in the callbacks that
/// missed their deadlines, if there are such, and else in the wake-up that followed.
///
/// | what came before the loss                                       | cause     |
/// | late callbacks, whose CPU time was nearly all the time they had | plugin    |
/// | late callbacks, whose CPU time alone would have been in time    | scheduler |
/// | none late, but the thread woke more than half a period late     | scheduler |
/// | nothing of that                                                 | driver    |
///
/// A device that tells no CPU time has its late callbacks counted as the plugin's.
class XrunFinder {
  public:
    /// The loss that came right before this cycle, if there was one.
    [[nodiscard]] std::optional<Xrun> next(const link::CycleRecord& record, double rate_hz);
    /// Records are missing here: what came before them is no evidence.
    void forget() { count_ = 0; }

  private:
    struct Past {
        std::int64_t wake_ns = 0;
        std::int64_t end_ns = 0;
        std::int64_t late_wake_ns = 0;
        std::int64_t busy_ns = 0;
        std::int64_t period_ns = 0;
        std::int64_t cpu_start_ns = 0; ///< 0: not known
        std::int64_t cpu_ns = -1;      ///< −1: not known
        bool missed_deadline = false;
    };
    /// A device may report a loss some cycles after it.
    static constexpr std::size_t kReportDelay = 4;
    static constexpr std::size_t kHistory = 32;

    [[nodiscard]] const Past& past(std::size_t cycles_ago) const;
    [[nodiscard]] std::int64_t late_wake_ns(const link::CycleRecord& record) const;
    void finish_last(const link::CycleRecord& record);
    void remember(const link::CycleRecord& record, std::int64_t period_ns);
    void find_cause(Xrun& xrun, std::int64_t late_wake_ns, std::int64_t period_ns) const;

    std::array<Past, kHistory> history_; ///< a ring
    std::size_t newest_ = 0;
    std::size_t count_ = 0;
};

} // namespace jig::analysis
