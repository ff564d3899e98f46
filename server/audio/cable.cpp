#include "audio/cable.hpp"

#include <algorithm>

namespace jig::audio {

Cable::Cable(std::size_t channels, std::uint32_t delay_frames)
    : lines_(channels, std::vector<float>(delay_frames)), delay_(delay_frames) {}

void Cable::read(std::size_t channel, float* destination, std::uint32_t frames) const noexcept {
    if (channel >= lines_.size()) {
        std::fill_n(destination, frames, 0.0F);
        return;
    }
    const float* line = lines_[channel].data();
    const std::uint32_t until_wrap = std::min(frames, delay_ - position_);
    std::copy_n(line + position_, until_wrap, destination);
    std::copy_n(line, frames - until_wrap, destination + until_wrap);
}

void Cable::write(std::size_t channel, const float* source, std::uint32_t frames) noexcept {
    if (channel >= lines_.size()) {
        return;
    }
    float* line = lines_[channel].data();
    const std::uint32_t until_wrap = std::min(frames, delay_ - position_);
    std::copy_n(source, until_wrap, line + position_);
    std::copy_n(source + until_wrap, frames - until_wrap, line);
}

void Cable::advance(std::uint32_t frames) noexcept {
    if (delay_ > 0) {
        position_ = (position_ + frames) % delay_;
    }
}

} // namespace jig::audio
