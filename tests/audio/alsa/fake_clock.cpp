// FakeAlsa: time, converters and accidents.
#include "fake_parts.hpp"

#include <cmath>

namespace jig::test {

void FakeAlsa::unplug(int card) {
    for (auto& pcm : pcms_) {
        if (pcm->identity.card == card) {
            move(*pcm);
            pcm->state = pcm->stale_state ? SND_PCM_STATE_RUNNING : SND_PCM_STATE_DISCONNECTED;
            pcm->open_fault = -ENODEV;
            pcm->interrupts = false;
        }
    }
}

void FakeAlsa::suspend(int card) {
    for (auto& pcm : pcms_) {
        if (pcm->identity.card == card && pcm->state == SND_PCM_STATE_RUNNING) {
            move(*pcm);
            pcm->state = SND_PCM_STATE_SUSPENDED;
        }
    }
}

std::uint64_t FakeAlsa::passed(const FakePcm& pcm) const {
    const double rate_hz = pcm.rate_hz * (1 + pcm.clock_ppm * 1e-6);
    // A thousandth of a frame forgives the rounding of instants to nanoseconds.
    const double frames = static_cast<double>(now_ns_ - pcm.started_ns) * 1e-9 * rate_hz + 1e-3;
    const std::uint32_t step = pcm.step_frames != 0 ? pcm.step_frames : pcm.period;
    return static_cast<std::uint64_t>(frames) / step * step;
}

std::int64_t FakeAlsa::next_move_ns(const FakePcm& pcm) const {
    const double rate_hz = pcm.rate_hz * (1 + pcm.clock_ppm * 1e-6);
    const std::uint32_t step = pcm.step_frames != 0 ? pcm.step_frames : pcm.period;
    const auto next = static_cast<double>(passed(pcm) + step);
    return pcm.started_ns + static_cast<std::int64_t>(std::ceil(next * 1e9 / rate_hz));
}

void FakeAlsa::pass(std::int64_t ns) {
    const std::int64_t end = now_ns_ + ns;
    while (now_ns_ < end) {
        go_to(end);
    }
}

/// To the next thing that happens, `instant_ns` at the latest.
void FakeAlsa::go_to(std::int64_t instant_ns) {
    std::int64_t next = instant_ns;
    for (const auto& pcm : pcms_) {
        if (pcm->state == SND_PCM_STATE_RUNNING) {
            next = std::min(next, next_move_ns(*pcm));
        }
    }
    if (!planned_.empty()) {
        next = std::min(next, planned_.begin()->first);
    }
    now_ns_ = std::max(now_ns_ + 1, next);
    for (auto& pcm : pcms_) {
        move(*pcm);
    }
    while (!planned_.empty() && planned_.begin()->first <= now_ns_) {
        const auto action = planned_.begin()->second;
        planned_.erase(planned_.begin());
        action();
    }
}

void FakeAlsa::move(FakePcm& pcm) {
    if (pcm.state != SND_PCM_STATE_RUNNING) {
        return;
    }
    const std::uint64_t there = passed(pcm);
    if (there == pcm.hw) {
        return;
    }
    pcm.moved_ns = now_ns_;
    const std::uint64_t limit = pcm.is_capture() ? pcm.appl + pcm.buffer : pcm.appl;
    convert(pcm, std::min(there, limit));
    // The kernel stops a stream when avail reaches the threshold.
    if (pcm.avail() >= static_cast<std::int64_t>(pcm.stop_threshold)) {
        xrun(pcm);
    }
}

void FakeAlsa::convert(FakePcm& pcm, std::uint64_t until) {
    pcm.speaker.resize(pcm.channel_count);
    for (; pcm.hw < until; ++pcm.hw, ++pcm.total) {
        for (unsigned c = 0; c < pcm.channel_count; ++c) {
            std::byte* sample = sample_at(pcm, c, pcm.hw);
            float value = 0;
            if (pcm.is_capture()) {
                value = pcm.microphone ? pcm.microphone(pcm.total, c) : 0.0F;
                pcm.format->from_float(&value, sample, pcm.format->bytes, 1);
            } else {
                pcm.format->to_float(sample, pcm.format->bytes, &value, 1);
                pcm.speaker[c].push_back(value);
            }
        }
    }
}

void FakeAlsa::xrun(FakePcm& pcm) {
    each_of_group(pcm, [](FakePcm& one) {
        if (one.state == SND_PCM_STATE_RUNNING) {
            one.state = SND_PCM_STATE_XRUN;
        }
    });
}

} // namespace jig::test
