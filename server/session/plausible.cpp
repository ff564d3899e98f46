#include "session/plausible.hpp"

#include "link/regions.hpp"
#include "plugin/check.hpp"
#include "session/describe.hpp"

#include <algorithm>

namespace jig::session {

namespace {

/// Over all buses of a direction; more than there can be as soon as one bus has that.
std::uint32_t channels(const plugin::PluginInfo& info, wire::Direction direction) {
    std::uint32_t sum = 0;
    for (const auto& bus : describe(info).buses) {
        sum += bus.direction == direction ? std::min(bus.channels, link::kMaxChannels + 1) : 0;
    }
    return sum;
}

bool has_range(const plugin::ParamInfo& param) {
    return std::isfinite(param.min) && std::isfinite(param.max) && std::isfinite(param.step) &&
           param.min <= param.def && param.def <= param.max;
}

} // namespace

bool is_plausible(const plugin::PluginInfo& info) {
    return info.buses.size() <= std::size_t{2} * link::kMaxChannels &&
           channels(info, wire::Direction::in) <= link::kMaxChannels &&
           channels(info, wire::Direction::out) <= link::kMaxChannels &&
           info.taps.size() <= link::kMaxTaps &&
           std::all_of(info.params.begin(), info.params.end(), has_range);
}

bool is_plausible(const link::Installed& installed, const plugin::PluginInfo& info) {
    return installed.in_device.size() == channels(info, wire::Direction::in) &&
           installed.out_device.size() == channels(info, wire::Direction::out) &&
           installed.own_text.size() <= info.params.size();
}

bool is_plausible(const link::Converted& converted) {
    constexpr std::size_t kLongest = 255;
    return std::isfinite(converted.value) && converted.text.size() <= kLongest &&
           plugin::is_clean(converted.text);
}

bool is_plausible(const link::DeviceState& state) {
    constexpr double kLowest = 1000;
    constexpr double kHighest = 1e6;
    return state.rate_hz >= kLowest && state.rate_hz <= kHighest &&
           state.in_channels <= link::kMaxChannels && state.out_channels <= link::kMaxChannels;
}

} // namespace jig::session
