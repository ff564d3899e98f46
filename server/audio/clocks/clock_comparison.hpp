// jig/audio/clocks/clock_comparison.hpp: do two devices run on one clock, and how far apart are
// they if not.
#pragma once

#include <cstdint>

namespace jig::audio {

/// The line of least squares through a device's frame count against time. Observations of a quarter
/// of a second are averaged first, so that lateness that lasts for some wake-ups does not pass for
/// many independent witnesses.
/// [any] one thread at a time; never allocates, locks or calls the system.
class ClockLine {
  public:
    /// Forgets everything. `lag_frames`: by how much a count may lie behind the truth at its time:
    /// 0 where the time is that of the count's step, as of an interrupt; 1 where an exact pointer
    /// is read at any time; the period where one that moves in periods is.
    void configure(double rate_hz, std::uint32_t lag_frames) noexcept;

    /// `frames` were counted at `time_ns`. A count that has not grown is ignored.
    void observe(std::uint64_t frames, std::int64_t time_ns) noexcept;

    /// There is enough for ppm() and uncertainty_ppm().
    [[nodiscard]] bool known() const noexcept;

    /// The slope, from the nominal rate.
    [[nodiscard]] double ppm() const noexcept;

    /// The true slope is closer to ppm() than this: five standard errors of a slope (Draper and
    /// Smith, "Applied regression analysis", 1.4), and the most that the lag can tilt it.
    [[nodiscard]] double uncertainty_ppm() const noexcept;

    /// How long it has observed.
    [[nodiscard]] double seconds() const noexcept { return seconds_; }

  private:
    void close_block() noexcept;

    double rate_hz_ = 48000;
    double lag_ns_ = 0;
    bool begun_ = false;
    std::uint64_t first_frames_ = 0;
    std::uint64_t last_frames_ = 0;
    std::int64_t first_ns_ = 0;
    double seconds_ = 0;
    // The block being averaged: time in seconds, lead of the count over the nominal rate in ns.
    double block_end_ = 0;
    double block_count_ = 0;
    double block_time_ = 0;
    double block_lead_ = 0;
    // Over all closed blocks: means, and sums of products of distances from them.
    double blocks_ = 0;
    double mean_time_ = 0;
    double mean_lead_ = 0;
    double time_time_ = 0;
    double time_lead_ = 0;
    double lead_lead_ = 0;
};

/// Compares a capture and a playback device by their counts against one clock. The verdict is
/// certain once the difference, give or take its uncertainty, lies wholly on one side of the
/// resolution. With periods of 128 frames at 48 kHz and timestamps that are late by up to 100 µs,
/// one clock is known as such within 12 s, and 10 ppm between two within 5 s; 37 ppm, in 3 s. Where
/// a pointer lags by 256 frames it takes an hour, 18 minutes and 4 minutes; 500 ppm, 20 s. Clocks
/// closer than the resolution count as one. [any] one thread at a time; never allocates, locks or
/// calls the system.
class ClockComparison {
  public:
    enum class Verdict { unknown, shared, apart };

    static constexpr double kResolutionPpm = 2;

    /// See ClockLine for the lags.
    void configure(double rate_hz, std::uint32_t capture_lag_frames,
                   std::uint32_t playback_lag_frames) noexcept;

    /// After an xrun: counts and time have parted.
    void restart() noexcept;

    void observe_capture(std::uint64_t frames, std::int64_t time_ns) noexcept {
        capture_.observe(frames, time_ns);
    }
    void observe_playback(std::uint64_t frames, std::int64_t time_ns) noexcept {
        playback_.observe(frames, time_ns);
    }

    [[nodiscard]] Verdict verdict() const noexcept;

    /// The true difference is certainly less than this.
    [[nodiscard]] bool within(double most_ppm) const noexcept;

    /// Capture against playback: positive, capture is faster. Holds if known().
    [[nodiscard]] double ppm() const noexcept { return capture_.ppm() - playback_.ppm(); }

    /// The true difference is within ppm() ± this.
    [[nodiscard]] double uncertainty_ppm() const noexcept {
        return capture_.uncertainty_ppm() + playback_.uncertainty_ppm();
    }

    [[nodiscard]] bool known() const noexcept { return capture_.known() && playback_.known(); }

  private:
    double rate_hz_ = 48000;
    std::uint32_t capture_lag_frames_ = 1;
    std::uint32_t playback_lag_frames_ = 1;
    ClockLine capture_;
    ClockLine playback_;
};

} // namespace jig::audio
