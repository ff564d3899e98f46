// jig/audio/alsa/stream.hpp: moves whole periods between a card's ring and planar float32.
#pragma once

#include "audio/alsa/negotiate.hpp"
#include "audio/alsa/pcm.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace jig::audio::alsa {

/// One direction of a running card. Every transfer is all or nothing: 0, or a negative error code
/// of alsa-lib's; a card that gives room and takes nothing fails with −EPIPE, as an xrun would.
class Stream {
  public:
    /// [main]
    Stream(Pcm pcm, const Setup& setup);

    /// The next `frames` of each of the card's channels, into `channels` planes. A null plane is
    /// not wanted. [audio]
    int read(float* const* channels, std::uint32_t frames) noexcept;
    /// A null plane is silence. [audio]
    int write(const float* const* channels, std::uint32_t frames) noexcept;
    int write_silence(std::uint32_t frames) noexcept;

    /// Frames read or written since the last reset.
    [[nodiscard]] std::uint64_t position() const { return position_; }
    void reset_position() { position_ = 0; }

    [[nodiscard]] const Setup& setup() const { return setup_; }
    [[nodiscard]] Pcm& pcm() { return pcm_; }
    [[nodiscard]] const Pcm& pcm() const { return pcm_; }

  private:
    template <typename Move>
    int transfer_mapped(std::uint32_t frames, Move move) noexcept;
    template <typename Transfer>
    int transfer_staged(std::uint32_t frames, Transfer transfer) noexcept;

    Pcm pcm_;
    Setup setup_;
    std::uint64_t position_ = 0;
    std::vector<std::byte> staging_; ///< one period, interleaved, for a card that is not mapped
    std::vector<float> silence_;
    std::vector<const float*> silent_channels_;
};

} // namespace jig::audio::alsa
