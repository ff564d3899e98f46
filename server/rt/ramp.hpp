// jig/rt/ramp.hpp: a gain that moves linearly and then stays, exactly.
#pragma once

#include <algorithm>
#include <cstdint>

namespace jig::rt {

class Ramp {
  public:
    /// Moves by at most 1/frames a frame.
    void configure(double frames) { step_ = static_cast<float>(1.0 / std::max(1.0, frames)); }
    void jump(float value) { value_ = target_ = value; }
    void aim(float target) { target_ = target; }

    [[nodiscard]] bool settled() const { return value_ == target_; }
    [[nodiscard]] float value() const { return value_; }

    /// The value for this frame; moves on.
    float next() {
        const float now = value_;
        value_ = value_ < target_ ? std::min(target_, value_ + step_)
                                  : std::max(target_, value_ - step_);
        return now;
    }

  private:
    float value_ = 1;
    float target_ = 1;
    float step_ = 1;
};

} // namespace jig::rt
