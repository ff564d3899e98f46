//! jig/plugin.h in Rust: the same structs, byte by byte (layout_test.rs holds them to it), and no more.
//!
//! The header says what each field is, and who calls what on which thread. Long, because whoever has
//! this file has all of the ABI.
#![allow(dead_code)] // the whole ABI, whatever this plugin uses of it

use std::os::raw::{c_char, c_void};

pub const ABI_MAJOR: u16 = 1;
pub const ABI_MINOR: u16 = 0;

pub type Status = i32;
pub const OK: Status = 0;
pub const SILENT: Status = 1;
pub const TAIL: Status = 2;
pub const ERROR_NOMEM: Status = -1;
pub const ERROR_ARG: Status = -2;
pub const ERROR_UNSUPPORTED: Status = -3;
pub const ERROR_BADSTATE: Status = -4;
pub const ERROR_EXCEPTION: Status = -5;

/// Strings are UTF-8, zero-terminated, and live as long as the library: write `text("Gain\0")`.
pub type Text = *const c_char;

pub const fn text(zero_terminated: &'static str) -> Text {
    assert!(
        zero_terminated.as_bytes()[zero_terminated.len() - 1] == 0,
        "end it with \\0"
    );
    zero_terminated.as_ptr() as Text
}

#[repr(C)]
pub struct Array {
    pub count: u32,
    pub stride: u32,
    pub items: *const c_void,
}

impl Array {
    pub const EMPTY: Array = Array {
        count: 0,
        stride: 0,
        items: std::ptr::null(),
    };

    pub const fn of<T>(items: &'static [T]) -> Array {
        Array {
            count: items.len() as u32,
            stride: std::mem::size_of::<T>() as u32,
            items: items.as_ptr() as *const c_void,
        }
    }
}

pub const BUS_IN: u32 = 1 << 0;
pub const BUS_OUT: u32 = 1 << 1;
pub const BUS_MAIN: u32 = 1 << 2;
pub const BUS_SIDECHAIN: u32 = 1 << 3;
pub const BUS_OPTIONAL: u32 = 1 << 4;
pub const BUS_MATCH_MAIN_IN: u32 = 1 << 5;

#[repr(C)]
pub struct Bus {
    pub id: Text,
    pub name: Text,
    pub flags: u32,
    pub min_channels: u32,
    pub max_channels: u32,
    pub def_channels: u32,
}

pub const CURVE_LIN: u32 = 0;
pub const CURVE_LOG: u32 = 1;
pub const CURVE_SKEW: u32 = 2;
pub const CURVE_DB: u32 = 3;

pub const PARAM_STEPPED: u32 = 1 << 0;
pub const PARAM_ENUM: u32 = 1 << 1;
pub const PARAM_TOGGLE: u32 = 1 << 2;
pub const PARAM_TRIGGER: u32 = 1 << 3;
pub const PARAM_OUTPUT: u32 = 1 << 4;
pub const PARAM_HIDDEN: u32 = 1 << 5;
pub const PARAM_BYPASS: u32 = 1 << 6;
pub const PARAM_PERIODIC: u32 = 1 << 7;
pub const PARAM_RESTART: u32 = 1 << 8;

pub const SMOOTH_NONE: u32 = 0;
pub const SMOOTH_LINEAR: u32 = 1;
pub const SMOOTH_EXP: u32 = 2;

#[repr(C)]
pub struct Param {
    pub id: Text,
    pub formerly: Text,
    pub name: Text,
    pub group: Text,
    pub unit: Text,
    pub doc: Text,
    pub min: f64,
    pub max: f64,
    pub def: f64,
    pub step: f64,
    pub curve: u32,
    pub curve_arg: f32,
    pub flags: u32,
    pub label_count: u32,
    pub labels: *const Text,
    pub smooth_kind: u32,
    pub smooth_ms: f32,
    pub midi_cc: i32,
    pub reserved: u32,
}

impl Param {
    /// For what a plugin does not say: `Param { id: …, ..Param::DEFAULT }`.
    pub const DEFAULT: Param = Param {
        id: std::ptr::null(),
        formerly: std::ptr::null(),
        name: text("\0"),
        group: text("\0"),
        unit: text("\0"),
        doc: text("\0"),
        min: 0.0,
        max: 1.0,
        def: 0.0,
        step: 0.0,
        curve: CURVE_LIN,
        curve_arg: 0.0,
        flags: 0,
        label_count: 0,
        labels: std::ptr::null(),
        smooth_kind: SMOOTH_NONE,
        smooth_ms: 0.0,
        midi_cc: -1,
        reserved: 0,
    };
}

pub const TAP_VALUE: u32 = 0;
pub const TAP_AUDIO: u32 = 1;

