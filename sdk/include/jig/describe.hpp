// jig/describe.hpp: from one prototype of a plugin class to the ABI's static descriptors.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/bus.hpp>
#include <jig/carry.hpp>
#include <jig/param.hpp>
#include <jig/plugin.hpp>
#include <jig/preset.hpp>
#include <jig/tap.hpp>
#include <jig/voices.hpp>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

namespace jig::detail {

/// What the glue may do to a plugin's parts and its author may not.
struct Access {
    static constexpr std::vector<jig_param> params(const Plugin& plugin) {
        std::vector<jig_param> result;
        for (const Param* param : plugin.params_) {
            result.push_back(param->descriptor());
        }
        return result;
    }

    static constexpr std::vector<jig_tap> taps(const Plugin& plugin) {
        std::vector<jig_tap> result;
        for (const Tap* tap : plugin.taps_) {
            result.push_back(tap->descriptor_);
        }
        return result;
    }

    static constexpr std::vector<jig_preset> presets(const Plugin& plugin) {
        std::vector<jig_preset> result;
        for (const Preset* preset : plugin.presets_) {
            result.push_back(preset->descriptor());
        }
        return result;
    }

    static constexpr bool has_voices(const Plugin& plugin) { return !plugin.voice_banks_.empty(); }

    template <typename F>
    static void each_voice_bank(Plugin& plugin, F&& use) {
        for (VoiceBank* bank : plugin.voice_banks_) {
            use(*bank);
        }
    }

    static void notes_on(Plugin& plugin, const Note& note) {
        each_voice_bank(plugin, [&](VoiceBank& bank) { bank.note_on(note); });
    }
    static void notes_off(Plugin& plugin, const Note& note, bool at_once) {
        each_voice_bank(plugin, [&](VoiceBank& bank) {
            at_once ? bank.note_choke(note) : bank.note_off(note);
        });
    }
    static void note_expression(Plugin& plugin, const Note& note) {
        each_voice_bank(plugin, [&](VoiceBank& bank) { bank.note_expression(note); });
    }
    static void pedal(Plugin& plugin, int channel, bool down) {
        each_voice_bank(plugin, [&](VoiceBank& bank) { bank.pedal(channel, down); });
    }
    static bool sends_events(const Plugin& plugin) { return plugin.sends_events_; }
    static void clear_voices(Plugin& plugin) {
        each_voice_bank(plugin, [](VoiceBank& bank) { bank.clear(); });
    }

    /// What the SDK itself remembers between two blocks.
    struct Memory {
        Plugin& plugin;
        template <typename Visitor>
        void carry(Visitor& visit) {
            visit("fresh", plugin.fresh_);
            for (Param* param : plugin.params_) {
                ParamMemory memory{*param};
                visit(param->id_, memory);
            }
        }
    };
    struct ParamMemory {
        Param& param;
        template <typename Visitor>
        void carry(Visitor& visit) {
            param.carry(visit);
        }
    };

    template <typename T, typename Visitor>
    static void carry(T& plugin, Visitor& visit) {
        Memory memory{plugin};
        visit("jig", memory);
        if constexpr (Visitor::loading) {
            for (Param* param : static_cast<Plugin&>(plugin).params_) {
                if (!param->is_trigger()) {
                    param->carried();
                }
            }
        }
        plugin.carry(visit);
    }

