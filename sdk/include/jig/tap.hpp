// jig/tap.hpp: a named signal inside the plugin that a page can watch.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/attributes.hpp>
#include <jig/plugin.hpp>

#include <cstdint>

namespace jig {

/// Tap env{this, "env", "Envelope"};  …  env(i, level);
///
/// After the name come any of: Unit, Limits, View, PerBlock. Costs one test a frame while nobody
/// watches.
class Tap {
  public:
    template <typename... Attributes>
    constexpr Tap(Plugin* owner, const char* id, const char* name, Attributes... attributes) {
        descriptor_.id = id;
        descriptor_.name = name;
        descriptor_.unit = "";
        descriptor_.kind = JIG_TAP_AUDIO;
        descriptor_.max = 1;
        (apply(attributes), ...);
        owner->taps_.push_back(this);
    }
    Tap(const Tap&) = delete;
    Tap& operator=(const Tap&) = delete;

    /// Whether somebody watches: worth asking before work that only the tap needs.
    explicit operator bool() const { return data_ != nullptr; }

    /// The value at a frame of the block.
    void operator()(std::uint32_t frame, float value) const {
        if (data_ != nullptr) {
            data_[frame] = value;
        }
    }

    /// The value of a PerBlock tap; the last one in a block counts.
    void operator()(float value) const { (*this)(0, value); }

  private:
    friend struct detail::Access;

    constexpr void apply(Unit unit) { descriptor_.unit = unit.text; }
    constexpr void apply(View view) { descriptor_.view = view.view; }
    constexpr void apply(PerBlock) { descriptor_.kind = JIG_TAP_VALUE; }
    constexpr void apply(Limits limits) {
        descriptor_.min = limits.min;
        descriptor_.max = limits.max;
    }

    jig_tap descriptor_{};
    float* data_ = nullptr;
};

} // namespace jig
