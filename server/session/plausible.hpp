// jig/session/plausible.hpp: whether what the engine says can be so; a plugin may have written it.
#pragma once

#include "link/messages.hpp"
#include "plugin/info.hpp"

#include <cmath>
#include <cstdint>

namespace jig::session {

/// Within the limits of the shared regions, with ranges that are ranges.
[[nodiscard]] bool is_plausible(const plugin::PluginInfo& info);

/// A device's channel for each of the plugin's.
[[nodiscard]] bool is_plausible(const link::Installed& installed, const plugin::PluginInfo& info);

/// A rate, a period and channels that a device can have.
[[nodiscard]] bool is_plausible(const link::DeviceState& state);

/// A number, and a short line of text.
[[nodiscard]] bool is_plausible(const link::Converted& converted);

/// Numbers that JSON carries exactly: the protocol has no others.
[[nodiscard]] constexpr std::uint64_t countable(std::uint64_t number) {
    constexpr auto kMost = (std::uint64_t{1} << 53) - 1;
    return number < kMost ? number : kMost;
}
[[nodiscard]] inline double finite(double number) {
    return std::isfinite(number) ? number : 0.0;
}

} // namespace jig::session
