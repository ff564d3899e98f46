// jig/audio/clocks/delay_locked_loop.hpp: the time of a device's periods, freed of wake-up jitter.
#pragma once

#include <cstdint>

namespace jig::audio {

/// A second-order delay-locked loop (F. Adriaensen, "Using a DLL to filter time", LAC 2005) through
/// observations (frames counted, time): it says when any frame was or will be due, and the rate
/// against the clock that times were taken from. Observations may be any number of frames apart.
/// It starts as wide as 2 Hz at the nominal rate and narrows to its bandwidth, as a growing
/// memory would. Where time stands is at first the mean of what was observed, after a restart too.
/// A single late observation hardly moves it; a lasting step starts it anew. [any] one thread at a
/// time; never allocates, locks or calls the system.
class DelayLockedLoop {
  public:
    /// Forgets everything.
    void configure(double rate_hz, double bandwidth_hz = 0.1) noexcept;

    /// After a discontinuity: the next observation says where time stands; the rate is kept.
    void restart() noexcept { running_ = false; }

    /// `frames` were counted at `time_ns`. A count that has not grown is ignored.
    void observe(std::uint64_t frames, std::int64_t time_ns) noexcept;

    /// There has been an observation: time_of() and frame_at() hold.
    [[nodiscard]] bool running() const noexcept { return running_; }

    /// The bandwidth has been reached, so that the rate is worth telling.
    [[nodiscard]] bool settled() const noexcept { return seconds_ * bandwidth_hz_ > kMemory; }

    /// When the device had, or will have, counted `frames`.
    [[nodiscard]] std::int64_t time_of(std::uint64_t frames) const noexcept;

    /// Frames counted at `time_ns`, less `frames`: parts of a frame stay exact however many there
    /// have been.
    [[nodiscard]] double frames_after(std::uint64_t frames, std::int64_t time_ns) const noexcept;

    /// Frames a second, as far as is known: the nominal rate at first.
    [[nodiscard]] double rate_hz() const noexcept { return kNs / ns_per_frame_; }

    /// Of rate_hz() from the nominal rate.
    [[nodiscard]] double ppm() const noexcept { return 1e6 * (rate_hz() / rate_hz_ - 1); }

  private:
    static constexpr double kNs = 1e9;
    /// Bandwidth times age while the memory grows. A line fitted to all that was seen has the
    /// natural frequency sqrt(6) / age, which is 0.39 / age in Hz.
    static constexpr double kMemory = 0.39;

    void begin(std::uint64_t frames, std::int64_t time_ns) noexcept;
    [[nodiscard]] double without_outliers(double error_ns) noexcept;

    double rate_hz_ = 48000;
    double bandwidth_hz_ = 0.1;
    double ns_per_frame_ = kNs / 48000;
    double seconds_ = 0; ///< of observations since configure()
    bool running_ = false;
    // Where time stands: this count at origin_ns_ + since_ns_.
    std::uint64_t frames_ = 0;
    std::int64_t origin_ns_ = 0;
    double since_ns_ = 0;
    double observed_ = 0;  ///< observations since then
    double spread_ns_ = 0; ///< mean distance of observations from where they were expected
    int outliers_ = 0;     ///< in a row, late positive, early negative
};

} // namespace jig::audio
