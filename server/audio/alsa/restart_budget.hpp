// jig/audio/alsa/restart_budget.hpp: a card that fails again and again is restarted less and less
// often.
#pragma once

#include <algorithm>
#include <cstdint>

namespace jig::audio::alsa {

/// A few restarts a second are free; after that each waits twice as long as the one before, up to a
/// second, until a second has gone well.
class RestartBudget {
  public:
    static constexpr int kFree = 4;
    static constexpr std::int64_t kFirstWaitNs = 100'000'000;
    static constexpr std::int64_t kLongestWaitNs = 1'000'000'000;
    static constexpr std::int64_t kCalmNs = 1'000'000'000;

    /// A restart is due at this instant; how long to wait before it. [audio]
    [[nodiscard]] std::int64_t wait_ns(std::int64_t now_ns) noexcept {
        if (now_ns - last_ns_ >= kCalmNs) {
            spent_ = 0;
            wait_ns_ = 0;
        }
        last_ns_ = now_ns;
        if (++spent_ <= kFree) {
            return 0;
        }
        wait_ns_ = std::clamp(2 * wait_ns_, kFirstWaitNs, kLongestWaitNs);
        // Calm begins after the wait.
        last_ns_ += wait_ns_;
        return wait_ns_;
    }

    [[nodiscard]] bool backing_off() const { return spent_ > kFree; }

  private:
    std::int64_t last_ns_ = INT64_MIN / 2;
    std::int64_t wait_ns_ = 0;
    int spent_ = 0;
};

} // namespace jig::audio::alsa
