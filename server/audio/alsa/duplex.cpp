#include "audio/alsa/duplex.hpp"

#include "audio/clock.hpp"

#include <algorithm>

namespace jig::audio::alsa {

namespace {

/// A wake-up for nothing is answered at once a few times, then with a pause: a driver that signals
/// without end shall not have the processor to itself.
constexpr int kFruitlessWakes = 8;
constexpr std::int64_t kPauseNs = 1'000'000;

constexpr std::int64_t kSlackNs = 10'000'000;

Timeline::Settings timeline_settings(const Pair& pair) {
    const Setup& setup = pair.setup();
    return {static_cast<double>(setup.rate_hz), setup.period_frames,
            pair.prefill_periods * setup.period_frames,
            pair.capture && pair.playback && pair.linked && pair.clock_shared && !pair.resampled,
            pair.resampler_frames()};
}

} // namespace

Duplex::Duplex(Api& api, int stop_fd, Pair pair, Planes& planes, EventQueue& events)
    : api_(api), pair_(std::move(pair)), planes_(planes), events_(events), waiter_(api, stop_fd),
      timeline_(timeline_settings(pair_)) {
    const Setup& setup = pair_.setup();
    cycle_.frames = setup.period_frames;
    cycle_.rate_hz = setup.rate_hz;
    // Two cards are compared in seconds, so their pointers' steps are taken at their word. A card
    // that claims one clock is believed until it cannot be its pointers' lateness any more.
    const std::uint32_t lag_frames = pair_.resampled ? 0 : setup.period_frames;
    clocks_.configure(setup.rate_hz, lag_frames, lag_frames);
    if (pair_.resampled) {
        bridge_.emplace(pair_.capture->setup());
    }
}

/// How long silence is normal; the first cycle of a card may take its time.
std::int64_t Duplex::patience_ns() const noexcept {
    return fresh_ ? kFirstCycleNs : two_rings_ns();
}

std::int64_t Duplex::two_rings_ns() const noexcept {
    const Setup& setup = pair_.setup();
    return 2 * setup.buffer_frames * kNsPerSecond / setup.rate_hz + kSlackNs;
}

Duplex::Turn Duplex::turn() noexcept {
    switch (waiter_.wait(patience_ns(),
                         bridge_ ? Waiter::Until::any_ready : Waiter::Until::all_ready)) {
    case Waiter::Outcome::stopped:
        return Turn::stopped;
    case Waiter::Outcome::timeout:
        return on_timeout();
    case Waiter::Outcome::troubled:
        return recover(present_trouble(-EIO));
    case Waiter::Outcome::ready:
        break;
    }
    wake_.at_ns = api_.monotonic_ns();
    wake_.cpu_ns = api_.thread_cpu_ns();
    Trouble trouble = Trouble::none;
    const std::int64_t periods = due_periods(trouble);
    if (trouble != Trouble::none) {
        return recover(trouble);
    }
    if (bridge_ && wake_.at_ns > capture_deadline_ns_) {
        return on_timeout();
    }
    if (periods <= 0) {
        return wait_on();
    }
    fruitless_wakes_ = 0;
    timeouts_ = !bridge_ || std::exchange(captured_, false) ? 0 : timeouts_;
    last_progress_ns_ = wake_.at_ns;
    compare_clocks();
    timeline_.wake(wake_);
    const auto count = static_cast<std::uint32_t>(periods);
    for (std::uint32_t i = 0; i < count; ++i) {
        if (const Trouble met = run_period(i, count); met != Trouble::none) {
            return recover(met);
        }
    }
    return Turn::ran;
}

/// Whole periods that every direction has ready; never more than the ring holds.
std::int64_t Duplex::due_periods(Trouble& trouble) noexcept {
    const Setup& setup = pair_.setup();
    std::int64_t periods = setup.periods;
    if (bridge_) {
        trouble = fetch_capture();
    } else if (pair_.capture) {
        trouble = look(*pair_.capture, wake_.capture);
        periods = trouble == Trouble::none
                      ? std::min(periods, wake_.capture->avail / setup.period_frames)
                      : 0;
    }
    if (pair_.playback && trouble == Trouble::none) {
        trouble = look(*pair_.playback, wake_.playback);
        periods = trouble == Trouble::none ? std::min(periods, playback_periods()) : 0;
    }
    return periods;
}

std::int64_t Duplex::playback_periods() const noexcept {
    const Setup& setup = pair_.playback->setup();
    // What the prefill left free of the ring has not been played.
    const std::int64_t free = setup.periods - pair_.prefill_periods;
    return wake_.playback->avail / setup.period_frames - free;
}

Trouble Duplex::look(Stream& stream, std::optional<Sighting>& sighting) noexcept {
    snd_pcm_t* pcm = stream.pcm().get();
    const snd_pcm_sframes_t fresh = api_.avail_update(pcm);
    const int code = fresh < 0 ? static_cast<int>(fresh) : 0;
    if (const Trouble trouble = trouble_of(code, api_.state(pcm)); trouble != Trouble::none) {
        return trouble;
    }
    Sighting seen;
    snd_pcm_uframes_t avail = 0;
    if (api_.timestamp(pcm, avail, seen.at_ns) < 0 || seen.at_ns == 0) {
        avail = static_cast<snd_pcm_uframes_t>(fresh);
        seen.at_ns = wake_.at_ns;
    }
    seen.avail = static_cast<std::int64_t>(avail);
    seen.position = static_cast<std::int64_t>(stream.position());
    seen.buffer = stream.setup().buffer_frames;
    sighting = seen;
    return Trouble::none;
}

/// Awake, and nothing to do: the pointer lags behind the interrupt, or the wake-up meant nothing.
Duplex::Turn Duplex::wait_on() noexcept {
    if (wake_.at_ns - last_progress_ns_ > patience_ns()) {
        return on_timeout();
    }
    if (++fruitless_wakes_ > kFruitlessWakes && waiter_.wait_for_stop(kPauseNs)) {
        return Turn::stopped;
    }
    return Turn::waited;
}

Trouble Duplex::run_period(std::uint32_t index, std::uint32_t count) noexcept {
    const std::uint32_t frames = pair_.setup().period_frames;
    const bool shared = pair_.clock_shared && !clocks_apart_;
    cycle_.flags = (pair_.linked ? std::uint32_t{rt::kCycleLinked} : 0) |
                   (shared ? std::uint32_t{rt::kCycleClockShared} : 0) |
                   (bridge_ ? std::uint32_t{rt::kCycleResampled} : 0) |
                   (index + 1 < count ? std::uint32_t{rt::kCycleCatchup} : 0);
    cycle_.lost_frames = 0;
    timeline_.describe(cycle_, index);
    if (fresh_ && restarted_) {
        cycle_.flags |= rt::kCycleDiscontinuity | rt::kCycleRestarted;
    }
    fresh_ = false;
    vain_starts_ = 0;
    if (const int fault = take_input(); fault < 0) {
        return present_trouble(fault);
    }
    cycle_.xruns_in = std::exchange(xruns_in_, 0);
    cycle_.xruns_out = std::exchange(xruns_out_, 0);
    cycle_.in = planes_.in().buffers();
    cycle_.in_count = planes_.in().count();
    cycle_.out = planes_.out().buffers();
    cycle_.out_count = planes_.out().count();
    callback_(context_, cycle_);
    if (pair_.playback) {
        const int fault =
            pair_.playback->write(planes_.playback(pair_.playback->setup().channels), frames);
        if (fault < 0) {
            return present_trouble(fault);
        }
    }
    return Trouble::none;
}

} // namespace jig::audio::alsa
