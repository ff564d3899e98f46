// jig/entry.hpp: the glue between a plugin class and the C ABI, and JIG_PLUGIN.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/describe.hpp>

#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>

namespace jig::detail {

// Whether T declares a function, whatever its arguments: with wrong ones it shall not compile.
#define JIG_DETAIL_DECLARES(function)                                                              \
    template <typename T>                                                                          \
    concept declares_##function = requires {                                                       \
        &T::function;                                                                              \
    }
JIG_DETAIL_DECLARES(activate);
JIG_DETAIL_DECLARES(deactivate);
JIG_DETAIL_DECLARES(reset);
JIG_DETAIL_DECLARES(latency);
JIG_DETAIL_DECLARES(tail);
JIG_DETAIL_DECLARES(note_on);
JIG_DETAIL_DECLARES(note_off);
JIG_DETAIL_DECLARES(note_choke);
JIG_DETAIL_DECLARES(note_expression);
JIG_DETAIL_DECLARES(pitch_bend);
JIG_DETAIL_DECLARES(pressure);
JIG_DETAIL_DECLARES(control_change);
JIG_DETAIL_DECLARES(midi);
#undef JIG_DETAIL_DECLARES

template <typename T>
concept takes_events = std::derived_from<T, Instrument> || declares_note_on<T> ||
    declares_control_change<T> || declares_midi<T>;

/// Hands one event to the callbacks that the plugin has.
template <typename T>
void deliver(T& plugin, const jig_event& event);

inline Note note_of(const jig_event& event) {
    const auto& note = event.u.note;
    return {note.key,   note.velocity,         note.channel,
            note.voice, note.detune_semitones, note.expression};
}

template <typename T>
void end_notes(T& plugin, const Note& note, bool at_once) {
    if constexpr (declares_note_choke<T>) {
        if (at_once) {
            plugin.note_choke(note);
            return;
        }
    }
    if constexpr (declares_note_off<T>) {
        plugin.note_off(note);
    }
}

/// A MIDI 1.0 channel message that is no note; the controllers 120 and 123 end all notes of a
/// channel.
template <typename T>
void deliver_midi(T& plugin, const std::uint8_t* bytes) {
    constexpr int kControl = 0xB0, kPressure = 0xD0, kBend = 0xE0;
    const int kind = bytes[0] & 0xF0;
    [[maybe_unused]] const int channel = bytes[0] & 0x0F;
    if constexpr (declares_midi<T>) {
        plugin.midi(bytes);
    }
    if (kind == kControl) {
        if (bytes[1] == 120 || bytes[1] == 123) {
            end_notes(plugin, {JIG_ANY, 0, channel, JIG_ANY, 0, 0}, bytes[1] == 120);
        } else if constexpr (declares_control_change<T>) {
            plugin.control_change(channel, int{bytes[1]}, static_cast<float>(bytes[2]) / 127.0f);
        }
    } else if (kind == kPressure) {
        if constexpr (declares_pressure<T>) {
            plugin.pressure(channel, static_cast<float>(bytes[1]) / 127.0f);
        }
    } else if (kind == kBend) {
        if constexpr (declares_pitch_bend<T>) {
            const int bend = (bytes[1] | bytes[2] << 7) - 8192;
            plugin.pitch_bend(channel, static_cast<float>(bend) / (bend < 0 ? 8192.0f : 8191.0f));
        }
    }
}

template <typename T>
void deliver(T& plugin, const jig_event& event) {
    switch (event.type) {
    case JIG_EVENT_PARAM:
    case JIG_EVENT_TRIGGER:
        Access::take_param(plugin, event);
        break;
    case JIG_EVENT_NOTE_ON:
        if constexpr (declares_note_on<T>) {
            plugin.note_on(note_of(event));
        }
        break;
    case JIG_EVENT_NOTE_OFF:
    case JIG_EVENT_NOTE_CHOKE:
        end_notes(plugin, note_of(event), event.type == JIG_EVENT_NOTE_CHOKE);
        break;
    case JIG_EVENT_NOTE_EXPRESSION:
        if constexpr (declares_note_expression<T>) {
            plugin.note_expression(note_of(event));
        }
        break;
    case JIG_EVENT_MIDI:
        deliver_midi(plugin, event.u.midi);
        break;
    default: // a newer host's
        break;
    }
}

/// The ABI's slots for the class T. Nothing leaves them by an exception.
template <typename T>
struct Slots {
    static T& self(jig_instance* inst) { return static_cast<T&>(*reinterpret_cast<Plugin*>(inst)); }

    static jig_instance* create(const jig_plugin*, const jig_host* host, char* err,
                                std::size_t cap) noexcept {
        const char* why = "the constructor threw something that is no std::exception";
        try {
            auto* plugin = new T;
            Access::number_buses(*plugin, std::derived_from<T, Effect>);
            Access::attach(*plugin, host);
            return reinterpret_cast<jig_instance*>(static_cast<Plugin*>(plugin));
        } catch (const std::exception& error) {
            std::snprintf(err, cap, "%s", error.what());
        } catch (...) {
            std::snprintf(err, cap, "%s", why);
        }
        return nullptr;
    }

    static void destroy(jig_instance* inst) noexcept { delete &self(inst); }

