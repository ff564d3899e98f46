#include "audio/clocks/capture_resampler.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

namespace jig::audio {

namespace {

constexpr double kBandwidthHz = 0.03;
constexpr double kStartSeconds = 0.2;
/// The share of an error that is made good in a second: three quarters of the loops' natural
/// frequency. More lets jitter through, less lets the latency wander while a clock drifts.
constexpr double kShare = 1.5 * std::numbers::pi * kBandwidthHz;
/// Two poles over the ratio, in Hz: what they let through changes slowly against a measuring
/// window.
constexpr double kSmoothing = 0.1;
constexpr double kFurthest = 0.01; ///< no clock is that wrong; a ratio beyond is a disturbance

} // namespace

void CaptureResampler::configure(const Settings& settings) {
    rate_hz_ = settings.rate_hz;
    period_ = settings.period_frames;
    added_ = added_frames(settings);
    captured_.configure(rate_hz_, kBandwidthHz);
    played_.configure(rate_hz_, kBandwidthHz);
    ring_.configure(settings.channels, 2 * (period_ + added_ + settings.ring_frames));
    restart();
    underruns_ = overruns_ = 0;
}

void CaptureResampler::restart() noexcept {
    captured_.restart();
    played_.restart();
    ring_.clear();
    pulled_ = 0;
    running_ = false;
}

void CaptureResampler::push(const float* const* in, std::uint32_t frames,
                            std::int64_t time_ns) noexcept {
    const std::int64_t needed = frame_ - static_cast<std::int64_t>(SincTable::kHalf);
    if (running_ &&
        ring_.written() + frames - needed > static_cast<std::int64_t>(ring_.capacity())) {
        ++overruns_;
        restart();
    }
    ring_.write(in, frames);
    captured_.observe(static_cast<std::uint64_t>(ring_.written()), time_ns);
}

void CaptureResampler::pull(float* const* out, std::uint32_t frames,
                            std::int64_t time_ns) noexcept {
    // The cycle's first frame falls due now: that many have been played before it.
    played_.observe(pulled_, time_ns);
    const std::int64_t due_ns = played_.time_of(pulled_);
    pulled_ += frames;
    if (!running_ && captured_.running()) {
        begin(due_ns);
    }
    if (running_) {
        steer(due_ns, frames);
        if (has(frames)) {
            return resample(out, frames);
        }
        ++underruns_;
        restart();
    }
    for (std::uint32_t c = 0; c < ring_.channels(); ++c) {
        if (out[c] != nullptr) {
            std::memset(out[c], 0, frames * sizeof(float));
        }
    }
}

/// How far the reading point lies behind its place, in frames.
double CaptureResampler::error_at(std::int64_t time_ns) const noexcept {
    // The callback's period on one clock would begin a period before what is captured by now.
    const double ahead = captured_.frames_after(static_cast<std::uint64_t>(frame_), time_ns);
    return ahead - fraction_ - period_ - added_;
}

void CaptureResampler::begin(std::int64_t time_ns) noexcept {
    frame_ = ring_.written();
    fraction_ = 0;
    const double away = error_at(time_ns);
    const double whole = std::floor(away);
    frame_ += static_cast<std::int64_t>(whole);
    fraction_ = away - whole;
    smoothed_ = ratio_ = captured_.rate_hz() / played_.rate_hz();
    running_frames_ = 0;
    running_ = true;
}

void CaptureResampler::steer(std::int64_t time_ns, std::uint32_t frames) noexcept {
    // At first all errors since the beginning count the same.
    const double wide = 1 / (kStartSeconds + running_frames_ / rate_hz_);
    const double share = std::max(kShare, wide) / rate_hz_;
    const double smoothing =
        -std::expm1(-std::max(kSmoothing, wide) * 2 * std::numbers::pi * frames / rate_hz_);
    const double wanted = captured_.rate_hz() / played_.rate_hz() + share * error_at(time_ns);
    smoothed_ += smoothing * (std::clamp(wanted, 1 - kFurthest, 1 + kFurthest) - smoothed_);
    ratio_ += smoothing * (smoothed_ - ratio_);
    running_frames_ += frames;
}

/// Whether all that the filter needs for so many frames has been pushed.
bool CaptureResampler::has(std::uint32_t frames) const noexcept {
    const double last = static_cast<double>(frame_) + fraction_ + ratio_ * (frames - 1);
    return static_cast<std::int64_t>(last) + static_cast<std::int64_t>(SincTable::kHalf) <
           ring_.written();
}

void CaptureResampler::resample(float* const* out, std::uint32_t frames) noexcept {
    constexpr auto kBefore = static_cast<std::int64_t>(SincTable::kHalf) - 1;
    for (std::uint32_t i = 0; i < frames; ++i) {
        table_.taps_at(fraction_, taps_);
        for (std::uint32_t c = 0; c < ring_.channels(); ++c) {
            if (out[c] != nullptr) {
                out[c][i] = SincTable::apply(taps_, ring_.read(c, frame_ - kBefore));
            }
        }
        fraction_ += ratio_;
        const auto whole = static_cast<std::int64_t>(fraction_);
        frame_ += whole;
        fraction_ -= static_cast<double>(whole);
    }
}

double CaptureResampler::fill() const noexcept {
    return static_cast<double>(ring_.written() - frame_) - fraction_;
}

} // namespace jig::audio
