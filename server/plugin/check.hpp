// jig/plugin/check.hpp: whether a library's tables keep the contract of jig/plugin.h.
#pragma once

#include <jig/plugin.h>

#include <string>

namespace jig::plugin {

/// "" if everything that can be read without an instance is sound, else the first fault and its
/// remedy: "plugin "a.b" has two parameters with the id "gain"; give each an id of its own". [main]
[[nodiscard]] std::string entry_fault(const jig_entry* entry);

/// One table of it.
[[nodiscard]] std::string plugin_fault(const jig_plugin& plugin);

/// The parameters of a plugin whose array is sound.
[[nodiscard]] std::string params_fault(const jig_plugin& plugin);

/// The presets of a plugin whose arrays and parameters are sound.
[[nodiscard]] std::string presets_fault(const jig_plugin& plugin);

/// None where the plugin was compiled before there were any.
[[nodiscard]] jig_array presets_of(const jig_plugin& plugin);

/// "" if `text` is a string in UTF-8; else what is wrong with it.
[[nodiscard]] std::string text_fault(const char* text);

/// Whether it is one line of UTF-8, without control characters.
[[nodiscard]] bool is_clean(const std::string& text);

/// The same for an id: not empty, and without white space or control characters.
[[nodiscard]] std::string id_fault(const char* text);

/// `text` in quotation marks.
[[nodiscard]] std::string quoted(const char* text);

} // namespace jig::plugin