    static jig_status activate(jig_instance* inst, const jig_config* config) noexcept {
        return guarded([&] {
            T& plugin = self(inst);
            Access::prepare(plugin, *config);
            if constexpr (declares_activate<T>) {
                plugin.activate();
            }
            return JIG_OK;
        });
    }

    static void deactivate(jig_instance* inst) noexcept {
        guarded([&] {
            if constexpr (declares_deactivate<T>) {
                self(inst).deactivate();
            }
            return JIG_OK;
        });
    }

    static void reset(jig_instance* inst) noexcept {
        guarded([&] {
            Access::make_fresh(self(inst));
            if constexpr (declares_reset<T>) {
                self(inst).reset();
            }
            return JIG_OK;
        });
    }

    /// Cuts the block wherever something happens, so that the class sees only the simple case.
    static jig_status process(jig_instance* inst, const jig_block* block) noexcept {
        return guarded([&]() -> jig_status {
            T& plugin = self(inst);
            Access::take_params(plugin, block->params);
            const auto frame_of = [block](std::uint32_t event) {
                return std::min(block->events[event].frame, block->frames - 1);
            };
            jig_status status = JIG_OK;
            std::uint32_t event = 0;
            for (std::uint32_t begin = 0; begin < block->frames;) {
                const std::uint32_t first = event;
                for (; event < block->event_count && frame_of(event) <= begin; ++event) {
                    deliver(plugin, block->events[event]);
                }
                const auto end = event < block->event_count ? frame_of(event) : block->frames;
                Access::open_taps(plugin, *block, begin);
                const auto part = run(plugin, Block(*block, begin, end - begin,
                                                    {block->events + first, event - first}));
                if (part < 0) {
                    return part;
                }
                status = begin == 0 || part == status ? part : JIG_OK;
                begin = end;
            }
            return status;
        });
    }

    static std::uint32_t latency(jig_instance* inst) noexcept {
        std::uint32_t frames = 0;
        guarded([&] {
            if constexpr (declares_latency<T>) {
                frames = self(inst).latency();
            }
            return JIG_OK;
        });
        return frames;
    }

    static std::uint32_t tail(jig_instance* inst) noexcept {
        std::uint32_t frames = 0;
        guarded([&] {
            if constexpr (declares_tail<T>) {
                frames = self(inst).tail();
            }
            return JIG_OK;
        });
        return frames;
    }

    static jig_status param_to_text(jig_instance* inst, std::uint32_t index, double value,
                                    char* text, std::size_t cap) noexcept {
        return guarded([&]() -> jig_status {
            const Text* own = Access::text(self(inst), index);
            if (own == nullptr || !own->to) {
                return JIG_ERROR_UNSUPPORTED;
            }
            std::snprintf(text, cap, "%s", own->to(value).c_str());
            return JIG_OK;
        });
    }

    static jig_status param_from_text(jig_instance* inst, std::uint32_t index, const char* text,
                                      double* value) noexcept {
        return guarded([&]() -> jig_status {
            const Text* own = Access::text(self(inst), index);
            if (own == nullptr || !own->from) {
                return JIG_ERROR_UNSUPPORTED;
            }
            const auto read = own->from(text);
            if (!read) {
                return JIG_ERROR_ARG;
            }
            *value = *read;
            return JIG_OK;
        });
    }

  private:
    static jig_status run(T& plugin, Block block) {
        if constexpr (std::is_void_v<decltype(plugin.process(block))>) {
            plugin.process(block);
            return JIG_OK;
        } else {
            return plugin.process(block);
        }
    }

    template <typename F>
    static jig_status guarded(F&& work) noexcept {
        try {
            return work();
        } catch (...) {
            return JIG_ERROR_EXCEPTION;
        }
    }
};

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
          params_(Access::params(prototype_)), taps_(Access::taps(prototype_)) {
        static_assert(std::derived_from<T, Effect> || std::derived_from<T, Instrument>,
                      "derive the plugin from jig::Effect or jig::Instrument");
        static_assert(!std::derived_from<T, Instrument> || declares_note_on<T>,
                      "an instrument needs void note_on(Note)");
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
        if constexpr (takes_events<T>) {
            plugin_.flags |= JIG_PLUGIN_EVENTS_IN;
        }
        plugin_.buses = array_of(buses_);
        plugin_.params = array_of(params_);
        plugin_.taps = array_of(taps_);
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
        if (Access::any_text(prototype_)) {
            plugin_.param_to_text = S::param_to_text;
            plugin_.param_from_text = S::param_from_text;
        }
    }

    T prototype_;
    std::vector<jig_bus> buses_;
    std::vector<jig_param> params_;
    std::vector<jig_tap> taps_;
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

/// Once in a library, outside all namespaces: the plugin classes that it exports.
#define JIG_PLUGINS(...)                                                                           \
    extern "C" JIG_EXPORT const jig_entry* jig_entry_v1(void);                                     \
    extern "C" JIG_EXPORT const jig_entry* jig_entry_v1(void) {                                    \
        return ::jig::detail::entry<__VA_ARGS__>();                                                \
    }
#define JIG_PLUGIN(Class) JIG_PLUGINS(Class)
