// jig/plugin/info.hpp: what a plugin says about itself, copied so that it outlives the library.
#pragma once

#include <jig/plugin.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jig::plugin {

/// A group of channels; `flags` are JIG_BUS_*.
struct BusInfo {
    std::string id;
    std::string name;
    std::uint32_t flags = 0;
    std::uint32_t min_channels = 0;
    std::uint32_t max_channels = 0;
    std::uint32_t def_channels = 0;

    [[nodiscard]] bool has(std::uint32_t flag) const { return (flags & flag) != 0; }
    bool operator==(const BusInfo&) const = default;
};

/// A parameter; plain values in `unit`, `flags` are JIG_PARAM_*. Its place in PluginInfo::params is
/// its index in this build.
struct ParamInfo {
    std::string id;
    std::vector<std::string> formerly;
    std::string name;
    std::string group;
    std::string unit;
    std::string doc;
    double min = 0;
    double max = 1;
    double def = 0;
    double step = 0;
    jig_curve curve = JIG_CURVE_LIN;
    float curve_arg = 0;
    std::uint32_t flags = 0;
    std::vector<std::string> labels;
    jig_smooth smooth_kind = JIG_SMOOTH_NONE;
    float smooth_ms = 0;
    std::int32_t midi_cc = -1;

    [[nodiscard]] bool has(std::uint32_t flag) const { return (flags & flag) != 0; }
    bool operator==(const ParamInfo&) const = default;
};

/// A tap; its place in PluginInfo::taps is its index in this build.
struct TapInfo {
    std::string id;
    std::string name;
    std::string unit;
    jig_tap_kind kind = JIG_TAP_VALUE;
    jig_view view = JIG_VIEW_AUTO;
    float min = 0;
    float max = 1;

    bool operator==(const TapInfo&) const = default;
};

/// A preset's value for one parameter, by id; plain.
struct PresetValue {
    std::string param;
    double value = 0;

    bool operator==(const PresetValue&) const = default;
};

/// Values under a name; a parameter that is not listed takes its default.
struct PresetInfo {
    std::string name;
    std::string doc;
    std::vector<PresetValue> values;

    bool operator==(const PresetInfo&) const = default;
};

/// A plugin and the library it came from.
struct PluginInfo {
    std::string id;
    std::string name;
    std::string vendor;
    std::string version;
    std::string doc;
    std::uint32_t flags = 0; ///< JIG_PLUGIN_*
    std::vector<BusInfo> buses;
    std::vector<ParamInfo> params;
    std::vector<TapInfo> taps;
    std::vector<PresetInfo> presets;

    std::uint16_t abi_major = 0;
    std::uint16_t abi_minor = 0;
    std::string sdk;
    std::string toolchain;
    std::string build_id;
    std::vector<std::string> library_plugins; ///< ids of all the plugins in the library, in order

    [[nodiscard]] bool has(std::uint32_t flag) const { return (flags & flag) != 0; }
    bool operator==(const PluginInfo&) const = default;
};

// How an archive walks through them; it is called with each member in turn, to write or to read it.
template <class A>
void fields(A& a, BusInfo& b) {
    a(b.id, b.name, b.flags, b.min_channels, b.max_channels, b.def_channels);
}
template <class A>
void fields(A& a, ParamInfo& p) {
    a(p.id, p.formerly, p.name, p.group, p.unit, p.doc, p.min, p.max, p.def, p.step, p.curve,
      p.curve_arg, p.flags, p.labels, p.smooth_kind, p.smooth_ms, p.midi_cc);
}
template <class A>
void fields(A& a, TapInfo& t) {
    a(t.id, t.name, t.unit, t.kind, t.view, t.min, t.max);
}
template <class A>
void fields(A& a, PresetValue& v) {
    a(v.param, v.value);
}
template <class A>
void fields(A& a, PresetInfo& p) {
    a(p.name, p.doc, p.values);
}
template <class A>
void fields(A& a, PluginInfo& p) {
    a(p.id, p.name, p.vendor, p.version, p.doc, p.flags, p.buses, p.params, p.taps, p.presets,
      p.abi_major, p.abi_minor, p.sdk, p.toolchain, p.build_id, p.library_plugins);
}

/// Copies all descriptors of `plugin`, which has passed Library::open. [main]
[[nodiscard]] PluginInfo describe(const jig_plugin& plugin, const jig_entry& entry);

/// Element i of a descriptor array, by its stride.
template <typename T>
[[nodiscard]] const T& element(const jig_array& array, std::uint32_t i) {
    const auto* bytes = static_cast<const char*>(array.items);
    return *reinterpret_cast<const T*>(bytes + std::size_t{i} * array.stride);
}

} // namespace jig::plugin
