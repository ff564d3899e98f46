// jig/net/rate_limit.hpp: a token bucket: an average rate, and bursts above it.
#pragma once

#include <algorithm>
#include <chrono>

namespace jig::net {

/// The caller brings the time; it never runs backwards on a steady clock.
class RateLimit {
  public:
    using Time = std::chrono::steady_clock::time_point;

    RateLimit(double per_second, double burst, Time now)
        : per_second_(per_second), burst_(burst), tokens_(burst), last_(now) {}

    /// Whether one more is within the limit; it counts only if it is.
    [[nodiscard]] bool take(Time now) {
        const double elapsed_s = std::chrono::duration<double>(now - last_).count();
        tokens_ = std::min(burst_, tokens_ + std::max(0.0, elapsed_s) * per_second_);
        last_ = std::max(last_, now);
        if (tokens_ < 1.0) {
            return false;
        }
        tokens_ -= 1.0;
        return true;
    }

  private:
    double per_second_;
    double burst_;
    double tokens_;
    Time last_;
};

} // namespace jig::net
