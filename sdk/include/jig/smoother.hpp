// jig/smoother.hpp: a value that moves to its target in a straight line, and then is exactly there.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace jig {

/// One next() a frame. The values depend on the frames since the target changed and on nothing
/// else, so that they are the same, bit for bit, however the host cuts its blocks.
class Smoother {
  public:
    /// How long a move takes; 0: none, the value jumps.
    void set_frames(std::uint32_t frames) { frames_ = frames; }

    /// There at once.
    void snap(float target) {
        target_ = target;
        remaining_ = 0;
    }

    /// Moves from where it is now.
    void aim(float target) {
        if (target == target_) {
            return;
        }
        const float now = current();
        target_ = target;
        remaining_ = frames_;
        step_ = frames_ == 0 ? 0.0f : (target - now) / static_cast<float>(frames_);
    }

    [[nodiscard]] float next() {
        if (remaining_ > 0) {
            --remaining_;
        }
        return current();
    }

    [[nodiscard]] float current() const {
        return remaining_ == 0 ? target_ : target_ - step_ * static_cast<float>(remaining_);
    }
    [[nodiscard]] float target() const { return target_; }
    [[nodiscard]] bool settled() const { return remaining_ == 0; }

    /// For jig/carry.hpp: where it is and where it goes, not how long a move takes.
    template <typename Visitor>
    constexpr void carry(Visitor& visit) {
        visit("target", target_);
        visit("step", step_);
        visit("remaining", remaining_);
    }

  private:
    float target_ = 0;
    float step_ = 0;
    std::uint32_t remaining_ = 0;
    std::uint32_t frames_ = 0;
};

} // namespace jig
