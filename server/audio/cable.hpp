// jig/audio/cable.hpp: a simulated cable from outputs to inputs: a delay line per channel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace jig::audio {

/// Output i comes out of input i `delay_frames` later. A cycle is read before it is written, so a
/// cycle may be no longer than the delay.
class Cable {
  public:
    Cable() = default;
    Cable(std::size_t channels, std::uint32_t delay_frames);

    [[nodiscard]] bool plugged() const { return delay_ > 0; }
    [[nodiscard]] std::uint32_t delay_frames() const { return delay_; }

    /// The next `frames` of `channel`, zeros for a channel that it has not. [audio]
    void read(std::size_t channel, float* destination, std::uint32_t frames) const noexcept;
    /// What the cycle that was read put out. [audio]
    void write(std::size_t channel, const float* source, std::uint32_t frames) noexcept;
    /// After every channel was written: the cycle is over. [audio]
    void advance(std::uint32_t frames) noexcept;

  private:
    std::vector<std::vector<float>> lines_; ///< each a ring of delay_ frames
    std::uint32_t delay_ = 0;
    std::uint32_t position_ = 0;
};

} // namespace jig::audio
