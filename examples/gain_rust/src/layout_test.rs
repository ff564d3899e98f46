//! abi.rs against tests/abi/layout.c, which C compilers hold against plugin.h: no struct, field or
//! constant of the one may be missing, or be different, in the other.

use super::abi::*;
use std::collections::BTreeMap;
use std::mem::{size_of, MaybeUninit};
use std::ptr::addr_of;

/// "JIG_OK" → value, "jig_event" → size, "jig_event.u.param.value" → offset.
type Layout = BTreeMap<String, i64>;

const C_LAYOUT: &str = include_str!("../../../tests/abi/layout.c");

fn layout_in_c() -> Layout {
    let mut layout = Layout::new();
    let mut wrong = false; // a line that is there to show that it is refused
    for line in C_LAYOUT.lines() {
        match line.split_once(|c: char| !c.is_ascii_uppercase()) {
            _ if line.starts_with('#') => wrong = line == "#ifdef JIG_LAYOUT_WRONG",
            Some(("SIZE" | "OFFSET" | "VALUE", rest)) if !wrong => {
                let words: Vec<_> = rest.trim_end_matches(");").split(", ").collect();
                let (number, name) = words.split_last().unwrap();
                layout.insert(name.join("."), number.parse().unwrap());
            }
            _ => {}
        }
    }
    layout
}

macro_rules! constants {
    ($layout:ident, $($name:ident)*) => {
        $($layout.insert(concat!("JIG_", stringify!($name)).to_string(), i64::from($name));)*
    };
}

/// Fields whose C name is a word of Rust's have a _ at the end.
macro_rules! fields {
    ($layout:ident, $c_name:ident = $name:ident: $($($part:ident).+)*) => {
        let c_name = stringify!($c_name);
        $layout.insert(c_name.to_string(), size_of::<$name>() as i64);
        $({
            let place = MaybeUninit::<$name>::uninit();
            let base = place.as_ptr();
            let field = unsafe { addr_of!((*base).$($part).+) };
            let path = [$(stringify!($part).trim_end_matches('_')),+].join(".");
            $layout.insert(format!("{c_name}.{path}"), field as i64 - base as i64);
        })*
    };
}

fn constants_in_rust(layout: &mut Layout) {
    constants!(layout, OK SILENT TAIL ERROR_NOMEM ERROR_ARG ERROR_UNSUPPORTED ERROR_BADSTATE
        ERROR_EXCEPTION);
    constants!(layout, BUS_IN BUS_OUT BUS_MAIN BUS_SIDECHAIN BUS_OPTIONAL BUS_MATCH_MAIN_IN);
    constants!(layout, CURVE_LIN CURVE_LOG CURVE_SKEW CURVE_DB);
    constants!(layout, PARAM_STEPPED PARAM_ENUM PARAM_TOGGLE PARAM_TRIGGER PARAM_OUTPUT
        PARAM_HIDDEN PARAM_BYPASS PARAM_PERIODIC PARAM_RESTART);
    constants!(layout, SMOOTH_NONE SMOOTH_LINEAR SMOOTH_EXP);
    constants!(layout, TAP_VALUE TAP_AUDIO);
    constants!(layout, VIEW_AUTO VIEW_SCOPE VIEW_METER VIEW_REDUCTION VIEW_NUMBER);
    constants!(layout, EVENT_PARAM EVENT_TRIGGER EVENT_NOTE_ON EVENT_NOTE_OFF EVENT_NOTE_CHOKE
        EVENT_NOTE_EXPRESSION EVENT_MIDI EVENT_SYSEX);
    constants!(layout, TRANSPORT_TEMPO TRANSPORT_BEATS TRANSPORT_BARS TRANSPORT_SECONDS
        TRANSPORT_SIGNATURE TRANSPORT_LOOP);
    constants!(layout, BLOCK_DISCONTINUITY BLOCK_CATCHUP BLOCK_FREEWHEEL BLOCK_PREROLL);
    constants!(layout, MODE_REALTIME MODE_OFFLINE);
    constants!(layout, LOG_DEBUG LOG_INFO LOG_WARN LOG_ERROR);
    constants!(layout, REQUEST_LATENCY_CHANGED REQUEST_RESTART REQUEST_STATE_DIRTY);
    constants!(layout, STATE_PROJECT STATE_CARRY);
    constants!(layout, PLUGIN_INSTRUMENT PLUGIN_EVENTS_IN PLUGIN_EVENTS_OUT PLUGIN_INPLACE_OK
        PLUGIN_SPLIT_AT_PARAMS PLUGIN_SPLIT_AT_NOTES PLUGIN_RT_CARRY PLUGIN_OFFLINE_ONLY);
}

fn structs_in_rust(layout: &mut Layout) {
    fields!(layout, jig_array = Array: count stride items);
    fields!(layout, jig_bus = Bus: id name flags min_channels max_channels def_channels);
    fields!(layout, jig_param = Param: id formerly name group unit doc min max def step curve
        curve_arg flags label_count labels smooth_kind smooth_ms midi_cc reserved);
    fields!(layout, jig_tap = Tap: id name unit kind view min max);
    fields!(layout, jig_preset_value = PresetValue: param value);
    fields!(layout, jig_preset = Preset: name doc values value_count reserved);
    fields!(layout, jig_event = Event: frame type_ port flags u
        u.param u.param.value u.param.index u.param.ramp_frames u.param.voice
        u.note u.note.voice u.note.channel u.note.key u.note.velocity u.note.detune_semitones
        u.note.expression u.midi u.sysex u.sysex.bytes u.sysex.size u.raw);
    fields!(layout, jig_transport = Transport: struct_size valid bpm beat bar_start bar playing
        recording looping reserved loop_start_beat loop_end_beat seconds signature_num
        signature_den reserved2);
    fields!(layout, jig_audio_in = AudioIn: channels channel_count flags silent_mask);
    fields!(layout, jig_audio_out = AudioOut: channels channel_count flags silent_mask);
    fields!(layout, jig_block = Block: struct_size flags frames reserved frame in_ out in_count
        out_count params out_params events transport taps event_count tap_count);
    fields!(layout, jig_config = Config: struct_size max_frames rate_hz mode in_bus_count
        out_bus_count reserved in_channels out_channels);
    fields!(layout, jig_log_site = LogSite: format file line level);
    fields!(layout, jig_host = Host: struct_size reserved name version ctx log emit tap_push
        request ext);
    fields!(layout, jig_sink = Sink: ctx write);
    fields!(layout, jig_plugin = Plugin: struct_size flags id name vendor version doc buses params
        taps create destroy activate deactivate reset process latency tail state_save state_load
        carry_bytes param_to_text param_from_text ext presets);
    fields!(layout, jig_entry = Entry: struct_size major minor min_host_minor reserved flags sdk
        toolchain build_id plugins plugin_count reserved2);
}

#[test]
fn is_the_c_header_byte_by_byte() {
    let in_c = layout_in_c();
    assert!(in_c.len() > 200, "layout.c is no longer read: {in_c:?}");
    let mut in_rust = Layout::new();
    constants_in_rust(&mut in_rust);
    structs_in_rust(&mut in_rust);
    let different = |name: &&String| in_c.get(*name) != in_rust.get(*name);
    let names: Vec<_> = in_c
        .keys()
        .chain(in_rust.keys())
        .filter(different)
        .collect();
    assert!(names.is_empty(), "differs from plugin.h: {names:?}");
}
