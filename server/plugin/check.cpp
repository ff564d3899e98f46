#include "plugin/check.hpp"

#include "plugin/info.hpp"
#include "plugin/library.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>

namespace jig::plugin {

namespace {

/// Length of the UTF-8 sequence that begins at `at`, 0 if it is none. Zero-terminated, so that no
/// sequence runs past the end.
std::size_t sequence_length(const unsigned char* at) {
    const auto follows = [at](std::size_t n, unsigned char low, unsigned char high) {
        if (at[1] < low || at[1] > high) {
            return false;
        }
        for (std::size_t i = 2; i < n; ++i) {
            if (at[i] < 0x80 || at[i] > 0xBF) {
                return false;
            }
        }
        return true;
    };
    // The well-formed sequences of the Unicode standard, table 3-7.
    const unsigned char lead = at[0];
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return follows(2, 0x80, 0xBF) ? 2 : 0;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        const unsigned char low = lead == 0xE0 ? 0xA0 : 0x80;
        const unsigned char high = lead == 0xED ? 0x9F : 0xBF;
        return follows(3, low, high) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const unsigned char low = lead == 0xF0 ? 0x90 : 0x80;
        const unsigned char high = lead == 0xF4 ? 0x8F : 0xBF;
        return follows(4, low, high) ? 4 : 0;
    }
    return 0;
}

std::string array_fault(const jig_array& array, const char* what, std::size_t first_size,
                        std::size_t alignment, std::uint32_t most) {
    if (array.count == 0) {
        return {};
    }
    if (array.count > most) {
        return "has " + std::to_string(array.count) + " " + what + "; at most " +
               std::to_string(most) + " are possible";
    }
    if (array.items == nullptr) {
        return std::string("has a NULL array of ") + what + "; point it at its descriptors";
    }
    if (array.stride < first_size || array.stride % alignment != 0) {
        return std::string("gives its ") + what + " a stride of " + std::to_string(array.stride) +
               " bytes; set it to the descriptor's size, " + std::to_string(first_size);
    }
    return {};
}

std::string slots_fault(const jig_plugin& plugin) {
    const std::pair<bool, const char*> required[] = {
        {plugin.create != nullptr, "create"},     {plugin.destroy != nullptr, "destroy"},
        {plugin.activate != nullptr, "activate"}, {plugin.deactivate != nullptr, "deactivate"},
        {plugin.reset != nullptr, "reset"},       {plugin.process != nullptr, "process"},
    };
    for (const auto& [present, name] : required) {
        if (!present) {
            return std::string("has NULL in its slot ") + name + "; point it at a function";
        }
    }
    return {};
}

std::string bus_fault(const jig_bus& bus) {
    const bool in = (bus.flags & JIG_BUS_IN) != 0;
    if (in == ((bus.flags & JIG_BUS_OUT) != 0)) {
        return "must have exactly one of JIG_BUS_IN and JIG_BUS_OUT; correct its flags";
    }
    const std::uint32_t least = (bus.flags & JIG_BUS_OPTIONAL) != 0 ? 0 : 1;
    if (bus.min_channels < least || bus.max_channels < 1 || bus.def_channels < bus.min_channels ||
        bus.def_channels > bus.max_channels) {
        return "has min/def/max channels of " + std::to_string(bus.min_channels) + "/" +
               std::to_string(bus.def_channels) + "/" + std::to_string(bus.max_channels) +
               "; they must rise, and begin at " + std::to_string(least);
    }
    return {};
}

std::string buses_fault(const jig_plugin& plugin) {
    std::set<std::string_view> ids;
    std::uint32_t channels[2] = {0, 0};
    std::uint32_t mains[2] = {0, 0};
    bool matches = false;
    for (std::uint32_t i = 0; i < plugin.buses.count; ++i) {
        const auto& bus = element<jig_bus>(plugin.buses, i);
        if (const auto fault = id_fault(bus.id); !fault.empty()) {
            return "has a bus (number " + std::to_string(i) + ") whose id is " + fault +
                   "; give it an id like \"main\"";
        }
        if (!ids.insert(bus.id).second) {
            return "has two buses with the id " + quoted(bus.id) + "; give each an id of its own";
        }
        if (const auto fault = text_fault(bus.name); !fault.empty()) {
            return "has a bus " + quoted(bus.id) + " whose name is " + fault + "; give it a name";
        }
        if (const auto fault = bus_fault(bus); !fault.empty()) {
            return "has a bus " + quoted(bus.id) + " that " + fault;
        }
        const std::size_t direction = (bus.flags & JIG_BUS_IN) != 0 ? 0 : 1;
        // Two additions of at most kMaxChannels cannot wrap around.
        channels[direction] += std::min(bus.def_channels, kMaxChannels + 1);
        channels[direction] = std::min(channels[direction], kMaxChannels + 1);
        mains[direction] += (bus.flags & JIG_BUS_MAIN) != 0 ? 1 : 0;
        matches = matches || (bus.flags & JIG_BUS_MATCH_MAIN_IN) != 0;
    }
    for (const std::size_t direction : {0U, 1U}) {
        const std::string name = direction == 0 ? "input" : "output";
        if (channels[direction] > kMaxChannels) {
            return "has more than " + std::to_string(kMaxChannels) + " " + name +
                   " channels by default; lower def_channels";
        }
        if (mains[direction] > 1) {
            return "has " + std::to_string(mains[direction]) + " main " + name +
                   " buses; keep JIG_BUS_MAIN on one of them";
        }
    }
    if (matches && mains[0] == 0) {
        return "has a bus with JIG_BUS_MATCH_MAIN_IN but no main input bus; add one, or drop the "
               "flag";
    }
    return {};
}

std::string taps_fault(const jig_plugin& plugin) {
    std::set<std::string_view> ids;
    for (std::uint32_t i = 0; i < plugin.taps.count; ++i) {
        const auto& tap = element<jig_tap>(plugin.taps, i);
        if (const auto fault = id_fault(tap.id); !fault.empty()) {
            return "has a tap (number " + std::to_string(i) + ") whose id is " + fault +
                   "; give it an id like \"env\"";
        }
        if (!ids.insert(tap.id).second) {
            return "has two taps with the id " + quoted(tap.id) + "; give each an id of its own";
        }
        for (const char* text : {tap.name, tap.unit}) {
            if (const auto fault = text_fault(text); !fault.empty()) {
                return "has a tap " + quoted(tap.id) + " whose name or unit is " + fault +
                       "; write \"\" for none";
            }
        }
    }
    return {};
}

} // namespace

