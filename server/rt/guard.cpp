#include "rt/guard.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace jig::rt {

namespace {

constexpr std::uint32_t kExponent = 0x7f800000u;
/// The exponent's highest bit: 2 or more in magnitude, infinite, or not a number (IEEE 754-2019,
/// 3.4).
constexpr std::uint32_t kTwoOrMore = 0x40000000u;
/// A signalling NaN with a payload of ours: arithmetic only makes quiet ones.
constexpr std::uint32_t kPoison = 0x7f8a1600u;

/// Looked at as integers, which -ffast-math and the FPU's modes leave alone.
std::uint32_t bits_of(float sample) {
    return std::bit_cast<std::uint32_t>(sample);
}

/// Four samples, as one register of every machine that Jig runs on holds them; a stride of four
/// such keeps the loop's own instructions few.
using Four [[gnu::vector_size(4 * sizeof(float))]] = std::uint32_t;
constexpr std::uint32_t kStride = 16;

Four four(const float* samples) {
    Four bits;
    std::memcpy(&bits, samples, sizeof bits); // planes begin anywhere
    return bits;
}

void put(float* samples, Four bits) {
    std::memcpy(samples, &bits, sizeof bits);
}

/// Whether all samples are finite and less than 2 in magnitude, as they nearly always are: the
/// cheapest question that there is about a buffer.
bool is_calm(const float* samples, std::uint32_t frames) {
    Four seen{};
    std::uint32_t i = 0;
    for (; i + kStride <= frames; i += kStride) {
        const float* at = samples + i;
        seen |= four(at) | four(at + 4) | four(at + 8) | four(at + 12);
    }
    for (; i < frames; ++i) {
        seen[0] |= bits_of(samples[i]);
    }
    return ((seen[0] | seen[1] | seen[2] | seen[3]) & kTwoOrMore) == 0;
}

} // namespace

void poison(float* samples, std::uint32_t frames) {
    const Four unwritten{kPoison, kPoison, kPoison, kPoison};
    std::uint32_t i = 0;
    for (; i + kStride <= frames; i += kStride) {
        float* at = samples + i;
        put(at, unwritten);
        put(at + 4, unwritten);
        put(at + 8, unwritten);
        put(at + 12, unwritten);
    }
    std::fill(samples + i, samples + frames, std::bit_cast<float>(kPoison));
}

Faults cleanse(float* samples, std::uint32_t frames) {
    Faults faults;
    if (is_calm(samples, frames)) {
        return faults;
    }
    faults.first_offset = frames;
    for (std::uint32_t i = 0; i < frames; ++i) {
        if ((bits_of(samples[i]) & kExponent) != kExponent) {
            continue;
        }
        (bits_of(samples[i]) == kPoison ? faults.unwritten : faults.not_finite)++;
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
    if (loud_windows_ == 0 && !window_is_loud_ &&
        std::all_of(out, out + channels, [=](const float* s) { return is_calm(s, frames); })) {
        in_window_ = (in_window_ + frames) % window_frames_;
        return false;
    }
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
