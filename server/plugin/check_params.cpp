#include "plugin/check.hpp"
#include "plugin/info.hpp"

#include <cfloat>
#include <cmath>
#include <set>
#include <sstream>
#include <string_view>

namespace jig::plugin {

namespace {

std::string number(double value) {
    std::ostringstream text;
    text << value;
    return text.str();
}

/// Values travel as float.
bool is_float(double value) {
    return std::isfinite(value) && std::fabs(value) <= FLT_MAX;
}

std::string range_fault(const jig_param& param) {
    if (!is_float(param.min) || !is_float(param.max) || !is_float(param.def) ||
        !is_float(param.step) || param.step < 0) {
        return "has a min, max, def or step that is no finite float; give it numbers";
    }
    const auto range = number(param.min) + " to " + number(param.max);
    const bool trigger = (param.flags & JIG_PARAM_TRIGGER) != 0;
    if (!(param.min < param.max) && !trigger) {
        return "ranges from " + range + "; min must be less than max";
    }
    if ((param.def < param.min || param.def > param.max) && !trigger) {
        return "has the default " + number(param.def) + ", outside " + range +
               "; choose one inside";
    }
    return {};
}

std::string curve_fault(const jig_param& param) {
    if (param.curve == JIG_CURVE_LOG && !(param.min * param.max > 0)) {
        return "has JIG_CURVE_LOG over " + number(param.min) + " to " + number(param.max) +
               "; both ends need the same sign and must not be 0";
    }
    if (param.curve == JIG_CURVE_SKEW && !(param.curve_arg > 0 && std::isfinite(param.curve_arg))) {
        return "has JIG_CURVE_SKEW with curve_arg " + number(param.curve_arg) +
               "; it must be greater than 0";
    }
    return {};
}

std::string labels_fault(const jig_param& param) {
    if (param.label_count > 0 && param.labels == nullptr) {
        return "has a label_count of " + std::to_string(param.label_count) +
               " and NULL labels; point it at them";
    }
    if ((param.flags & JIG_PARAM_ENUM) != 0) {
        const double values = param.max - param.min + 1;
        if (values != param.label_count) {
            return "is an enum of " + number(values) + " values with " +
                   std::to_string(param.label_count) + " labels; give one label a value";
        }
    }
    for (std::uint32_t i = 0; i < param.label_count; ++i) {
        if (const auto fault = text_fault(param.labels[i]); !fault.empty()) {
            return "has a label (number " + std::to_string(i) + ") that is " + fault +
                   "; give it a text";
        }
    }
    return {};
}

std::string kind_fault(const jig_param& param) {
    if ((param.flags & JIG_PARAM_TOGGLE) != 0 && (param.min != 0 || param.max != 1)) {
        return "is a toggle from " + number(param.min) + " to " + number(param.max) +
               "; a toggle ranges from 0 to 1";
    }
    if ((param.flags & JIG_PARAM_STEPPED) != 0 && !(param.step > 0)) {
        return "is stepped with a step of 0; give it a step";
    }
    if (!(param.smooth_ms >= 0 && std::isfinite(param.smooth_ms))) {
        return "has smooth_ms " + number(param.smooth_ms) + "; it must be 0 or more";
    }
    if (param.midi_cc < -1 || param.midi_cc > 127) {
        return "suggests MIDI controller " + std::to_string(param.midi_cc) +
               "; say 0 to 127, or -1 for none";
    }
    return {};
}

std::string texts_fault(const jig_param& param) {
    for (const char* text : {param.name, param.group, param.unit, param.doc}) {
        if (const auto fault = text_fault(text); !fault.empty()) {
            return "has a name, group, unit or doc that is " + fault + "; write \"\" for none";
        }
    }
    if (param.formerly != nullptr && !text_fault(param.formerly).empty()) {
        return "has a formerly that is not UTF-8; list the earlier ids, separated by spaces";
    }
    return {};
}

} // namespace

std::string params_fault(const jig_plugin& plugin) {
    std::set<std::string_view> ids;
    for (std::uint32_t i = 0; i < plugin.params.count; ++i) {
        const auto& param = element<jig_param>(plugin.params, i);
        if (const auto fault = id_fault(param.id); !fault.empty()) {
            return "has a parameter (number " + std::to_string(i) + ") whose id is " + fault +
                   "; give it an id like \"gain\"";
        }
        if (!ids.insert(param.id).second) {
            return "has two parameters with the id " + quoted(param.id) +
                   "; give each an id of its own";
        }
        for (auto* check : {texts_fault, range_fault, curve_fault, labels_fault, kind_fault}) {
            if (const auto fault = check(param); !fault.empty()) {
                return "has a parameter " + quoted(param.id) + " that " + fault;
            }
        }
    }
    return {};
}

} // namespace jig::plugin
