// jig/audio/alsa/planes.hpp: which port is which of the card's channels.
#pragma once

#include "audio/channels.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>

namespace jig::audio::alsa {

/// Ports take the card's channels in order; a single output goes to the first two. A channel
/// without a port is silent, a port without a channel hears silence and is not heard.
class Planes {
  public:
    void configure(std::uint32_t period_frames) { period_frames_ = period_frames; }
    /// [main]
    void grow(std::size_t inputs, std::size_t outputs) {
        in_.grow(inputs, period_frames_);
        out_.grow(outputs, period_frames_);
    }
    /// [main, not running]
    void clear() {
        in_.clear();
        out_.clear();
    }
    /// A microphone is not heard until it is asked for. [any]
    void open_inputs(bool open) { inputs_open_.store(open, std::memory_order_relaxed); }

    /// Where the card's captured channels go; null: nowhere. [audio]
    [[nodiscard]] float* const* capture(unsigned card_channels) noexcept {
        const bool open = inputs_open_.load(std::memory_order_relaxed);
        if (were_open_ && !open) {
            silence_inputs();
        }
        were_open_ = open;
        const std::uint32_t ports = open ? in_.count() : 0;
        for (unsigned c = 0; c < card_channels; ++c) {
            capture_[c] = c < ports ? in_.buffers()[c] : nullptr;
        }
        return capture_.data();
    }

    /// What the card's channels play; null: silence. [audio]
    [[nodiscard]] const float* const* playback(unsigned card_channels) noexcept {
        const std::uint32_t ports = out_.count();
        for (unsigned c = 0; c < card_channels; ++c) {
            const unsigned port = ports == 1 && c == 1 ? 0 : c;
            playback_[c] = port < ports ? out_.buffers()[port] : nullptr;
        }
        return playback_.data();
    }

    [[nodiscard]] const Channels& in() const { return in_; }
    [[nodiscard]] const Channels& out() const { return out_; }

    /// The most channels of a card that Jig opens.
    static constexpr unsigned kMostCardChannels = kMaxPorts;

  private:
    void silence_inputs() noexcept {
        for (std::uint32_t i = 0; i < in_.count(); ++i) {
            std::memset(in_.buffers()[i], 0, period_frames_ * sizeof(float));
        }
    }

    Channels in_;
    Channels out_;
    std::uint32_t period_frames_ = 0;
    std::atomic<bool> inputs_open_{false};
    bool were_open_ = false; ///< the audio thread's
    std::array<float*, kMostCardChannels> capture_{};
    std::array<const float*, kMostCardChannels> playback_{};
};

} // namespace jig::audio::alsa