pub const VIEW_AUTO: u32 = 0;
pub const VIEW_SCOPE: u32 = 1;
pub const VIEW_METER: u32 = 2;
pub const VIEW_REDUCTION: u32 = 3;
pub const VIEW_NUMBER: u32 = 4;

#[repr(C)]
pub struct Tap {
    pub id: Text,
    pub name: Text,
    pub unit: Text,
    pub kind: u32,
    pub view: u32,
    pub min: f32,
    pub max: f32,
}

#[repr(C)]
pub struct PresetValue {
    pub param: Text,
    pub value: f64,
}

#[repr(C)]
pub struct Preset {
    pub name: Text,
    pub doc: Text,
    pub values: *const PresetValue,
    pub value_count: u32,
    pub reserved: u32,
}

pub const EVENT_PARAM: u16 = 1;
pub const EVENT_TRIGGER: u16 = 2;
pub const EVENT_NOTE_ON: u16 = 3;
pub const EVENT_NOTE_OFF: u16 = 4;
pub const EVENT_NOTE_CHOKE: u16 = 5;
pub const EVENT_NOTE_EXPRESSION: u16 = 6;
pub const EVENT_MIDI: u16 = 7;
pub const EVENT_SYSEX: u16 = 8;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct EventParam {
    pub value: f32,
    pub index: u32,
    pub ramp_frames: u32,
    pub voice: i32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct EventNote {
    pub voice: i32,
    pub channel: i16,
    pub key: i16,
    pub velocity: f32,
    pub detune_semitones: f32,
    pub expression: f32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct EventSysex {
    pub bytes: *const u8,
    pub size: u32,
}

#[repr(C)]
pub union EventData {
    pub param: EventParam,
    pub note: EventNote,
    pub midi: [u8; 4],
    pub sysex: EventSysex,
    pub raw: [u64; 3],
}

#[repr(C)]
pub struct Event {
    pub frame: u32,
    pub type_: u16,
    pub port: u8,
    pub flags: u8,
    pub u: EventData,
}

pub const TRANSPORT_TEMPO: u32 = 1 << 0;
pub const TRANSPORT_BEATS: u32 = 1 << 1;
pub const TRANSPORT_BARS: u32 = 1 << 2;
pub const TRANSPORT_SECONDS: u32 = 1 << 3;
pub const TRANSPORT_SIGNATURE: u32 = 1 << 4;
pub const TRANSPORT_LOOP: u32 = 1 << 5;

#[repr(C)]
pub struct Transport {
    pub struct_size: u32,
    pub valid: u32,
    pub bpm: f64,
    pub beat: f64,
    pub bar_start: f64,
    pub bar: i32,
    pub playing: u8,
    pub recording: u8,
    pub looping: u8,
    pub reserved: u8,
    pub loop_start_beat: f64,
    pub loop_end_beat: f64,
    pub seconds: f64,
    pub signature_num: u16,
    pub signature_den: u16,
    pub reserved2: u32,
}

#[repr(C)]
pub struct AudioIn {
    pub channels: *const *const f32,
    pub channel_count: u32,
    pub flags: u32,
    pub silent_mask: u64,
}

#[repr(C)]
pub struct AudioOut {
    pub channels: *const *mut f32,
    pub channel_count: u32,
    pub flags: u32,
    pub silent_mask: u64,
}

pub const BLOCK_DISCONTINUITY: u32 = 1 << 0;
pub const BLOCK_CATCHUP: u32 = 1 << 1;
pub const BLOCK_FREEWHEEL: u32 = 1 << 2;
pub const BLOCK_PREROLL: u32 = 1 << 3;

#[repr(C)]
pub struct Block {
    pub struct_size: u32,
    pub flags: u32,
    pub frames: u32,
    pub reserved: u32,
    pub frame: u64,
    pub in_: *const AudioIn,
    pub out: *mut AudioOut,
    pub in_count: u32,
    pub out_count: u32,
    pub params: *const f32,
    pub out_params: *mut f32,
    pub events: *const Event,
    pub transport: *const Transport,
    pub taps: *const *mut f32,
    pub event_count: u32,
    pub tap_count: u32,
}

pub const MODE_REALTIME: u32 = 0;
pub const MODE_OFFLINE: u32 = 1;

#[repr(C)]
pub struct Config {
    pub struct_size: u32,
    pub max_frames: u32,
    pub rate_hz: f64,
    pub mode: u32,
    pub in_bus_count: u32,
    pub out_bus_count: u32,
    pub reserved: u32,
    pub in_channels: *const u32,
    pub out_channels: *const u32,
}

pub const LOG_DEBUG: u32 = 0;
pub const LOG_INFO: u32 = 1;
pub const LOG_WARN: u32 = 2;
pub const LOG_ERROR: u32 = 3;

#[repr(C)]
pub struct LogSite {
    pub format: Text,
    pub file: Text,
    pub line: u32,
    pub level: u32,
}

pub const REQUEST_LATENCY_CHANGED: u32 = 1;
pub const REQUEST_RESTART: u32 = 2;
pub const REQUEST_STATE_DIRTY: u32 = 3;

#[repr(C)]
pub struct Host {
    pub struct_size: u32,
    pub reserved: u32,
    pub name: Text,
    pub version: Text,
    pub ctx: *mut c_void,
    pub log: unsafe extern "C" fn(*mut c_void, *const LogSite, *const u64, u32),
    pub emit: unsafe extern "C" fn(*mut c_void, *const Event) -> Status,
    pub tap_push: unsafe extern "C" fn(*mut c_void, u32, *const f32, u32) -> Status,
    pub request: unsafe extern "C" fn(*mut c_void, u32, u64),
    pub ext: unsafe extern "C" fn(*mut c_void, Text) -> *const c_void,
}

pub const STATE_PROJECT: u32 = 0;
pub const STATE_CARRY: u32 = 1;

#[repr(C)]
pub struct Sink {
    pub ctx: *mut c_void,
    pub write: unsafe extern "C" fn(*mut c_void, *const c_void, usize) -> Status,
}

pub const PLUGIN_INSTRUMENT: u32 = 1 << 0;
pub const PLUGIN_EVENTS_IN: u32 = 1 << 1;
pub const PLUGIN_EVENTS_OUT: u32 = 1 << 2;
pub const PLUGIN_INPLACE_OK: u32 = 1 << 3;
pub const PLUGIN_SPLIT_AT_PARAMS: u32 = 1 << 4;
pub const PLUGIN_SPLIT_AT_NOTES: u32 = 1 << 5;
pub const PLUGIN_RT_CARRY: u32 = 1 << 6;
pub const PLUGIN_OFFLINE_ONLY: u32 = 1 << 7;

/// What the host holds of an instance: a pointer that only the plugin looks behind.
pub type Instance = *mut c_void;

type StateSave = unsafe extern "C" fn(Instance, u32, *mut u64, *const Sink) -> Status;
type StateLoad = unsafe extern "C" fn(Instance, u32, u64, *const c_void, usize) -> Status;
type ParamToText = unsafe extern "C" fn(Instance, u32, f64, *mut c_char, usize) -> Status;
type ParamFromText = unsafe extern "C" fn(Instance, u32, Text, *mut f64) -> Status;

#[repr(C)]
pub struct Plugin {
    pub struct_size: u32,
    pub flags: u32,
    pub id: Text,
    pub name: Text,
    pub vendor: Text,
    pub version: Text,
    pub doc: Text,
    pub buses: Array,
    pub params: Array,
    pub taps: Array,
    pub create: unsafe extern "C" fn(*const Plugin, *const Host, *mut c_char, usize) -> Instance,
    pub destroy: unsafe extern "C" fn(Instance),
    pub activate: unsafe extern "C" fn(Instance, *const Config) -> Status,
    pub deactivate: unsafe extern "C" fn(Instance),
    pub reset: unsafe extern "C" fn(Instance),
    pub process: unsafe extern "C" fn(Instance, *const Block) -> Status,
    pub latency: Option<unsafe extern "C" fn(Instance) -> u32>,
    pub tail: Option<unsafe extern "C" fn(Instance) -> u32>,
    pub state_save: Option<StateSave>,
    pub state_load: Option<StateLoad>,
    pub carry_bytes: Option<unsafe extern "C" fn(Instance) -> usize>,
    pub param_to_text: Option<ParamToText>,
    pub param_from_text: Option<ParamFromText>,
    pub ext: Option<unsafe extern "C" fn(Instance, Text) -> *const c_void>,
    pub presets: Array,
}

#[repr(C)]
pub struct Entry {
    pub struct_size: u32,
    pub major: u16,
    pub minor: u16,
    pub min_host_minor: u16,
    pub reserved: u16,
    pub flags: u32,
    pub sdk: Text,
    pub toolchain: Text,
    pub build_id: Text,
    pub plugins: *const &'static Plugin,
    pub plugin_count: u32,
    pub reserved2: u32,
}

// Descriptors are constant data: any thread may read what their pointers point at.
unsafe impl Sync for Bus {}
unsafe impl Sync for Param {}
unsafe impl Sync for Tap {}
unsafe impl Sync for PresetValue {}
unsafe impl Sync for Preset {}
unsafe impl Sync for Plugin {}
unsafe impl Sync for Entry {}
