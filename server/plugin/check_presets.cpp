#include "plugin/check.hpp"
#include "plugin/info.hpp"

#include <set>
#include <string>
#include <string_view>

namespace jig::plugin {

namespace {

const jig_param* find_param(const jig_plugin& plugin, std::string_view id) {
    for (std::uint32_t i = 0; i < plugin.params.count; ++i) {
        const auto& param = element<jig_param>(plugin.params, i);
        if (param.id == id) {
            return &param;
        }
    }
    return nullptr;
}

std::string value_fault(const jig_plugin& plugin, const jig_preset_value& value) {
    constexpr std::uint32_t kNoValue = JIG_PARAM_OUTPUT | JIG_PARAM_TRIGGER | JIG_PARAM_BYPASS;
    if (const auto fault = id_fault(value.param); !fault.empty()) {
        return "names a parameter by an id that is " + fault + "; name one that is there";
    }
    const auto* param = find_param(plugin, value.param);
    if (param == nullptr) {
        return "names the parameter " + quoted(value.param) +
               ", which is not there; correct its id, or leave it out";
    }
    if ((param->flags & kNoValue) != 0) {
        return "has a value for " + quoted(value.param) +
               ", which is an output, a trigger or the bypass; leave it out";
    }
    if (!(value.value >= param->min && value.value <= param->max)) {
        return "sets " + quoted(value.param) + " to " + std::to_string(value.value) +
               ", outside its range; choose a value inside";
    }
    return {};
}

std::string preset_fault(const jig_plugin& plugin, const jig_preset& preset) {
    if (const auto fault = text_fault(preset.doc); !fault.empty()) {
        return "has a doc that is " + fault + "; write \"\" for none";
    }
    if (preset.value_count > plugin.params.count ||
        (preset.value_count > 0 && preset.values == nullptr)) {
        return "lists " + std::to_string(preset.value_count) +
               " values; point at as many as it has, each parameter once";
    }
    std::set<std::string_view> ids;
    for (std::uint32_t i = 0; i < preset.value_count; ++i) {
        if (auto fault = value_fault(plugin, preset.values[i]); !fault.empty()) {
            return fault;
        }
        if (!ids.insert(preset.values[i].param).second) {
            return "sets " + quoted(preset.values[i].param) + " twice; keep one of them";
        }
    }
    return {};
}

} // namespace

jig_array presets_of(const jig_plugin& plugin) {
    return JIG_HAS(&plugin, presets) ? plugin.presets : jig_array{};
}

std::string presets_fault(const jig_plugin& plugin) {
    std::set<std::string_view> names;
    const auto presets = presets_of(plugin);
    for (std::uint32_t i = 0; i < presets.count; ++i) {
        const auto& preset = element<jig_preset>(presets, i);
        if (const auto fault = text_fault(preset.name);
            !fault.empty() || std::string_view(preset.name).empty()) {
            return "has a preset (number " + std::to_string(i) + ") whose name is " +
                   (fault.empty() ? "empty" : fault) + "; give it a name";
        }
        if (!names.insert(preset.name).second) {
            return "has two presets " + quoted(preset.name) + "; give each a name of its own";
        }
        if (const auto fault = preset_fault(plugin, preset); !fault.empty()) {
            return "has a preset " + quoted(preset.name) + " that " + fault;
        }
    }
    return {};
}

} // namespace jig::plugin
