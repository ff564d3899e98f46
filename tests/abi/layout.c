/* layout.c - jig/plugin.h byte by byte: whoever changes this file changes a promise.
 *
 * Where each field of each struct lies on a 64-bit machine (LP64), and the value of each
 * enumerator. Compiled as C11 and as C++.
 */
#include <jig/plugin.h>

#include <stddef.h>

#ifdef __cplusplus
#define CHECK(condition, words) static_assert(condition, words)
#else
#define CHECK(condition, words) _Static_assert(condition, words)
#endif

#define SIZE(type, bytes) CHECK(sizeof(type) == (bytes), "size of " #type)
#define OFFSET(type, field, bytes) CHECK(offsetof(type, field) == (bytes), #type "." #field)
#define VALUE(name, number) CHECK((name) == (number), #name)

#ifdef JIG_LAYOUT_WRONG
OFFSET(jig_event, u, 12);
#endif

CHECK(sizeof(void*) == 8 && sizeof(int) == 4 && sizeof(long) == 8, "LP64");

SIZE(jig_array, 16);
OFFSET(jig_array, count, 0);
OFFSET(jig_array, stride, 4);
OFFSET(jig_array, items, 8);

SIZE(jig_bus, 32);
OFFSET(jig_bus, id, 0);
OFFSET(jig_bus, name, 8);
OFFSET(jig_bus, flags, 16);
OFFSET(jig_bus, min_channels, 20);
OFFSET(jig_bus, max_channels, 24);
OFFSET(jig_bus, def_channels, 28);

SIZE(jig_param, 120);
OFFSET(jig_param, id, 0);
OFFSET(jig_param, formerly, 8);
OFFSET(jig_param, name, 16);
OFFSET(jig_param, group, 24);
OFFSET(jig_param, unit, 32);
OFFSET(jig_param, doc, 40);
OFFSET(jig_param, min, 48);
OFFSET(jig_param, max, 56);
OFFSET(jig_param, def, 64);
OFFSET(jig_param, step, 72);
OFFSET(jig_param, curve, 80);
OFFSET(jig_param, curve_arg, 84);
OFFSET(jig_param, flags, 88);
OFFSET(jig_param, label_count, 92);
OFFSET(jig_param, labels, 96);
OFFSET(jig_param, smooth_kind, 104);
OFFSET(jig_param, smooth_ms, 108);
OFFSET(jig_param, midi_cc, 112);
OFFSET(jig_param, reserved, 116);

SIZE(jig_tap, 40);
OFFSET(jig_tap, id, 0);
OFFSET(jig_tap, name, 8);
OFFSET(jig_tap, unit, 16);
OFFSET(jig_tap, kind, 24);
OFFSET(jig_tap, view, 28);
OFFSET(jig_tap, min, 32);
OFFSET(jig_tap, max, 36);

SIZE(jig_preset_value, 16);
OFFSET(jig_preset_value, param, 0);
OFFSET(jig_preset_value, value, 8);

SIZE(jig_preset, 32);
OFFSET(jig_preset, name, 0);
OFFSET(jig_preset, doc, 8);
OFFSET(jig_preset, values, 16);
OFFSET(jig_preset, value_count, 24);
OFFSET(jig_preset, reserved, 28);

SIZE(jig_event, 32);
OFFSET(jig_event, frame, 0);
OFFSET(jig_event, type, 4);
OFFSET(jig_event, port, 6);
OFFSET(jig_event, flags, 7);
OFFSET(jig_event, u, 8);
OFFSET(jig_event, u.param, 8);
OFFSET(jig_event, u.param.value, 8);
OFFSET(jig_event, u.param.index, 12);
OFFSET(jig_event, u.param.ramp_frames, 16);
OFFSET(jig_event, u.param.voice, 20);
OFFSET(jig_event, u.note, 8);
OFFSET(jig_event, u.note.voice, 8);
OFFSET(jig_event, u.note.channel, 12);
OFFSET(jig_event, u.note.key, 14);
OFFSET(jig_event, u.note.velocity, 16);
OFFSET(jig_event, u.note.detune_semitones, 20);
OFFSET(jig_event, u.note.expression, 24);
OFFSET(jig_event, u.midi, 8);
OFFSET(jig_event, u.sysex, 8);
OFFSET(jig_event, u.sysex.bytes, 8);
OFFSET(jig_event, u.sysex.size, 16);
OFFSET(jig_event, u.raw, 8);

SIZE(jig_transport, 72);
OFFSET(jig_transport, struct_size, 0);
OFFSET(jig_transport, valid, 4);
OFFSET(jig_transport, bpm, 8);
OFFSET(jig_transport, beat, 16);
OFFSET(jig_transport, bar_start, 24);
OFFSET(jig_transport, bar, 32);
OFFSET(jig_transport, playing, 36);
OFFSET(jig_transport, recording, 37);
OFFSET(jig_transport, looping, 38);
OFFSET(jig_transport, reserved, 39);
OFFSET(jig_transport, loop_start_beat, 40);
OFFSET(jig_transport, loop_end_beat, 48);
OFFSET(jig_transport, seconds, 56);
OFFSET(jig_transport, signature_num, 64);
OFFSET(jig_transport, signature_den, 66);
OFFSET(jig_transport, reserved2, 68);

