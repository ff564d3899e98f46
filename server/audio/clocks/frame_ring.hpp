// jig/audio/clocks/frame_ring.hpp: the last frames of some channels, any stretch of them in one
// piece.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace jig::audio {

/// Every sample is kept twice, a capacity apart, so that a stretch never wraps. Frames count from
/// clear(); those before it are silence. One thread.
class FrameRing {
  public:
    /// Keeps `frames` or more. [main]
    void configure(std::uint32_t channels, std::uint32_t frames) {
        channels_ = channels;
        capacity_ = std::bit_ceil(std::size_t{frames});
        samples_.assign(2 * capacity_ * channels, 0.0F);
        written_ = 0;
    }

    /// [audio]
    void clear() noexcept {
        std::fill(samples_.begin(), samples_.end(), 0.0F);
        written_ = 0;
    }

    /// Up to capacity() frames; a null channel is silence. [audio]
    void write(const float* const* in, std::uint32_t frames) noexcept {
        const std::size_t at = place(written_);
        const std::size_t first = std::min(std::size_t{frames}, capacity_ - at);
        for (std::uint32_t c = 0; c < channels_; ++c) {
            copy(plane(c) + at, in[c], 0, first);
            copy(plane(c), in[c], first, frames - first);
        }
        written_ += frames;
    }

    /// From `frame` on, up to written() and within capacity(). [audio]
    [[nodiscard]] const float* read(std::uint32_t channel, std::int64_t frame) const noexcept {
        return samples_.data() + 2 * capacity_ * channel + place(frame);
    }

    [[nodiscard]] std::int64_t written() const noexcept { return written_; }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    [[nodiscard]] std::uint32_t channels() const noexcept { return channels_; }

  private:
    [[nodiscard]] std::size_t place(std::int64_t frame) const noexcept {
        return static_cast<std::size_t>(frame) & (capacity_ - 1);
    }
    [[nodiscard]] float* plane(std::uint32_t channel) noexcept {
        return samples_.data() + 2 * capacity_ * channel;
    }
    void copy(float* to, const float* in, std::size_t offset, std::size_t frames) noexcept {
        if (in == nullptr) {
            std::memset(to, 0, frames * sizeof(float));
            std::memset(to + capacity_, 0, frames * sizeof(float));
        } else {
            std::memcpy(to, in + offset, frames * sizeof(float));
            std::memcpy(to + capacity_, in + offset, frames * sizeof(float));
        }
    }

    std::uint32_t channels_ = 0;
    std::size_t capacity_ = 0;
    std::int64_t written_ = 0;
    std::vector<float> samples_;
};

} // namespace jig::audio
