// jig/audio/channels.hpp: a period's worth of buffer for each channel of one direction.
#pragma once

#include "audio/device.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace jig::audio {

/// Buffers that may become more while the audio thread uses those that are there.
class Channels {
  public:
    /// Up to `wanted` buffers of `frames` zeros. [main]
    void grow(std::size_t wanted, std::uint32_t frames) {
        while (storage_.size() < wanted) {
            storage_.push_back(std::make_unique<float[]>(frames));
            buffers_[storage_.size() - 1] = storage_.back().get();
            // Pairs with the acquire in count(): the pointer is there before the count says so.
            count_.store(static_cast<std::uint32_t>(storage_.size()), std::memory_order_release);
        }
    }

    /// [main, not running]
    void clear() {
        count_.store(0, std::memory_order_relaxed);
        storage_.clear();
    }

    /// [audio]
    [[nodiscard]] std::uint32_t count() const noexcept {
        return count_.load(std::memory_order_acquire); // pairs with the release in grow()
    }
    /// As many pointers as count() said, kMaxPorts at most. [audio]
    [[nodiscard]] float* const* buffers() const noexcept { return buffers_.data(); }

  private:
    std::vector<std::unique_ptr<float[]>> storage_;
    std::array<float*, kMaxPorts> buffers_{};
    std::atomic<std::uint32_t> count_{0};
};

} // namespace jig::audio
