#include "rt/source.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace jig::rt {

using link::InputKind;

namespace {
constexpr double kFadeSeconds = 0.005;
constexpr double kTwoPi = 6.283185307179586476925286766559;
} // namespace

void Source::configure(double rate_hz) {
    rate_hz_ = rate_hz;
    fade_step_ = static_cast<float>(1.0 / (kFadeSeconds * rate_hz));
    for (std::uint32_t c = 0; c < link::kMaxChannels; ++c) {
        random_[c] = 0x9e3779b97f4a7c15u * (c + 1);
    }
    // An impulse comes with the first frame of its source.
    since_impulse_ = 1e18;
}

void Source::read(const float* const* device, std::uint32_t channels, std::uint32_t frames,
                  const float** out) {
    const auto* offered = offered_.load(std::memory_order_acquire); // partner: offer
    if (offered != taken_.load(std::memory_order_relaxed)) {
        position_ = 0;
        taken_.store(offered, std::memory_order_release); // partner: taken
    }
    const auto wanted = server_.input_kind.load(std::memory_order_relaxed);
    if (first_) {
        kind_ = wanted;
        first_ = false;
    }
    if (wanted != kind_ && gain_ <= 0) {
        kind_ = wanted;
        phase_ = 0;
        since_impulse_ = 1e18;
    }
    if (kind_ == InputKind::device) {
        std::copy(device, device + channels, out);
    } else if (kind_ == InputKind::off) {
        std::fill(out, out + channels, silence_);
    } else {
        generate(channels, frames);
        const bool mono = kind_ == InputKind::sine || kind_ == InputKind::impulse;
        for (std::uint32_t c = 0; c < channels; ++c) {
            out[c] = buffers_[mono ? 0 : c];
        }
    }
    if (wanted != kind_ || gain_ < 1) {
        fade(channels, frames, out);
    }
}

void Source::fade(std::uint32_t channels, std::uint32_t frames, const float** out) {
    const bool out_going = server_.input_kind.load(std::memory_order_relaxed) != kind_;
    const float step = out_going ? -fade_step_ : fade_step_;
    float end = gain_;
    // Backwards, because several channels may still share one generator's buffer.
    for (std::uint32_t c = channels; c-- > 0;) {
        float gain = gain_;
        float* target = buffers_[c];
        for (std::uint32_t i = 0; i < frames; ++i) {
            target[i] = out[c][i] * gain;
            gain = std::clamp(gain + step, 0.0F, 1.0F);
        }
        out[c] = target;
        end = gain;
    }
    gain_ = channels > 0 ? end : (out_going ? 0.0F : 1.0F);
}

void Source::generate(std::uint32_t channels, std::uint32_t frames) {
    switch (kind_) {
    case InputKind::sine:
        return sine(frames);
    case InputKind::noise:
        return noise(channels, frames);
    case InputKind::impulse:
        return impulse(frames);
    default:
        return file(channels, frames);
    }
}

void Source::sine(std::uint32_t frames) {
    const double hz = static_cast<double>(server_.input_hz.load(std::memory_order_relaxed));
    const float gain = server_.input_gain.load(std::memory_order_relaxed);
    const double step = hz / rate_hz_;
    for (std::uint32_t i = 0; i < frames; ++i) {
        buffers_[0][i] = gain * static_cast<float>(std::sin(kTwoPi * phase_));
        phase_ += step;
        phase_ -= phase_ >= 1.0 ? 1.0 : 0.0;
    }
}

/// Uniform white noise by xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift
/// generators", 2016), each channel its own; peak = gain.
void Source::noise(std::uint32_t channels, std::uint32_t frames) {
    const float gain = server_.input_gain.load(std::memory_order_relaxed);
    for (std::uint32_t c = 0; c < channels; ++c) {
        std::uint64_t x = random_[c];
        for (std::uint32_t i = 0; i < frames; ++i) {
            x ^= x >> 12;
            x ^= x << 25;
            x ^= x >> 27;
            const auto top = static_cast<std::int32_t>((x * 0x2545f4914f6cdd1du) >> 32);
            buffers_[c][i] = gain * static_cast<float>(top) * 0x1p-31F;
        }
        random_[c] = x;
    }
}

void Source::impulse(std::uint32_t frames) {
    const double hz =
        std::max(0.01, static_cast<double>(server_.input_hz.load(std::memory_order_relaxed)));
    const float gain = server_.input_gain.load(std::memory_order_relaxed);
    const double period = rate_hz_ / hz;
    for (std::uint32_t i = 0; i < frames; ++i) {
        const bool fires = since_impulse_ >= period;
        buffers_[0][i] = fires ? gain : 0.0F;
        if (fires) {
            since_impulse_ = since_impulse_ > 2 * period ? 0 : since_impulse_ - period;
        }
        since_impulse_ += 1;
    }
}

void Source::file(std::uint32_t channels, std::uint32_t frames) {
    const auto* clip = taken_.load(std::memory_order_relaxed);
    const bool playing = server_.file_playing.load(std::memory_order_relaxed) != 0;
    const bool loop = server_.file_loop.load(std::memory_order_relaxed) != 0;
    const float gain = server_.input_gain.load(std::memory_order_relaxed);
    std::uint32_t done = 0;
    if (clip != nullptr && clip->frames > 0 && clip->channels > 0 && playing) {
        while (done < frames) {
            if (position_ >= clip->frames) {
                if (!loop) {
                    break;
                }
                position_ = 0;
            }
            const auto count = static_cast<std::uint32_t>(
                std::min<std::uint64_t>(frames - done, clip->frames - position_));
            for (std::uint32_t c = 0; c < channels; ++c) {
                // A mono file is heard on every channel; surplus channels of others stay silent.
                const bool has = clip->channels == 1 || c < clip->channels;
                const auto* from = clip->samples +
                                   (clip->channels == 1 ? 0 : c) * (has ? clip->frames : 0) +
                                   position_;
                for (std::uint32_t i = 0; i < count; ++i) {
                    buffers_[c][done + i] = has ? from[i] * gain : 0.0F;
                }
            }
            position_ += count;
            done += count;
        }
    }
    for (std::uint32_t c = 0; c < channels; ++c) {
        std::memset(buffers_[c] + done, 0, (frames - done) * sizeof(float));
    }
    engine_.file_position.store(position_, std::memory_order_relaxed);
}

} // namespace jig::rt
