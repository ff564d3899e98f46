#include "session/describe.hpp"

#include <algorithm>
#include <array>

namespace jig::session {

namespace {

wire::Curve curve_of(jig_curve curve) {
    switch (curve) {
    case JIG_CURVE_LOG:
        return wire::Curve::log;
    case JIG_CURVE_SKEW:
        return wire::Curve::skew;
    case JIG_CURVE_DB:
        return wire::Curve::db;
    default:
        return wire::Curve::lin;
    }
}

wire::View view_of(jig_view view) {
    constexpr std::array kViews{wire::View::automatic, wire::View::scope, wire::View::meter,
                                wire::View::reduction, wire::View::number};
    return view < kViews.size() ? kViews[view] : wire::View::automatic;
}

wire::Bus describe(const plugin::BusInfo& bus, std::uint32_t main_in) {
    const auto channels = bus.has(JIG_BUS_MATCH_MAIN_IN) && main_in > 0
                              ? std::min(std::max(main_in, bus.min_channels), bus.max_channels)
                              : bus.def_channels;
    return {bus.id,
            bus.name,
            bus.has(JIG_BUS_IN) ? wire::Direction::in : wire::Direction::out,
            bus.has(JIG_BUS_MAIN),
            bus.has(JIG_BUS_SIDECHAIN),
            channels};
}

} // namespace

wire::Plugin describe(const plugin::PluginInfo& info) {
    wire::Plugin plugin;
    plugin.id = info.id;
    plugin.name = info.name;
    plugin.vendor = info.vendor;
    plugin.version = info.version;
    plugin.doc = info.doc;
    plugin.instrument = info.has(JIG_PLUGIN_INSTRUMENT);
    plugin.events_in = info.has(JIG_PLUGIN_EVENTS_IN);
    plugin.events_out = info.has(JIG_PLUGIN_EVENTS_OUT);
    plugin.toolchain = info.toolchain;
    plugin.sdk = info.sdk;
    plugin.build_id = info.build_id;
    for (const auto& id : info.library_plugins) {
        plugin.plugins.push_back({id, id == info.id ? info.name : id});
    }
    std::uint32_t main_in = 0;
    for (const auto& bus : info.buses) {
        if (bus.has(JIG_BUS_IN) && bus.has(JIG_BUS_MAIN)) {
            main_in = bus.def_channels;
        }
    }
    for (const auto& bus : info.buses) {
        plugin.buses.push_back(describe(bus, main_in));
    }
    for (const auto& tap : info.taps) {
        plugin.taps.push_back(
            {tap.id, tap.name, tap.unit,
             tap.kind == JIG_TAP_AUDIO ? wire::TapKind::audio : wire::TapKind::value,
             view_of(tap.view), static_cast<double>(tap.min), static_cast<double>(tap.max)});
    }
    for (const auto& preset : info.presets) {
        plugin.presets.push_back({preset.name, preset.doc});
    }
    return plugin;
}

wire::Param describe(const plugin::ParamInfo& param) {
    wire::Param made;
    made.name = param.name;
    made.group = param.group;
    made.unit = param.unit;
    made.doc = param.doc;
    made.min = param.min;
    made.max = param.max;
    made.def = param.def;
    made.step = param.step;
    made.curve = curve_of(param.curve);
    made.curve_arg = static_cast<double>(param.curve_arg);
    made.flags = {
        param.has(JIG_PARAM_STEPPED), param.has(JIG_PARAM_ENUM),     param.has(JIG_PARAM_TOGGLE),
        param.has(JIG_PARAM_TRIGGER), param.has(JIG_PARAM_OUTPUT),   param.has(JIG_PARAM_HIDDEN),
        param.has(JIG_PARAM_BYPASS),  param.has(JIG_PARAM_PERIODIC), param.has(JIG_PARAM_RESTART)};
    made.labels = param.labels;
    made.smooth_ms = static_cast<double>(param.smooth_ms);
    made.midi_cc = param.midi_cc;
    made.value = {param.id, param.def, 0, false};
    return made;
}

} // namespace jig::session
