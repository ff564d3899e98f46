// The duplex loop's third part: is it one clock, and what is done when there are two.
#include "audio/alsa/duplex.hpp"

#include <cstdio>

namespace jig::audio::alsa {

/// What the capture card has goes over the bridge, whether or not the playback card is due.
Trouble Duplex::fetch_capture() noexcept {
    std::optional<Sighting> seen;
    if (const Trouble trouble = look(*pair_.capture, seen); trouble != Trouble::none) {
        return trouble;
    }
    clocks_.observe_capture(static_cast<std::uint64_t>(seen->captured()), seen->at_ns);
    const int periods = bridge_->fetch(*pair_.capture, *seen);
    if (periods < 0) {
        return present_trouble(periods);
    }
    if (periods > 0) {
        captured_ = true;
        capture_deadline_ns_ = wake_.at_ns + two_rings_ns();
        fruitless_wakes_ = 0;
    }
    return Trouble::none;
}

/// The input of this cycle, straight from its card or over the bridge.
int Duplex::take_input() noexcept {
    if (!pair_.capture) {
        return 0;
    }
    float* const* channels = planes_.capture(pair_.capture->setup().channels);
    if (!bridge_) {
        return pair_.capture->read(channels, cycle_.frames);
    }
    if (!bridge_->deliver(channels, timeline_.completed_ns())) {
        ++xruns_in_;
        cycle_.flags |= rt::kCycleDiscontinuity;
        events_.push(DeviceEvent::Kind::xrun, 1);
    }
    return 0;
}

/// Drivers call the clock of a card one; its two counts must bear that out.
void Duplex::compare_clocks() noexcept {
    if (wake_.capture) {
        clocks_.observe_capture(static_cast<std::uint64_t>(wake_.capture->captured()),
                                wake_.capture->at_ns);
    }
    if (wake_.playback) {
        clocks_.observe_playback(static_cast<std::uint64_t>(wake_.playback->played()),
                                 wake_.playback->at_ns);
    }
    if (bridge_ || clocks_apart_ || clocks_.verdict() != ClockComparison::Verdict::apart) {
        return;
    }
    clocks_apart_ = true;
    char text[200];
    const int length = std::snprintf(
        text, sizeof text,
        "The sound card's input runs %+.1f ppm against its output: two clocks, and now and then "
        "an xrun; start with --resample-capture.",
        clocks_.ppm());
    events_.push(DeviceEvent::Kind::message, 0, {text, static_cast<std::size_t>(length)});
}

} // namespace jig::audio::alsa
