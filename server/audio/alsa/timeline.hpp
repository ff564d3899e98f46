// jig/audio/alsa/timeline.hpp: where a running pair stands, in frames and in time.
#pragma once

#include "audio/clocks/delay_locked_loop.hpp"
#include "rt/cycle.hpp"

#include <cstdint>
#include <optional>

namespace jig::audio::alsa {

/// One direction as its driver saw it last, before a wake-up's first period is moved.
struct Sighting {
    std::int64_t at_ns = 0;    ///< CLOCK_MONOTONIC
    std::int64_t position = 0; ///< frames read or written since the start
    std::int64_t avail = 0;    ///< frames to read, or free to write
    std::int64_t buffer = 0;

    /// What has passed the converter since the start.
    [[nodiscard]] std::int64_t captured() const { return position + avail; }
    [[nodiscard]] std::int64_t played() const { return position - (buffer - avail); }
};

/// What one wake-up found.
struct Wake {
    std::optional<Sighting> capture;
    std::optional<Sighting> playback;
    std::int64_t at_ns = 0;
    std::int64_t cpu_ns = 0;
};

/// Tells each cycle its place. The device's own count goes on over a restart, lost frames included.
/// Everything is [audio].
class Timeline {
  public:
    struct Settings {
        double rate_hz = 48000;
        std::uint32_t period_frames = 128;
        std::uint32_t prefill_frames = 256;
        /// Both directions count the same frames from the same start.
        bool counted = false;
        /// The input follows the output's clock, by so many frames later; 0: it does not.
        std::uint32_t resampler_frames = 0;
    };
    explicit Timeline(const Settings& settings) : settings_(settings) {
        loop_.configure(settings.rate_hz);
    }

    /// The thread woke, or came back from the callback, and found the pair stopped. The cycle after
    /// the restart tells when that was and when it was due: whether the thread was late.
    void found_trouble(std::int64_t at_ns) noexcept { found_ns_ = at_ns; }
    /// The pair was started, or started again.
    void restart() noexcept;
    /// Before the periods that a wake-up found are moved.
    void wake(const Wake& wake) noexcept;
    /// The `index`-th of those periods.
    void describe(rt::Cycle& cycle, std::uint32_t index) noexcept;
    /// When the period that was described last was complete.
    [[nodiscard]] std::int64_t completed_ns() const noexcept { return completed_ns_; }

  private:
    [[nodiscard]] std::int64_t ns(std::int64_t frames) const noexcept;
    [[nodiscard]] std::int64_t frames(std::int64_t ns) const noexcept;
    [[nodiscard]] std::int64_t completion_ns(std::uint32_t index) const noexcept;
    void find_lost(rt::Cycle& cycle) noexcept;
    void find_delays(rt::Cycle& cycle) const noexcept;

    Settings settings_;
    Wake wake_;
    DelayLockedLoop loop_;
    std::uint64_t cycle_ = 0;
    std::uint64_t next_frame_ = 0;
    std::int64_t completed_ns_ = 0;
    std::int64_t found_ns_ = 0;
    std::uint32_t epoch_ = 0;
    bool first_after_restart_ = false;
};

} // namespace jig::audio::alsa
