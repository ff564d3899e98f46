#include "audio/clocks/delay_locked_loop.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace jig::audio {

namespace {

constexpr double kStartSeconds = 0.2; ///< the memory to begin with: 2 Hz
constexpr double kWidest = 0.3;       ///< of omega · T: well inside the loop's stability
constexpr double kOutlier = 5;        ///< times the spread: neither noise nor drift
constexpr double kSpreadGain = 1.0 / 64;
constexpr double kStartSpreadNs = 1e6;
constexpr double kLeastSpreadNs = 1000;
constexpr int kStep = 32; ///< so many outliers in a row, all to one side, are none

} // namespace

void DelayLockedLoop::configure(double rate_hz, double bandwidth_hz) noexcept {
    *this = {};
    rate_hz_ = rate_hz;
    bandwidth_hz_ = bandwidth_hz;
    ns_per_frame_ = kNs / rate_hz;
}

void DelayLockedLoop::begin(std::uint64_t frames, std::int64_t time_ns) noexcept {
    running_ = true;
    frames_ = frames;
    origin_ns_ = time_ns;
    since_ns_ = 0;
    observed_ = 1;
    spread_ns_ = kStartSpreadNs;
    outliers_ = 0;
}

void DelayLockedLoop::observe(std::uint64_t frames, std::int64_t time_ns) noexcept {
    if (!running_) {
        begin(frames, time_ns);
        return;
    }
    if (frames <= frames_) {
        return;
    }
    const auto step = static_cast<double>(frames - frames_);
    const double step_ns = step * ns_per_frame_;
    const double expected_ns = since_ns_ + step_ns;
    const double error_ns =
        without_outliers(static_cast<double>(time_ns - origin_ns_) - expected_ns);
    if (std::abs(outliers_) >= kStep) {
        begin(frames, time_ns);
        return;
    }
    observed_ += 1;
    seconds_ += step_ns / kNs;
    const double bandwidth_hz = std::max(bandwidth_hz_, kMemory / (seconds_ + kStartSeconds));
    const double omega = std::min(kWidest, 2 * std::numbers::pi * bandwidth_hz * step_ns / kNs);
    frames_ = frames;
    since_ns_ = expected_ns + std::max(std::numbers::sqrt2 * omega, 1 / observed_) * error_ns;
    ns_per_frame_ += omega * omega * error_ns / step;
}

/// A wake-up far later than all others says nothing about the device: it counts as a late one.
double DelayLockedLoop::without_outliers(double error_ns) noexcept {
    const double limit_ns = kOutlier * spread_ns_;
    const double limited_ns = std::clamp(error_ns, -limit_ns, limit_ns);
    if (limited_ns == error_ns) {
        outliers_ = 0;
    } else if (error_ns > 0) {
        outliers_ = std::max(outliers_, 0) + 1;
    } else {
        outliers_ = std::min(outliers_, 0) - 1;
    }
    spread_ns_ += kSpreadGain * (std::abs(limited_ns) - spread_ns_);
    spread_ns_ = std::max(spread_ns_, kLeastSpreadNs);
    return limited_ns;
}

std::int64_t DelayLockedLoop::time_of(std::uint64_t frames) const noexcept {
    const auto ahead = static_cast<double>(static_cast<std::int64_t>(frames - frames_));
    return origin_ns_ + std::llround(since_ns_ + ahead * ns_per_frame_);
}

double DelayLockedLoop::frames_after(std::uint64_t frames, std::int64_t time_ns) const noexcept {
    const auto ahead = static_cast<double>(static_cast<std::int64_t>(frames_ - frames));
    return ahead + (static_cast<double>(time_ns - origin_ns_) - since_ns_) / ns_per_frame_;
}

} // namespace jig::audio
