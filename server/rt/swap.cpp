#include "rt/swap.hpp"

#include <algorithm>
#include <cmath>

namespace jig::rt {

bool Swap::offer(Build* build, const SwapPlan& plan) {
    if (busy_.load(std::memory_order_acquire) ||
        retired_.load(std::memory_order_acquire) != nullptr) {
        return false;
    }
    plan_ = plan;
    busy_.store(true, std::memory_order_relaxed);
    offered_.store(build, std::memory_order_release); // partner: begin
    return true;
}

bool Swap::begin(std::uint64_t frame) {
    Build* build = offered_.exchange(nullptr, std::memory_order_acquire); // partner: offer
    if (build == nullptr) {
        return false;
    }
    swapping_ = true;
    leaving_ = current_;
    current_ = build;
    position_ = 0;
    has_last_ = false;
    report_ = {build->generation, frame, 0, plan_.fade_frames, 0};
    if (leaving_ == nullptr) {
        report_.fade_frames = 0;
    } else if (!plan_.through_silence) {
        // A fresh instance puts out nothing for as long as its latency: let that pass unheard.
        report_.warm_frames = std::min(build->latency_frames, 8 * link::kMaxFrames);
    }
    return true;
}

bool Swap::runs_current() const {
    return current_ != nullptr &&
           (leaving_ == nullptr || !plan_.through_silence || position_ >= report_.fade_frames / 2);
}

bool Swap::runs_leaving() const {
    return leaving_ != nullptr && (!plan_.through_silence || position_ < report_.fade_frames / 2);
}

float Swap::fresh_gain(std::uint32_t frame) const {
    const auto fade = static_cast<float>(std::max(1u, report_.fade_frames));
    if (plan_.through_silence) {
        const auto half = report_.fade_frames / 2;
        return frame < half ? 0.0F : std::min(1.0F, static_cast<float>(frame - half) * 2.0F / fade);
    }
    if (frame < report_.warm_frames) {
        return 0.0F;
    }
    return std::min(1.0F, static_cast<float>(frame - report_.warm_frames) / fade);
}

float Swap::old_gain(std::uint32_t frame) const {
    const auto fade = static_cast<float>(std::max(1u, report_.fade_frames));
    return std::max(0.0F, 1.0F - static_cast<float>(frame) * 2.0F / fade);
}

void Swap::mix(const float* const* fresh, const float* const* old, float* const* out,
               std::uint32_t channels, std::uint32_t frames) {
    for (std::uint32_t c = 0; c < channels; ++c) {
        const float* a = runs_leaving() ? old[c] : nullptr;
        const float* b = runs_current() ? fresh[c] : nullptr;
        float last = has_last_ ? last_[c] : 0;
        for (std::uint32_t i = 0; i < frames; ++i) {
            const float from = a != nullptr ? a[i] : 0.0F;
            const float to = b != nullptr ? b[i] : 0.0F;
            const float g = fresh_gain(position_ + i);
            float sample = to;
            if (plan_.through_silence) {
                sample = from * old_gain(position_ + i) + to * g;
            } else if (g < 1.0F) {
                sample = from + g * (to - from); // exact where both agree
            }
            if (has_last_ || i > 0) {
                report_.largest_step = std::max(report_.largest_step, std::fabs(sample - last));
            }
            last = sample;
            out[c][i] = sample;
        }
        last_[c] = last;
    }
    has_last_ = true;
    position_ += frames;
}

bool Swap::finish() {
    if (!swapping_) {
        return false;
    }
    if (leaving_ != nullptr && position_ < report_.warm_frames + report_.fade_frames) {
        return false;
    }
    retired_.store(leaving_, std::memory_order_release); // partner: retired
    leaving_ = nullptr;
    swapping_ = false;
    busy_.store(false, std::memory_order_release); // partner: idle
    return true;
}

} // namespace jig::rt
