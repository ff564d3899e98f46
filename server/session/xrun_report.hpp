// jig/session/xrun_report.hpp: lost frames in words, and not more often than one can read.
#pragma once

#include "analysis/readings.hpp"
#include "wire/model.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace jig::session {

/// Gathers losses by their cause; a storm of them makes four events a second and cause, which still
/// count every frame.
class XrunReport {
  public:
    using Clock = std::chrono::steady_clock;

    struct Entry {
        std::string text;
        wire::AudioXrun data;
    };

    void add(const std::vector<analysis::Xrun>& xruns);
    /// What there is to say now; `count` is the number of xruns since the start.
    [[nodiscard]] std::vector<Entry> take(std::uint64_t count, Clock::time_point now);

  private:
    struct Gathered {
        analysis::Xrun worst; ///< the one to speak of
        std::uint64_t number = 0;
        std::uint64_t frame = 0; ///< of the first
        std::int64_t lost_frames = 0;
        double lost_ms = 0;
    };

    std::array<Gathered, analysis::kXrunCauses> gathered_;
    std::optional<Clock::time_point> last_;
};

/// One sentence: how much was lost, and why.
[[nodiscard]] std::string describe(const wire::AudioXrun& xrun);

} // namespace jig::session
