// jig/bus.hpp: further inputs and outputs, or main ones of another shape.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/attributes.hpp>
#include <jig/plugin.hpp>

#include <cstdint>

namespace jig {

/// A group of channels; use Input and Output. After the name come any of: Main, Optional,
/// ChannelRange, MatchMainIn. Main buses come first in their direction.
class Bus {
  public:
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;

    /// Its number in its direction, as Block wants it: b.input(side, channel).
    operator std::uint32_t() const { return index_; }

  protected:
    template <typename... Attributes>
    constexpr Bus(Plugin* owner, std::uint32_t flags, const char* id, const char* name,
                  Attributes... attributes) {
        descriptor_ = {id, name, flags, 1, 32, 2};
        (apply(attributes), ...);
        owner->buses_.push_back(this);
    }
    constexpr ~Bus() = default;

  private:
    friend struct detail::Access;

    constexpr void apply(Main) {
        descriptor_.flags |= JIG_BUS_MAIN;
        descriptor_.flags &= ~static_cast<std::uint32_t>(JIG_BUS_SIDECHAIN);
    }
    constexpr void apply(MatchMainIn) { descriptor_.flags |= JIG_BUS_MATCH_MAIN_IN; }
    constexpr void apply(Optional) {
        descriptor_.flags |= JIG_BUS_OPTIONAL;
        descriptor_.min_channels = 0;
    }
    constexpr void apply(ChannelRange range) {
        descriptor_.min_channels = range.min;
        descriptor_.max_channels = range.max;
        descriptor_.def_channels = range.def;
    }

    jig_bus descriptor_{};
    std::uint32_t index_ = 0;
};

/// Input side{this, "side", "Sidechain"};  …  b.input(side, channel)[i]
class Input : public Bus {
  public:
    template <typename... Attributes>
    constexpr Input(Plugin* owner, const char* id, const char* name, Attributes... attributes)
        : Bus(owner, JIG_BUS_IN | JIG_BUS_SIDECHAIN, id, name, attributes...) {}
};

/// Output direct{this, "direct", "Direct"};  …  b.output(direct, channel)[i] = x;
class Output : public Bus {
  public:
    template <typename... Attributes>
    constexpr Output(Plugin* owner, const char* id, const char* name, Attributes... attributes)
        : Bus(owner, JIG_BUS_OUT, id, name, attributes...) {}
};

} // namespace jig
