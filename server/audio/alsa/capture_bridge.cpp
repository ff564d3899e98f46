#include "audio/alsa/capture_bridge.hpp"

#include "audio/clock.hpp"

#include <cmath>
#include <utility>

namespace jig::audio::alsa {

namespace {

/// A period is known of when the pointer has stepped beyond it: 1 ms on USB, 1.3 on an emulated
/// HDA.
constexpr double kStepSeconds = 0.0015;

CaptureResampler::Settings settings(const Setup& capture) {
    return {.rate_hz = static_cast<double>(capture.rate_hz),
            .channels = capture.channels,
            .period_frames = capture.period_frames,
            .push_frames = capture.period_frames,
            .ring_frames = capture.buffer_frames,
            .margin_frames = static_cast<std::uint32_t>(kStepSeconds * capture.rate_hz)};
}

} // namespace

CaptureBridge::CaptureBridge(const Setup& capture)
    : period_frames_(capture.period_frames),
      ns_per_frame_(static_cast<double>(kNsPerSecond) / capture.rate_hz),
      samples_(std::size_t{capture.channels} * capture.period_frames) {
    for (unsigned c = 0; c < capture.channels; ++c) {
        channels_.push_back(samples_.data() + std::size_t{c} * period_frames_);
    }
    resampler_.configure(settings(capture));
}

std::uint32_t CaptureBridge::added_frames(const Setup& capture) noexcept {
    return CaptureResampler::added_frames(settings(capture));
}

int CaptureBridge::fetch(Stream& capture, const Sighting& seen) noexcept {
    const auto periods = static_cast<int>(seen.avail / period_frames_);
    for (int i = 0; i < periods; ++i) {
        if (const int fault = capture.read(channels_.data(), period_frames_); fault < 0) {
            return fault;
        }
        const std::int64_t younger = seen.avail - std::int64_t{i + 1} * period_frames_;
        resampler_.push(channels_.data(), period_frames_,
                        seen.at_ns - std::llround(static_cast<double>(younger) * ns_per_frame_));
    }
    return periods;
}

bool CaptureBridge::deliver(float* const* channels, std::int64_t due_ns) noexcept {
    resampler_.pull(channels, period_frames_, due_ns);
    const std::uint32_t gaps = resampler_.underruns() + resampler_.overruns();
    return gaps == std::exchange(gaps_, gaps);
}

} // namespace jig::audio::alsa