SIZE(jig_audio_in, 24);
OFFSET(jig_audio_in, channels, 0);
OFFSET(jig_audio_in, channel_count, 8);
OFFSET(jig_audio_in, flags, 12);
OFFSET(jig_audio_in, silent_mask, 16);

SIZE(jig_audio_out, 24);
OFFSET(jig_audio_out, channels, 0);
OFFSET(jig_audio_out, channel_count, 8);
OFFSET(jig_audio_out, flags, 12);
OFFSET(jig_audio_out, silent_mask, 16);

SIZE(jig_block, 96);
OFFSET(jig_block, struct_size, 0);
OFFSET(jig_block, flags, 4);
OFFSET(jig_block, frames, 8);
OFFSET(jig_block, reserved, 12);
OFFSET(jig_block, frame, 16);
OFFSET(jig_block, in, 24);
OFFSET(jig_block, out, 32);
OFFSET(jig_block, in_count, 40);
OFFSET(jig_block, out_count, 44);
OFFSET(jig_block, params, 48);
OFFSET(jig_block, out_params, 56);
OFFSET(jig_block, events, 64);
OFFSET(jig_block, transport, 72);
OFFSET(jig_block, taps, 80);
OFFSET(jig_block, event_count, 88);
OFFSET(jig_block, tap_count, 92);

SIZE(jig_config, 48);
OFFSET(jig_config, struct_size, 0);
OFFSET(jig_config, max_frames, 4);
OFFSET(jig_config, rate_hz, 8);
OFFSET(jig_config, mode, 16);
OFFSET(jig_config, in_bus_count, 20);
OFFSET(jig_config, out_bus_count, 24);
OFFSET(jig_config, reserved, 28);
OFFSET(jig_config, in_channels, 32);
OFFSET(jig_config, out_channels, 40);

SIZE(jig_log_site, 24);
OFFSET(jig_log_site, format, 0);
OFFSET(jig_log_site, file, 8);
OFFSET(jig_log_site, line, 16);
OFFSET(jig_log_site, level, 20);

SIZE(jig_host, 72);
OFFSET(jig_host, struct_size, 0);
OFFSET(jig_host, reserved, 4);
OFFSET(jig_host, name, 8);
OFFSET(jig_host, version, 16);
OFFSET(jig_host, ctx, 24);
OFFSET(jig_host, log, 32);
OFFSET(jig_host, emit, 40);
OFFSET(jig_host, tap_push, 48);
OFFSET(jig_host, request, 56);
OFFSET(jig_host, ext, 64);

SIZE(jig_sink, 16);
OFFSET(jig_sink, ctx, 0);
OFFSET(jig_sink, write, 8);

SIZE(jig_plugin, 224);
OFFSET(jig_plugin, struct_size, 0);
OFFSET(jig_plugin, flags, 4);
OFFSET(jig_plugin, id, 8);
OFFSET(jig_plugin, name, 16);
OFFSET(jig_plugin, vendor, 24);
OFFSET(jig_plugin, version, 32);
OFFSET(jig_plugin, doc, 40);
OFFSET(jig_plugin, buses, 48);
OFFSET(jig_plugin, params, 64);
OFFSET(jig_plugin, taps, 80);
OFFSET(jig_plugin, create, 96);
OFFSET(jig_plugin, destroy, 104);
OFFSET(jig_plugin, activate, 112);
OFFSET(jig_plugin, deactivate, 120);
OFFSET(jig_plugin, reset, 128);
OFFSET(jig_plugin, process, 136);
OFFSET(jig_plugin, latency, 144);
OFFSET(jig_plugin, tail, 152);
OFFSET(jig_plugin, state_save, 160);
OFFSET(jig_plugin, state_load, 168);
OFFSET(jig_plugin, carry_bytes, 176);
OFFSET(jig_plugin, param_to_text, 184);
OFFSET(jig_plugin, param_from_text, 192);
OFFSET(jig_plugin, ext, 200);
OFFSET(jig_plugin, presets, 208);

SIZE(jig_entry, 56);
OFFSET(jig_entry, struct_size, 0);
OFFSET(jig_entry, major, 4);
OFFSET(jig_entry, minor, 6);
OFFSET(jig_entry, min_host_minor, 8);
OFFSET(jig_entry, reserved, 10);
OFFSET(jig_entry, flags, 12);
OFFSET(jig_entry, sdk, 16);
OFFSET(jig_entry, toolchain, 24);
OFFSET(jig_entry, build_id, 32);
OFFSET(jig_entry, plugins, 40);
OFFSET(jig_entry, plugin_count, 48);
OFFSET(jig_entry, reserved2, 52);

