#include "rt/monitor.hpp"

#include <cstring>

namespace jig::rt {

void Monitor::configure(double rate_hz) {
    closed_.store(false, std::memory_order_relaxed);
    start_.configure(kStartSeconds * rate_hz);
    start_.jump(0);
    start_.aim(1);
    mute_.configure(kMuteSeconds * rate_hz);
    mute_.jump(server_.mute.load(std::memory_order_relaxed) != 0 ? 0.0F : 1.0F);
    trim_.configure(kMuteSeconds * rate_hz);
    trim_.jump(server_.trim_gain.load(std::memory_order_relaxed));
    trip_.configure(rate_hz);
    rearms_ = server_.rearm_count.load(std::memory_order_relaxed);
}

void Monitor::apply(std::uint64_t frame, float* const* out, std::uint32_t channels,
                    std::uint32_t frames) {
    const auto rearms = server_.rearm_count.load(std::memory_order_relaxed);
    if (rearms != rearms_) {
        rearms_ = rearms;
        tripped_ = false;
        trip_.rearm();
        engine_.tripped.store(0, std::memory_order_relaxed);
        start_.jump(0);
    }
    start_.aim(1);
    const bool silent = server_.mute.load(std::memory_order_relaxed) != 0 ||
                        closed_.load(std::memory_order_relaxed);
    mute_.aim(silent ? 0.0F : 1.0F);
    trim_.aim(server_.trim_gain.load(std::memory_order_relaxed));
    scale(out, channels, frames);
    protect(frame, out, channels, frames);
}

void Monitor::scale(float* const* out, std::uint32_t channels, std::uint32_t frames) {
    if (start_.settled() && mute_.settled() && trim_.settled()) {
        const float gain = start_.value() * mute_.value() * trim_.value();
        if (gain == 1.0F) {
            return;
        }
        for (std::uint32_t c = 0; c < channels; ++c) {
            for (std::uint32_t i = 0; i < frames; ++i) {
                out[c][i] *= gain;
            }
        }
        return;
    }
    for (std::uint32_t i = 0; i < frames; ++i) {
        gains_[i] = start_.next() * mute_.next() * trim_.next();
    }
    for (std::uint32_t c = 0; c < channels; ++c) {
        for (std::uint32_t i = 0; i < frames; ++i) {
            out[c][i] *= gains_[i];
        }
    }
}

void Monitor::protect(std::uint64_t frame, float* const* out, std::uint32_t channels,
                      std::uint32_t frames) {
    if (!tripped_ && trip_.check(out, channels, frames)) {
        tripped_ = true;
        engine_.tripped.store(1, std::memory_order_relaxed);
        engine_.trip_frame.store(frame, std::memory_order_relaxed);
        engine_.trips.store(engine_.trips.load(std::memory_order_relaxed) + 1,
                            std::memory_order_release);
    }
    if (tripped_) {
        for (std::uint32_t c = 0; c < channels; ++c) {
            std::memset(out[c], 0, frames * sizeof(float));
        }
    }
}

} // namespace jig::rt
