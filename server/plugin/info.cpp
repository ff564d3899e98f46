#include "plugin/info.hpp"

#include "plugin/check.hpp"

#include <sstream>

namespace jig::plugin {

namespace {

std::vector<std::string> words(const char* text) {
    std::vector<std::string> result;
    std::istringstream stream(text == nullptr ? "" : text);
    for (std::string word; stream >> word;) {
        result.push_back(word);
    }
    return result;
}

BusInfo copy(const jig_bus& bus) {
    return {bus.id, bus.name, bus.flags, bus.min_channels, bus.max_channels, bus.def_channels};
}

ParamInfo copy(const jig_param& param) {
    ParamInfo info;
    info.id = param.id;
    info.formerly = words(param.formerly);
    info.name = param.name;
    info.group = param.group;
    info.unit = param.unit;
    info.doc = param.doc;
    info.min = param.min;
    info.max = param.max;
    info.def = param.def;
    info.step = param.step;
    info.curve = param.curve;
    info.curve_arg = param.curve_arg;
    info.flags = param.flags;
    info.labels.assign(param.labels, param.labels + param.label_count);
    info.smooth_kind = param.smooth_kind;
    info.smooth_ms = param.smooth_ms;
    info.midi_cc = param.midi_cc;
    return info;
}

TapInfo copy(const jig_tap& tap) {
    return {tap.id, tap.name, tap.unit, tap.kind, tap.view, tap.min, tap.max};
}

PresetInfo copy(const jig_preset& preset) {
    PresetInfo info{preset.name, preset.doc, {}};
    for (std::uint32_t i = 0; i < preset.value_count; ++i) {
        info.values.push_back({preset.values[i].param, preset.values[i].value});
    }
    return info;
}

template <typename Info, typename Descriptor>
std::vector<Info> copy_all(const jig_array& array) {
    std::vector<Info> result;
    result.reserve(array.count);
    for (std::uint32_t i = 0; i < array.count; ++i) {
        result.push_back(copy(element<Descriptor>(array, i)));
    }
    return result;
}

} // namespace

PluginInfo describe(const jig_plugin& plugin, const jig_entry& entry) {
    PluginInfo info;
    info.id = plugin.id;
    info.name = plugin.name;
    info.vendor = plugin.vendor;
    info.version = plugin.version;
    info.doc = plugin.doc;
    info.flags = plugin.flags;
    info.buses = copy_all<BusInfo, jig_bus>(plugin.buses);
    info.params = copy_all<ParamInfo, jig_param>(plugin.params);
    info.taps = copy_all<TapInfo, jig_tap>(plugin.taps);
    info.presets = copy_all<PresetInfo, jig_preset>(presets_of(plugin));
    info.abi_major = entry.major;
    info.abi_minor = entry.minor;
    info.sdk = entry.sdk;
    info.toolchain = entry.toolchain;
    info.build_id = entry.build_id;
    for (std::uint32_t i = 0; i < entry.plugin_count; ++i) {
        info.library_plugins.emplace_back(entry.plugins[i]->id);
    }
    return info;
}

} // namespace jig::plugin
