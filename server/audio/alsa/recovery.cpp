// The duplex loop's other half: how it starts, and starts again when the card failed.
#include "audio/alsa/duplex.hpp"
#include "audio/clock.hpp"

#include <cstdio>

namespace jig::audio::alsa {

namespace {

/// A card that gives no interrupt that often, or was started that often in vain, is taken for lost.
constexpr int kMostTimeouts = 3;
constexpr int kMostVainStarts = 10;
/// A suspended card is asked to resume for this long.
constexpr int kResumeAttempts = 50;
constexpr std::int64_t kResumePauseNs = 20'000'000;

} // namespace

template <typename Action>
int Duplex::each(Action action) noexcept {
    int fault = 0;
    if (pair_.capture) {
        fault = action(pair_.capture->pcm().get());
    }
    if (pair_.playback && fault >= 0) {
        fault = action(pair_.playback->pcm().get());
    }
    return fault;
}

/// Prepared, prefilled with silence, and both directions running.
int Duplex::start_once() noexcept {
    if (const int fault = each([this](snd_pcm_t* pcm) { return api_.prepare(pcm); }); fault < 0) {
        return fault;
    }
    if (pair_.capture) {
        pair_.capture->reset_position();
    }
    if (pair_.playback) {
        Stream& playback = *pair_.playback;
        playback.reset_position();
        for (std::uint32_t i = 0; i < pair_.prefill_periods; ++i) {
            if (const int fault = playback.write_silence(playback.setup().period_frames);
                fault < 0) {
                return fault;
            }
        }
        if (const int fault = api_.start(playback.pcm().get()); fault < 0) {
            return fault;
        }
    }
    if (pair_.capture && !(pair_.playback && pair_.linked)) {
        if (const int fault = api_.start(pair_.capture->pcm().get()); fault < 0) {
            return fault;
        }
    }
    timeline_.restart();
    fresh_ = true;
    fruitless_wakes_ = 0;
    last_progress_ns_ = api_.monotonic_ns();
    clocks_.restart();
    if (bridge_) {
        bridge_->restart();
        captured_ = false;
        capture_deadline_ns_ = last_progress_ns_ + kFirstCycleNs;
    }
    return 0;
}

Result<void> Duplex::start() {
    waiter_.forget_all();
    bool watched = true;
    for (const auto* stream : {&pair_.capture, &pair_.playback}) {
        watched = watched && (!*stream || waiter_.watch((*stream)->pcm()));
    }
    if (!watched) {
        return Error{"The ALSA device has more poll descriptors than Jig waits for; use its hw: "
                     "device."};
    }
    restarted_ = false;
    if (const int fault = start_once(); fault < 0) {
        stop();
        return Error{"The ALSA device " +
                     (pair_.playback ? pair_.playback->pcm() : pair_.capture->pcm()).name() +
                     " does not start: " + snd_strerror(fault) +
                     "; look into the kernel's log (dmesg)."};
    }
    return {};
}

void Duplex::stop() noexcept {
    static_cast<void>(each([this](snd_pcm_t* pcm) {
        api_.drop(pcm); // of a card that is gone it fails, and the other is to stop all the same
        return 0;
    }));
}

void Duplex::close() {
    if (pair_.linked && pair_.capture && pair_.capture->pcm()) {
        api_.unlink(pair_.capture->pcm().get());
    }
    for (auto* stream : {&pair_.capture, &pair_.playback}) {
        if (*stream) {
            (*stream)->pcm().close();
        }
    }
}

/// The worse of what both directions say; `code` is what made us ask.
Trouble Duplex::present_trouble(int code) noexcept {
    Trouble found = Trouble::none;
    for (auto* stream : {&pair_.capture, &pair_.playback}) {
        if (!*stream) {
            continue;
        }
        snd_pcm_t* pcm = (*stream)->pcm().get();
        const snd_pcm_sframes_t avail = api_.avail_update(pcm);
        const Trouble trouble =
            trouble_of(avail < 0 ? static_cast<int>(avail) : 0, api_.state(pcm));
        if (trouble == Trouble::lost || trouble == Trouble::suspended) {
            return trouble;
        }
        found = trouble != Trouble::none && found != Trouble::xrun ? trouble : found;
    }
    return found != Trouble::none ? found : trouble_of(code, SND_PCM_STATE_RUNNING);
}

Duplex::Turn Duplex::on_timeout() noexcept {
    const Trouble trouble = present_trouble(-ETIMEDOUT);
    if (trouble == Trouble::other && ++timeouts_ >= kMostTimeouts) {
        events_.push(DeviceEvent::Kind::message, 0,
                     "the sound card runs and gives no interrupts; it is closed and opened again");
        return Turn::lost;
    }
    return recover(trouble);
}

Duplex::Turn Duplex::recover(Trouble trouble) noexcept {
    if (trouble == Trouble::none) {
        return Turn::waited;
    }
    if (trouble == Trouble::lost) {
        return Turn::lost;
    }
    timeline_.found_trouble(api_.monotonic_ns());
    if (trouble == Trouble::suspended) {
        if (!resume()) {
            return Turn::stopped;
        }
    } else {
        count_xruns();
    }
    return restart();
}

/// Wakes the card up, if it can be woken; what it had in its ring is of another time, so it is
/// started again in any case. False: stopped meanwhile.
bool Duplex::resume() noexcept {
    const bool can = (!pair_.capture || pair_.capture->setup().can_resume) &&
                     (!pair_.playback || pair_.playback->setup().can_resume);
    for (int i = 0; can && i < kResumeAttempts; ++i) {
        const int fault = each([this](snd_pcm_t* pcm) { return api_.resume(pcm); });
        if (fault != -EAGAIN) {
            return true;
        }
        if (waiter_.wait_for_stop(kResumePauseNs)) {
            return false;
        }
    }
    return true;
}

/// Linked directions stop as one, and then both say so; a stall without an xrun counts for both.
void Duplex::count_xruns() noexcept {
    if (fresh_ && restarted_) {
        return; // no cycle has run since: it is still the same gap
    }
    const auto stopped = [this](const std::optional<Stream>& stream) {
        return stream && api_.state(stream->pcm().get()) == SND_PCM_STATE_XRUN;
    };
    const bool in = stopped(pair_.capture);
    const bool out = stopped(pair_.playback);
    xruns_in_ += pair_.capture && (in || !out) ? 1 : 0;
    xruns_out_ += pair_.playback && (out || !in) ? 1 : 0;
    events_.push(DeviceEvent::Kind::xrun, 1);
}

Duplex::Turn Duplex::restart() noexcept {
    if (const std::int64_t wait_ns = budget_.wait_ns(api_.monotonic_ns()); wait_ns > 0) {
        char text[120];
        const int length = std::snprintf(
            text, sizeof text, "the sound card fails again and again; next attempt in %lld ms",
            static_cast<long long>(wait_ns / 1'000'000));
        stop();
        events_.push(DeviceEvent::Kind::message, 0, {text, static_cast<std::size_t>(length)});
        if (waiter_.wait_for_stop(wait_ns)) {
            return Turn::stopped;
        }
    }
    stop();
    restarted_ = true;
    fresh_ = true;
    if (trouble_of(start_once(), SND_PCM_STATE_RUNNING) == Trouble::lost) {
        return Turn::lost;
    }
    if (++vain_starts_ >= kMostVainStarts) {
        events_.push(DeviceEvent::Kind::message, 0,
                     "the sound card was started again and again and gave not one period; if one "
                     "of its directions stands still, use the other alone, as in "
                     "--device alsa:none+hw:0");
        return Turn::lost;
    }
    return Turn::waited;
}

} // namespace jig::audio::alsa
