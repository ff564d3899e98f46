// jig/verify.hpp: what can be said of a plugin class while it compiles: an object of it is made in
// a constant expression and looked over. A class that cannot be made there is checked by the host,
// when it is loaded.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/deliver.hpp>
#include <jig/describe.hpp>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <string_view>

namespace jig::detail {

enum class Fault : std::uint32_t {
    bad_id = 1u << 0,
    same_param_id = 1u << 1,
    range = 1u << 2,
    default_outside = 1u << 3,
    log_over_zero = 1u << 4,
    skew = 1u << 5,
    same_tap_id = 1u << 6,
    same_bus_id = 1u << 7,
    preset_param = 1u << 8,
    preset_value = 1u << 9,
    no_notes = 1u << 10,
};

class Inspection {
  public:
    template <typename T>
    static constexpr std::uint32_t faults_of() {
        T plugin;
        Inspection found;
        const auto params = Access::params(plugin);
        for (const auto& param : params) {
            found.inspect(param);
        }
        const auto taps = Access::taps(plugin);
        const auto buses = Access::number_buses(plugin, std::derived_from<T, Effect>);
        found.inspect_ids(params, Fault::same_param_id);
        found.inspect_ids(taps, Fault::same_tap_id);
        found.inspect_ids(buses, Fault::same_bus_id);
        for (const auto& preset : Access::presets(plugin)) {
            found.inspect(preset, params);
        }
        found.note(Fault::no_notes, std::derived_from<T, Instrument> && !declares_note_on<T> &&
                                        !Access::has_voices(plugin));
        return found.faults_;
    }

  private:
    constexpr void note(Fault fault, bool is) {
        faults_ |= is ? static_cast<std::uint32_t>(fault) : 0u;
    }

    constexpr void inspect(const jig_param& param) {
        if ((param.flags & JIG_PARAM_TRIGGER) != 0) {
            return;
        }
        note(Fault::range, !(param.min < param.max));
        note(Fault::default_outside, !(param.def >= param.min && param.def <= param.max));
        note(Fault::log_over_zero,
             param.curve == JIG_CURVE_LOG &&
                 !((param.min > 0) == (param.max > 0) && param.min != 0 && param.max != 0));
        note(Fault::skew, param.curve == JIG_CURVE_SKEW && !(param.curve_arg > 0));
    }

    template <typename Descriptors>
    constexpr void inspect_ids(const Descriptors& all, Fault same) {
        for (auto it = all.begin(); it != all.end(); ++it) {
            const std::string_view id(it->id);
            note(Fault::bad_id, id.empty() || std::any_of(id.begin(), id.end(), [](char c) {
                                    return (c >= 0 && c <= ' ') || c == '\x7f';
                                }));
            note(same, std::any_of(all.begin(), it, [id](const auto& other) {
                     return std::string_view(other.id) == id;
                 }));
        }
    }

    constexpr void inspect(const jig_preset& preset, const std::vector<jig_param>& params) {
        for (std::uint32_t i = 0; i < preset.value_count; ++i) {
            const auto& value = preset.values[i];
            const auto param = std::find_if(params.begin(), params.end(), [&](const auto& p) {
                return std::string_view(p.id) == value.param;
            });
            note(Fault::preset_param, param == params.end());
            note(Fault::preset_value, param != params.end() && !(value.value >= param->min &&
                                                                 value.value <= param->max));
        }
    }

    std::uint32_t faults_ = 0;
};

template <std::uint32_t>
struct Constant {};

template <typename T>
concept can_be_inspected = requires {
    typename Constant<Inspection::faults_of<T>()>;
};

template <typename T>
constexpr bool free_of(Fault fault) {
    if constexpr (can_be_inspected<T>) {
        constexpr auto faults = Inspection::faults_of<T>();
        return (faults & static_cast<std::uint32_t>(fault)) == 0;
    } else {
        return true;
    }
}

template <typename T>
concept plugin_class = std::derived_from<T, Effect> || std::derived_from<T, Instrument>;

template <typename T>
concept named = requires {
    std::string_view(T::id);
    std::string_view(T::name);
};

template <typename T>
concept processes = requires(T& plugin, Block block) {
    plugin.process(block);
};

template <typename... Ts>
inline constexpr bool all_are_plugin_class = (... && plugin_class<Ts>);
template <typename... Ts>
inline constexpr bool all_are_processes = (... && processes<Ts>);
template <typename... Ts>
inline constexpr bool all_are_named = (... && named<Ts>);

/// Where the class is not even a plugin the rest is no help.
template <typename... Ts>
constexpr bool all_free_of(Fault fault) {
    if constexpr ((... && (plugin_class<Ts> && processes<Ts>))) {
        return (... && free_of<Ts>(fault));
    } else {
        return true;
    }
}

} // namespace jig::detail
