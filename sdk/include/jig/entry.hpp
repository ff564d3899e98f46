// jig/entry.hpp: a plugin class as the library's entry, and JIG_PLUGIN.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/describe.hpp>
#include <jig/slots.hpp>

#include <concepts>
#include <vector>

namespace jig::detail {

/// The static descriptors of the class T, made from one object of it.
template <typename T>
class Description {
  public:
    static const jig_plugin& get() {
        static const Description description;
        return description.plugin_;
    }

  private:
    Description()
        : buses_(Access::number_buses(prototype_, std::derived_from<T, Effect>)),
          params_(Access::params(prototype_)), taps_(Access::taps(prototype_)),
          presets_(Access::presets(prototype_)) {
        using S = Slots<T>;
        plugin_.struct_size = sizeof plugin_;
        plugin_.id = T::id;
        plugin_.name = T::name;
        plugin_.vendor = plugin_.version = plugin_.doc = "";
        if constexpr (requires { T::vendor; }) {
            plugin_.vendor = T::vendor;
        }
        if constexpr (requires { T::version; }) {
            plugin_.version = T::version;
        }
        if constexpr (requires { T::doc; }) {
            plugin_.doc = T::doc;
        }
        if constexpr (requires { T::flags; }) {
            plugin_.flags = T::flags;
        }
        if constexpr (std::derived_from<T, Instrument>) {
            plugin_.flags |= JIG_PLUGIN_INSTRUMENT;
        }
        if (takes_events<T> || Access::has_voices(prototype_)) {
            plugin_.flags |= JIG_PLUGIN_EVENTS_IN;
        }
        if (Access::sends_events(prototype_)) {
            plugin_.flags |= JIG_PLUGIN_EVENTS_OUT;
        }
        plugin_.buses = array_of(buses_);
        plugin_.params = array_of(params_);
        plugin_.taps = array_of(taps_);
        plugin_.presets = array_of(presets_);
        plugin_.create = S::create;
        plugin_.destroy = S::destroy;
        plugin_.activate = S::activate;
        plugin_.deactivate = S::deactivate;
        plugin_.reset = S::reset;
        plugin_.process = S::process;
        if constexpr (declares_latency<T>) {
            plugin_.latency = S::latency;
        }
        if constexpr (declares_tail<T>) {
            plugin_.tail = S::tail;
        }
        if constexpr (carries<T, CarryWriter>) {
            plugin_.flags |= JIG_PLUGIN_RT_CARRY;
            plugin_.state_save = S::state_save;
            plugin_.state_load = S::state_load;
            plugin_.carry_bytes = S::carry_bytes;
        }
        if (Access::any_text(prototype_)) {
            plugin_.param_to_text = S::param_to_text;
            plugin_.param_from_text = S::param_from_text;
        }
    }

    T prototype_;
    std::vector<jig_bus> buses_;
    std::vector<jig_param> params_;
    std::vector<jig_tap> taps_;
    std::vector<jig_preset> presets_;
    jig_plugin plugin_{};
};

/// nullptr if a constructor throws while the plugins are described.
template <typename... Ts>
const jig_entry* entry() noexcept {
    try {
        static const jig_plugin* const plugins[] = {&Description<Ts>::get()...};
        static const jig_entry result = [] {
            jig_entry made{};
            made.struct_size = sizeof made;
            made.major = JIG_ABI_MAJOR;
            made.minor = JIG_ABI_MINOR;
            made.sdk = "jig-sdk 0.1";
#if defined(__clang__)
            made.toolchain = "clang " __clang_version__;
#else
            made.toolchain = "gcc " __VERSION__;
#endif
            made.build_id = "";
            made.plugins = plugins;
            made.plugin_count = sizeof...(Ts);
            return made;
        }();
        return &result;
    } catch (...) {
        return nullptr;
    }
}

} // namespace jig::detail