    /// All buses, with the main ones that were not declared; main ones first. Numbers the declared.
    static constexpr std::vector<jig_bus> number_buses(Plugin& plugin, bool default_main_in) {
        std::vector<Bus*> declared;
        for (const bool main : {true, false}) {
            std::copy_if(plugin.buses_.begin(), plugin.buses_.end(), std::back_inserter(declared),
                         [main](const Bus* bus) { return has(bus, JIG_BUS_MAIN) == main; });
        }
        const auto declares_main = [&](std::uint32_t direction) {
            return std::any_of(declared.begin(), declared.end(), [&](const Bus* bus) {
                return has(bus, direction) && has(bus, JIG_BUS_MAIN);
            });
        };
        std::vector<jig_bus> result;
        std::uint32_t ins = 0;
        std::uint32_t outs = 0;
        const bool main_in = default_main_in && !declares_main(JIG_BUS_IN);
        if (main_in) {
            result.push_back({"in", "Input", JIG_BUS_IN | JIG_BUS_MAIN, 1, 32, 2});
            ++ins;
        }
        if (!declares_main(JIG_BUS_OUT)) {
            std::uint32_t flags = JIG_BUS_OUT | JIG_BUS_MAIN;
            if (main_in || declares_main(JIG_BUS_IN)) {
                flags |= JIG_BUS_MATCH_MAIN_IN;
            }
            result.push_back({"out", "Output", flags, 1, 32, 2});
            ++outs;
        }
        for (Bus* bus : declared) {
            bus->index_ = has(bus, JIG_BUS_IN) ? ins++ : outs++;
            result.push_back(bus->descriptor_);
        }
        return result;
    }

    static constexpr bool has(const Bus* bus, std::uint32_t flag) {
        return (bus->descriptor_.flags & flag) != 0;
    }

    static void attach(Plugin& plugin, const jig_host* host) { plugin.host_ = host; }

    static void prepare(Plugin& plugin, const jig_config& config) {
        plugin.rate_hz_ = config.rate_hz;
        plugin.max_frames_ = config.max_frames;
        plugin.mode_ = config.mode;
        plugin.in_channels_ = config.in_bus_count > 0 ? config.in_channels[0] : 0;
        plugin.out_channels_ = config.out_bus_count > 0 ? config.out_channels[0] : 0;
        for (Param* param : plugin.params_) {
            param->prepare(config.rate_hz);
        }
        plugin.fresh_ = true;
    }

    static void make_fresh(Plugin& plugin) { plugin.fresh_ = true; }

    /// Parameters at a block's first frame: a fresh plugin jumps to them, another one moves there.
    static void take_params(Plugin& plugin, const float* values) {
        if (plugin.fresh_) {
            each_value(plugin, values, [](Param& param, float value) { param.snap(value); });
            each_value(plugin, values, [](Param& param, float) { param.changed(); });
        } else {
            each_value(plugin, values, [](Param& param, float value) { param.aim(value); });
        }
        plugin.fresh_ = false;
    }

    template <typename F>
    static void each_value(Plugin& plugin, const float* values, F&& use) {
        for (std::size_t i = 0; i < plugin.params_.size(); ++i) {
            if (!plugin.params_[i]->is_trigger()) {
                use(*plugin.params_[i], values[i]);
            }
        }
    }

    static void take_param(Plugin& plugin, const jig_event& event) {
        if (event.u.param.index >= plugin.params_.size()) {
            return;
        }
        Param& param = *plugin.params_[event.u.param.index];
        if (event.type == JIG_EVENT_TRIGGER) {
            param.fire(event.u.param.value);
        } else if (!param.is_trigger()) {
            param.aim(event.u.param.value);
        }
    }

    /// Points the taps at frame `begin` of the host's buffers.
    static void open_taps(Plugin& plugin, const jig_block& block, std::uint32_t begin) {
        for (std::size_t i = 0; i < plugin.taps_.size(); ++i) {
            Tap& tap = *plugin.taps_[i];
            float* data = i < block.tap_count ? block.taps[i] : nullptr;
            const bool by_frame = tap.descriptor_.kind == JIG_TAP_AUDIO;
            tap.data_ = data != nullptr && by_frame ? data + begin : data;
        }
    }

    static const Text* text(const Plugin& plugin, std::uint32_t index) {
        return index < plugin.params_.size() ? &plugin.params_[index]->text_ : nullptr;
    }

    static bool any_text(const Plugin& plugin) {
        return std::any_of(plugin.params_.begin(), plugin.params_.end(),
                           [](const Param* param) { return param->text_.to || param->text_.from; });
    }
};

template <typename T>
jig_array array_of(const std::vector<T>& items) {
    return {static_cast<std::uint32_t>(items.size()), sizeof(T), items.data()};
}

} // namespace jig::detail
