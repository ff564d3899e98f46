#include "audio/alsa/timeline.hpp"

#include "audio/clock.hpp"

#include <algorithm>
#include <cmath>

namespace jig::audio::alsa {

std::int64_t Timeline::ns(std::int64_t frames) const noexcept {
    return std::llround(static_cast<double>(frames) * kNsPerSecond / settings_.rate_hz);
}

std::int64_t Timeline::frames(std::int64_t ns) const noexcept {
    return std::llround(static_cast<double>(ns) * settings_.rate_hz / kNsPerSecond);
}

void Timeline::restart() noexcept {
    ++epoch_;
    first_after_restart_ = true;
    loop_.restart();
}

void Timeline::wake(const Wake& wake) noexcept {
    wake_ = wake;
    // The output's clock is the one that counts; the input's is the same, or follows it.
    const std::int64_t passed = wake.playback ? wake.playback->played() : wake.capture->captured();
    const std::int64_t at_ns = wake.playback ? wake.playback->at_ns : wake.capture->at_ns;
    loop_.observe(static_cast<std::uint64_t>(passed), at_ns);
}

/// When the period was complete: its last frame had passed the converter.
std::int64_t Timeline::completion_ns(std::uint32_t index) const noexcept {
    const std::int64_t end = (std::int64_t{index} + 1) * settings_.period_frames;
    if (wake_.capture) {
        return wake_.capture->at_ns - ns(wake_.capture->avail - end);
    }
    const Sighting& played = *wake_.playback;
    const std::int64_t elapsed = played.avail - (played.buffer - settings_.prefill_frames);
    return played.at_ns - ns(elapsed - end);
}

void Timeline::describe(rt::Cycle& cycle, std::uint32_t index) noexcept {
    const std::int64_t written_before = std::int64_t{index} * settings_.period_frames;
    cycle.cycle = cycle_++;
    cycle.epoch = epoch_;
    cycle.due_ns = completion_ns(index);
    cycle.wake_ns = wake_.at_ns;
    cycle.cpu_ns = wake_.cpu_ns;
    cycle.rate_measured_hz = loop_.settled() ? loop_.rate_hz() : 0;
    if (wake_.capture) {
        cycle.capture_ns = cycle.due_ns - ns(settings_.period_frames);
        const Sighting& captured = *wake_.capture;
        cycle.deadline_ns = captured.at_ns + ns(captured.buffer - captured.avail + written_before);
    } else if (settings_.resampler_frames > 0) {
        cycle.capture_ns = cycle.due_ns - ns(settings_.period_frames + settings_.resampler_frames);
    }
    if (wake_.playback) {
        const Sighting& played = *wake_.playback;
        cycle.playback_ns = played.at_ns + ns(played.buffer - played.avail + written_before);
        // When the ring has run dry.
        cycle.deadline_ns = cycle.playback_ns;
    }
    // A late cycle has used its time up; its deadline is still after its beginning.
    cycle.deadline_ns = std::max(cycle.deadline_ns, cycle.wake_ns + 1);
    find_delays(cycle);
    const std::int64_t complete_ns = cycle.due_ns;
    if (first_after_restart_) {
        find_lost(cycle);
        first_after_restart_ = false;
    }
    cycle.device_frame_in = next_frame_;
    cycle.device_frame_out = next_frame_;
    next_frame_ += settings_.period_frames;
    completed_ns_ = complete_ns;
}

void Timeline::find_lost(rt::Cycle& cycle) noexcept {
    if (cycle.cycle == 0) {
        cycle.flags |= rt::kCycleFirst;
        return;
    }
    const std::int64_t passed = frames(cycle.due_ns - completed_ns_);
    const std::int64_t lost = std::max<std::int64_t>(passed - settings_.period_frames, 0);
    cycle.lost_frames = static_cast<std::int32_t>(std::min<std::int64_t>(lost, INT32_MAX));
    next_frame_ += static_cast<std::uint64_t>(lost);
    if (found_ns_ != 0) {
        cycle.due_ns = completed_ns_ + ns(settings_.period_frames);
        cycle.wake_ns = found_ns_;
        found_ns_ = 0;
    }
}

void Timeline::find_delays(rt::Cycle& cycle) const noexcept {
    const auto period = static_cast<std::int32_t>(settings_.period_frames);
    const auto prefill = static_cast<std::int32_t>(settings_.prefill_frames);
    const auto resampler = static_cast<std::int32_t>(settings_.resampler_frames);
    cycle.in_delay_frames = wake_.capture || resampler > 0 ? period + resampler : 0;
    if (!wake_.playback) {
        return;
    }
    if (settings_.counted || !wake_.capture) {
        cycle.out_delay_frames = prefill - period;
        cycle.flags |= settings_.counted ? std::uint32_t{rt::kCycleDelayExact} : 0;
    } else {
        cycle.out_delay_frames =
            static_cast<std::int32_t>(frames(cycle.playback_ns - cycle.due_ns));
    }
}

} // namespace jig::audio::alsa
