#include "rt/guard.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace jig::rt {

namespace {

constexpr std::uint32_t kExponent = 0x7f800000u;
/// A signalling NaN with a payload of ours: arithmetic only makes quiet ones.
constexpr std::uint32_t kPoison = 0x7f8a1600u;

} // namespace

void poison(float* samples, std::uint32_t frames) {
    std::fill(samples, samples + frames, std::bit_cast<float>(kPoison));
}

Faults cleanse(float* samples, std::uint32_t frames) {
    // Looked at as integers, which -ffast-math and the FPU's modes leave alone.
    const auto bits = [samples](std::uint32_t i) {
        return std::bit_cast<std::uint32_t>(samples[i]);
    };
    std::uint32_t bad = 0;
    for (std::uint32_t i = 0; i < frames; ++i) {
        bad |= static_cast<std::uint32_t>((bits(i) & kExponent) == kExponent);
    }
    Faults faults;
    if (bad == 0) {
        return faults;
    }
    faults.first_offset = frames;
    for (std::uint32_t i = 0; i < frames; ++i) {
        if ((bits(i) & kExponent) != kExponent) {
            continue;
        }
        (bits(i) == kPoison ? faults.unwritten : faults.not_finite)++;
        faults.first_offset = std::min(faults.first_offset, i);
        samples[i] = 0;
    }
    return faults;
}

void LoudnessTrip::configure(double rate_hz) {
    window_frames_ = std::max(1u, static_cast<std::uint32_t>(rate_hz / 1000.0));
    rearm();
}

void LoudnessTrip::rearm() {
    in_window_ = 0;
    loud_windows_ = 0;
    window_is_loud_ = false;
}

bool LoudnessTrip::check(const float* const* out, std::uint32_t channels, std::uint32_t frames) {
    std::uint32_t done = 0;
    while (done < frames) {
        const auto count = std::min(frames - done, window_frames_ - in_window_);
        std::uint32_t over = 0;
        for (std::uint32_t c = 0; c < channels; ++c) {
            for (std::uint32_t i = done; i < done + count; ++i) {
                over |= static_cast<std::uint32_t>(std::fabs(out[c][i]) > kLimit);
            }
        }
        window_is_loud_ = window_is_loud_ || over != 0;
        in_window_ += count;
        done += count;
        if (in_window_ == window_frames_) {
            loud_windows_ = window_is_loud_ ? loud_windows_ + 1 : 0;
            in_window_ = 0;
            window_is_loud_ = false;
            if (loud_windows_ >= kWindows) {
                return true;
            }
        }
    }
    return false;
}

} // namespace jig::rt
