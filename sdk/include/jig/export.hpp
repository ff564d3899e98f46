// jig/export.hpp: JIG_PLUGIN, and what it says when a plugin class is not right.
//
// SPDX-License-Identifier: MIT
#pragma once
// So that a compiler reports what it finds at the author's line, and not at these.
#pragma GCC system_header

#include <jig/entry.hpp>
#include <jig/verify.hpp>

/// Once in a library, outside all namespaces: the plugin classes that it exports.
#define JIG_PLUGINS(...)                                                                           \
    JIG_VERIFY_PLUGINS(__VA_ARGS__)                                                                \
    extern "C" JIG_EXPORT const jig_entry* jig_entry_v1(void);                                     \
    extern "C" JIG_EXPORT const jig_entry* jig_entry_v1(void) {                                    \
        return ::jig::detail::entry<__VA_ARGS__>();                                                \
    }
#define JIG_PLUGIN(Class) JIG_PLUGINS(Class)

/// One sentence for each thing that may be wrong, at the line where JIG_PLUGIN stands.
#define JIG_VERIFY_PLUGINS(...)                                                                    \
    JIG_VERIFY_EACH(plugin_class, "is derived from neither jig::Effect nor jig::Instrument",       \
                    __VA_ARGS__)                                                                   \
    JIG_VERIFY_EACH(processes, "has no public process(Block)", __VA_ARGS__)                        \
    JIG_VERIFY_EACH(named, "needs: static constexpr auto id = \"…\", name = \"…\"", __VA_ARGS__)   \
    JIG_VERIFY_PARTS(same_param_id, "two parameters have the same id", __VA_ARGS__)                \
    JIG_VERIFY_PARTS(same_tap_id, "two taps have the same id", __VA_ARGS__)                        \
    JIG_VERIFY_PARTS(same_bus_id, "two buses have the same id", __VA_ARGS__)                       \
    JIG_VERIFY_PARTS(bad_id, "an id is empty or has a space in it", __VA_ARGS__)                   \
    JIG_VERIFY_PARTS(range, "a parameter's min is not less than its max", __VA_ARGS__)             \
    JIG_VERIFY_PARTS(default_outside, "a parameter's default is out of its range", __VA_ARGS__)    \
    JIG_VERIFY_PARTS(log_over_zero, "a logarithmic range touches or crosses 0", __VA_ARGS__)       \
    JIG_VERIFY_PARTS(skew, "a skew is not greater than 0", __VA_ARGS__)                            \
    JIG_VERIFY_PARTS(preset_param, "a preset names a parameter that is not there", __VA_ARGS__)    \
    JIG_VERIFY_PARTS(preset_value, "a preset's value is out of the range", __VA_ARGS__)            \
    JIG_VERIFY_PARTS(no_notes, "an instrument needs Voices or void note_on(Note)", __VA_ARGS__)

#define JIG_VERIFY_EACH(concept_, sentence_, ...)                                                  \
    static_assert(::jig::detail::all_are_##concept_<__VA_ARGS__>,                                  \
                  "jig: " #__VA_ARGS__ ": " sentence_);
#define JIG_VERIFY_PARTS(fault_, sentence_, ...)                                                   \
    static_assert(::jig::detail::all_free_of<__VA_ARGS__>(::jig::detail::Fault::fault_),           \
                  "jig: " #__VA_ARGS__ ": " sentence_);
