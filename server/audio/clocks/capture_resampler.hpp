// jig/audio/clocks/capture_resampler.hpp: brings the input of one clock onto the output's, with a
// latency that stays.
#pragma once

#include "audio/clocks/delay_locked_loop.hpp"
#include "audio/clocks/frame_ring.hpp"
#include "audio/clocks/sinc_table.hpp"

#include <array>
#include <cstdint>

namespace jig::audio {

/// Playback is the master. Captured frames are pushed as they come; at each playback cycle exactly
/// as many as it has are pulled, read from between them by a sinc that moves at the ratio of the
/// clocks. A delay-locked loop on each side says what the two counts are at one instant, and the
/// reading point is held at a fixed distance from the writing one (after F. Adriaensen,
/// "Controlling adaptive resampling", LAC 2012): the rates that the loops have found are the
/// integral part of the control, the error's share is the proportional one. Both start wide and
/// narrow to their bandwidth in 13 s, so that what jitter leaves of a pure tone stays 100 dB below
/// it. One thread pushes and pulls; neither allocates, locks or calls the system.
class CaptureResampler {
  public:
    struct Settings {
        double rate_hz = 48000;
        std::uint32_t channels = 2;
        std::uint32_t period_frames = 128; ///< the most that is pulled at once
        std::uint32_t push_frames = 128;   ///< the most that capture holds back: its period
        std::uint32_t ring_frames = 256;   ///< of the card: what may be pushed before the next pull
        std::uint32_t margin_frames = 16;  ///< by which a push may be late
    };

    /// [main]
    void configure(const Settings& settings);

    /// After a discontinuity on either side: what was pushed is forgotten, and both counts begin
    /// anew; the rates are kept. [audio]
    void restart() noexcept;

    /// The next `frames` of each channel; a null one is silence. `time_ns`: when the last of them
    /// had been captured, as the driver says it or as the thread woke. [audio]
    void push(const float* const* in, std::uint32_t frames, std::int64_t time_ns) noexcept;

    /// The next `frames` of the master's timeline, up to `period_frames`; into a null channel goes
    /// nothing. `time_ns`: when they fell due. Silence until something was pushed. [audio]
    void pull(float* const* out, std::uint32_t frames, std::int64_t time_ns) noexcept;

    /// What a frame waits here, compared to one clock where the period that was just captured is
    /// that of the callback: half the filter, the frames that capture holds back, the margin.
    /// Constant. [any]
    [[nodiscard]] std::uint32_t added_frames() const noexcept { return added_; }
    [[nodiscard]] static std::uint32_t added_frames(const Settings& settings) noexcept {
        return static_cast<std::uint32_t>(SincTable::kHalf) + 1 + settings.push_frames +
               settings.margin_frames;
    }

    /// Frames pushed and not yet read past. [audio]
    [[nodiscard]] double fill() const noexcept;

    /// Capture against playback, as resampled now: positive, capture is faster. [audio]
    [[nodiscard]] double ratio_ppm() const noexcept { return 1e6 * (ratio_ - 1); }

    /// The control has narrowed down. [audio]
    [[nodiscard]] bool settled() const noexcept {
        return running_ && captured_.settled() && played_.settled();
    }

    /// How often frames were missing, or came faster than they were read, so that it began anew.
    /// [audio]
    [[nodiscard]] std::uint32_t underruns() const noexcept { return underruns_; }
    [[nodiscard]] std::uint32_t overruns() const noexcept { return overruns_; }

  private:
    [[nodiscard]] double error_at(std::int64_t time_ns) const noexcept;
    void begin(std::int64_t time_ns) noexcept;
    void steer(std::int64_t time_ns, std::uint32_t frames) noexcept;
    [[nodiscard]] bool has(std::uint32_t frames) const noexcept;
    void resample(float* const* out, std::uint32_t frames) noexcept;

    SincTable table_;
    FrameRing ring_;
    DelayLockedLoop captured_;
    DelayLockedLoop played_;
    double rate_hz_ = 48000;
    std::uint32_t period_ = 128;
    std::uint32_t added_ = 0;
    std::uint64_t pulled_ = 0;
    // The point that is read next: this frame and so much of the way to its next.
    std::int64_t frame_ = 0;
    double fraction_ = 0;
    double smoothed_ = 1; ///< the ratio behind the first of two poles
    double ratio_ = 1;    ///< captured frames for one of the master's
    bool running_ = false;
    double running_frames_ = 0; ///< pulled since then
    std::uint32_t underruns_ = 0;
    std::uint32_t overruns_ = 0;
    std::array<float, SincTable::kTaps> taps_{};
};

} // namespace jig::audio
