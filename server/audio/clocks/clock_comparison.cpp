#include "audio/clocks/clock_comparison.hpp"

#include <algorithm>
#include <cmath>

namespace jig::audio {

namespace {

constexpr double kNs = 1e9;
constexpr double kBlockSeconds = 0.25;
constexpr double kLeastBlocks = 12; ///< fewer hardly tell how much they scatter
constexpr double kStandardErrors = 5;

} // namespace

void ClockLine::configure(double rate_hz, std::uint32_t lag_frames) noexcept {
    *this = {};
    rate_hz_ = rate_hz;
    lag_ns_ = kNs * lag_frames / rate_hz;
}

void ClockLine::observe(std::uint64_t frames, std::int64_t time_ns) noexcept {
    if (!begun_) {
        begun_ = true;
        first_frames_ = frames;
        first_ns_ = time_ns;
        block_end_ = kBlockSeconds;
    } else if (frames <= last_frames_) {
        return;
    }
    last_frames_ = frames;
    const auto elapsed_ns = static_cast<double>(time_ns - first_ns_);
    seconds_ = elapsed_ns / kNs;
    if (seconds_ >= block_end_ && block_count_ > 0) {
        close_block();
        block_end_ = seconds_ + kBlockSeconds;
    }
    block_count_ += 1;
    block_time_ += seconds_;
    block_lead_ += kNs * static_cast<double>(frames - first_frames_) / rate_hz_ - elapsed_ns;
}

/// Adds the block's means to the sums as they stand around their own means (B. P. Welford, "Note on
/// a method for calculating corrected sums of squares and products", Technometrics 4 (3), 1962).
void ClockLine::close_block() noexcept {
    const double time = block_time_ / block_count_;
    const double lead = block_lead_ / block_count_;
    blocks_ += 1;
    const double from_time = time - mean_time_;
    const double from_lead = lead - mean_lead_;
    mean_time_ += from_time / blocks_;
    mean_lead_ += from_lead / blocks_;
    time_time_ += from_time * (time - mean_time_);
    time_lead_ += from_time * (lead - mean_lead_);
    lead_lead_ += from_lead * (lead - mean_lead_);
    block_count_ = block_time_ = block_lead_ = 0;
}

bool ClockLine::known() const noexcept {
    return blocks_ >= kLeastBlocks;
}

// A lead that grows by 1000 ns a second is 1 ppm.
double ClockLine::ppm() const noexcept {
    return known() ? time_lead_ / time_time_ / 1000 : 0;
}

double ClockLine::uncertainty_ppm() const noexcept {
    if (!known()) {
        return 1e6;
    }
    const double residual = std::max(0.0, lead_lead_ - time_lead_ * time_lead_ / time_time_);
    const double error = std::sqrt(residual / (blocks_ - 2) / time_time_);
    // A lag tilts a line the most when it is nothing in the first half and all in the second.
    const double tilt = 1.5 * lag_ns_ / seconds_;
    return (kStandardErrors * error + tilt) / 1000;
}

void ClockComparison::configure(double rate_hz, std::uint32_t capture_lag_frames,
                                std::uint32_t playback_lag_frames) noexcept {
    rate_hz_ = rate_hz;
    capture_lag_frames_ = capture_lag_frames;
    playback_lag_frames_ = playback_lag_frames;
    restart();
}

void ClockComparison::restart() noexcept {
    capture_.configure(rate_hz_, capture_lag_frames_);
    playback_.configure(rate_hz_, playback_lag_frames_);
}

ClockComparison::Verdict ClockComparison::verdict() const noexcept {
    if (within(kResolutionPpm)) {
        return Verdict::shared;
    }
    const bool apart = known() && std::abs(ppm()) - uncertainty_ppm() > kResolutionPpm;
    return apart ? Verdict::apart : Verdict::unknown;
}

bool ClockComparison::within(double most_ppm) const noexcept {
    return known() && std::abs(ppm()) + uncertainty_ppm() < most_ppm;
}

} // namespace jig::audio
