// jig/deliver.hpp: hands the host's events to the callbacks that a plugin class declares.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/describe.hpp>

#include <concepts>
#include <cstdint>

namespace jig::detail {

// Whether T declares a function, whatever its arguments: with wrong ones it shall not compile.
#define JIG_DETAIL_DECLARES(function)                                                              \
    template <typename T>                                                                          \
    concept declares_##function = requires {                                                       \
        &T::function;                                                                              \
    }
JIG_DETAIL_DECLARES(process);
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

inline Note note_of(const jig_event& event) {
    const auto& note = event.u.note;
    return {note.key,   note.velocity,         note.channel,
            note.voice, note.detune_semitones, note.expression};
}

template <typename T>
void end_notes(T& plugin, const Note& note, bool at_once) {
    Access::notes_off(plugin, note, at_once);
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
    constexpr int kPedal = 64, kAllSoundOff = 120, kResetControllers = 121, kAllNotesOff = 123;
    const int kind = bytes[0] & 0xF0;
    const int channel = bytes[0] & 0x0F;
    if constexpr (declares_midi<T>) {
        plugin.midi(bytes);
    }
    if (kind == kControl) {
        if (bytes[1] == kPedal || bytes[1] == kResetControllers) {
            Access::pedal(plugin, channel, bytes[1] == kPedal && bytes[2] >= 64);
        }
        if (bytes[1] == kAllSoundOff || bytes[1] == kAllNotesOff) {
            end_notes(plugin, {JIG_ANY, 0, channel, JIG_ANY, 0, 0}, bytes[1] == kAllSoundOff);
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

/// Hands one event to the callbacks that the plugin has, and to its voices.
template <typename T>
void deliver(T& plugin, const jig_event& event) {
    switch (event.type) {
    case JIG_EVENT_PARAM:
    case JIG_EVENT_TRIGGER:
        Access::take_param(plugin, event);
        break;
    case JIG_EVENT_NOTE_ON:
        Access::notes_on(plugin, note_of(event));
        if constexpr (declares_note_on<T>) {
            plugin.note_on(note_of(event));
        }
        break;
    case JIG_EVENT_NOTE_OFF:
    case JIG_EVENT_NOTE_CHOKE:
        end_notes(plugin, note_of(event), event.type == JIG_EVENT_NOTE_CHOKE);
        break;
    case JIG_EVENT_NOTE_EXPRESSION:
        Access::note_expression(plugin, note_of(event));
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

} // namespace jig::detail