VALUE(JIG_OK, 0);
VALUE(JIG_SILENT, 1);
VALUE(JIG_TAIL, 2);
VALUE(JIG_ERROR_NOMEM, -1);
VALUE(JIG_ERROR_ARG, -2);
VALUE(JIG_ERROR_UNSUPPORTED, -3);
VALUE(JIG_ERROR_BADSTATE, -4);
VALUE(JIG_ERROR_EXCEPTION, -5);
VALUE(JIG_BUS_IN, 1);
VALUE(JIG_BUS_OUT, 2);
VALUE(JIG_BUS_MAIN, 4);
VALUE(JIG_BUS_SIDECHAIN, 8);
VALUE(JIG_BUS_OPTIONAL, 16);
VALUE(JIG_BUS_MATCH_MAIN_IN, 32);
VALUE(JIG_CURVE_LIN, 0);
VALUE(JIG_CURVE_LOG, 1);
VALUE(JIG_CURVE_SKEW, 2);
VALUE(JIG_CURVE_DB, 3);
VALUE(JIG_PARAM_STEPPED, 1);
VALUE(JIG_PARAM_ENUM, 2);
VALUE(JIG_PARAM_TOGGLE, 4);
VALUE(JIG_PARAM_TRIGGER, 8);
VALUE(JIG_PARAM_OUTPUT, 16);
VALUE(JIG_PARAM_HIDDEN, 32);
VALUE(JIG_PARAM_BYPASS, 64);
VALUE(JIG_PARAM_PERIODIC, 128);
VALUE(JIG_PARAM_RESTART, 256);
VALUE(JIG_SMOOTH_NONE, 0);
VALUE(JIG_SMOOTH_LINEAR, 1);
VALUE(JIG_SMOOTH_EXP, 2);
VALUE(JIG_TAP_VALUE, 0);
VALUE(JIG_TAP_AUDIO, 1);
VALUE(JIG_VIEW_AUTO, 0);
VALUE(JIG_VIEW_SCOPE, 1);
VALUE(JIG_VIEW_METER, 2);
VALUE(JIG_VIEW_REDUCTION, 3);
VALUE(JIG_VIEW_NUMBER, 4);
VALUE(JIG_EVENT_PARAM, 1);
VALUE(JIG_EVENT_TRIGGER, 2);
VALUE(JIG_EVENT_NOTE_ON, 3);
VALUE(JIG_EVENT_NOTE_OFF, 4);
VALUE(JIG_EVENT_NOTE_CHOKE, 5);
VALUE(JIG_EVENT_NOTE_EXPRESSION, 6);
VALUE(JIG_EVENT_MIDI, 7);
VALUE(JIG_EVENT_SYSEX, 8);
VALUE(JIG_TRANSPORT_TEMPO, 1);
VALUE(JIG_TRANSPORT_BEATS, 2);
VALUE(JIG_TRANSPORT_BARS, 4);
VALUE(JIG_TRANSPORT_SECONDS, 8);
VALUE(JIG_TRANSPORT_SIGNATURE, 16);
VALUE(JIG_TRANSPORT_LOOP, 32);
VALUE(JIG_BLOCK_DISCONTINUITY, 1);
VALUE(JIG_BLOCK_CATCHUP, 2);
VALUE(JIG_BLOCK_FREEWHEEL, 4);
VALUE(JIG_BLOCK_PREROLL, 8);
VALUE(JIG_MODE_REALTIME, 0);
VALUE(JIG_MODE_OFFLINE, 1);
VALUE(JIG_LOG_DEBUG, 0);
VALUE(JIG_LOG_INFO, 1);
VALUE(JIG_LOG_WARN, 2);
VALUE(JIG_LOG_ERROR, 3);
VALUE(JIG_REQUEST_LATENCY_CHANGED, 1);
VALUE(JIG_REQUEST_RESTART, 2);
VALUE(JIG_REQUEST_STATE_DIRTY, 3);
VALUE(JIG_STATE_PROJECT, 0);
VALUE(JIG_STATE_CARRY, 1);
VALUE(JIG_PLUGIN_INSTRUMENT, 1);
VALUE(JIG_PLUGIN_EVENTS_IN, 2);
VALUE(JIG_PLUGIN_EVENTS_OUT, 4);
VALUE(JIG_PLUGIN_INPLACE_OK, 8);
VALUE(JIG_PLUGIN_SPLIT_AT_PARAMS, 16);
VALUE(JIG_PLUGIN_SPLIT_AT_NOTES, 32);
VALUE(JIG_PLUGIN_RT_CARRY, 64);
VALUE(JIG_PLUGIN_OFFLINE_ONLY, 128);