std::string quoted(const char* text) {
    return text == nullptr ? "NULL" : "\"" + std::string(text) + "\"";
}

std::string text_fault(const char* text) {
    if (text == nullptr) {
        return "NULL";
    }
    const auto* at = reinterpret_cast<const unsigned char*>(text);
    while (*at != 0) {
        const auto n = sequence_length(at);
        if (n == 0) {
            return "not UTF-8";
        }
        at += n;
    }
    return {};
}

bool is_clean(const std::string& text) {
    const auto control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
    return text_fault(text.c_str()).empty() && std::none_of(text.begin(), text.end(), control);
}

std::string id_fault(const char* text) {
    if (auto fault = text_fault(text); !fault.empty()) {
        return fault;
    }
    const std::string_view id(text);
    if (id.empty()) {
        return "empty";
    }
    const auto blank = [](char c) { return (c >= 0 && c <= ' ') || c == '\x7f'; };
    return std::any_of(id.begin(), id.end(), blank) ? "with a space or control character in it"
                                                    : "";
}

std::string plugin_fault(const jig_plugin& plugin) {
    for (const char* text : {plugin.name, plugin.vendor, plugin.version, plugin.doc}) {
        if (const auto fault = text_fault(text); !fault.empty()) {
            return "has a name, vendor, version or doc that is " + fault + "; write \"\" for none";
        }
    }
    if (auto fault = slots_fault(plugin); !fault.empty()) {
        return fault;
    }
    constexpr std::uint32_t kMaxBuses = 2 * kMaxChannels;
    for (auto fault :
         {array_fault(plugin.buses, "buses", sizeof(jig_bus), alignof(jig_bus), kMaxBuses),
          array_fault(plugin.params, "parameters", sizeof(jig_param), alignof(jig_param),
                      kMaxParams),
          array_fault(plugin.taps, "taps", sizeof(jig_tap), alignof(jig_tap), kMaxTaps),
          array_fault(presets_of(plugin), "presets", sizeof(jig_preset), alignof(jig_preset),
                      kMaxPresets)}) {
        if (!fault.empty()) {
            return fault;
        }
    }
    for (auto* check : {buses_fault, params_fault, taps_fault, presets_fault}) {
        if (auto fault = check(plugin); !fault.empty()) {
            return fault;
        }
    }
    return {};
}

std::string entry_fault(const jig_entry* entry) {
    if (entry == nullptr) {
        return "jig_entry_v1 returns NULL; return a static jig_entry";
    }
    // The first version's fields only, until the size has been seen.
    if (entry->struct_size < sizeof(jig_entry)) {
        return "its jig_entry says it is " + std::to_string(entry->struct_size) +
               " bytes; set struct_size to sizeof(jig_entry)";
    }
    if (entry->major != JIG_ABI_MAJOR || entry->min_host_minor > JIG_ABI_MINOR) {
        return "it is built for ABI " + std::to_string(entry->major) + "." +
               std::to_string(entry->min_host_minor) + " and this host has " +
               std::to_string(JIG_ABI_MAJOR) + "." + std::to_string(JIG_ABI_MINOR) +
               "; rebuild it with this host's jig/plugin.h, or use a newer host";
    }
    for (const char* text : {entry->sdk, entry->toolchain, entry->build_id}) {
        if (const auto fault = text_fault(text); !fault.empty()) {
            return "its jig_entry has an sdk, toolchain or build_id that is " + fault +
                   "; write \"\" for none";
        }
    }
    if (entry->plugins == nullptr || entry->plugin_count == 0 ||
        entry->plugin_count > kMaxPlugins) {
        return "its jig_entry lists " +
               std::to_string(entry->plugins == nullptr ? 0 : entry->plugin_count) +
               " plugins; list 1 to " + std::to_string(kMaxPlugins);
    }
    std::set<std::string_view> ids;
    for (std::uint32_t i = 0; i < entry->plugin_count; ++i) {
        const jig_plugin* plugin = entry->plugins[i];
        const auto which = "plugin number " + std::to_string(i);
        if (plugin == nullptr) {
            return which + " is NULL; point it at a jig_plugin";
        }
        // What the first version had; presets came later.
        if (plugin->struct_size < offsetof(jig_plugin, presets)) {
            return which + " says it is " + std::to_string(plugin->struct_size) +
                   " bytes; set struct_size to sizeof(jig_plugin)";
        }
        if (const auto fault = id_fault(plugin->id); !fault.empty()) {
            return which + " has an id that is " + fault +
                   "; give it one like \"org.example.echo\"";
        }
        if (!ids.insert(plugin->id).second) {
            return "two plugins have the id " + quoted(plugin->id) + "; give each an id of its own";
        }
        if (const auto fault = plugin_fault(*plugin); !fault.empty()) {
            return "plugin " + quoted(plugin->id) + " " + fault;
        }
    }
    return {};
}

} // namespace jig::plugin
