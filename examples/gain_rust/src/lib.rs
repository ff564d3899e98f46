//! gain_rust - ../gain/gain.c in Rust: the same samples bit for bit, without a crate.
//!
//! What is particular to Rust: abi.rs is the C header; the instance is a Box that the host holds as
//! a raw pointer; a panic ends the process (Cargo.toml says why).

mod abi;
#[cfg(test)]
mod layout_test;

use abi::*;
use std::os::raw::c_char;

/// A changed gain gets there in a straight line of this length: a jump would click.
const SMOOTHING_S: f64 = 0.010;

// ---- The instance: whatever one copy of the plugin needs to remember ----

struct Gain {
    ramp_frames: u32, // SMOOTHING_S at the present rate
    fresh: bool,      // no block since activate or reset: jump to the first value
    gain_db: f32,     // the parameter as it came last
    target: f32,      // the same as a factor
    step: f32,        // how much a frame moves …
    remaining: u32,   // … and for how many frames; 0: the gain is exactly the target
}

impl Gain {
    /// The gain a number of frames before it arrives: a function of that number alone, so that it
    /// does not depend on how the host cuts its blocks, and ends exactly on the target.
    fn before(&self, frames: u32) -> f32 {
        match frames {
            0 => self.target,
            _ => self.target - self.step * frames as f32,
        }
    }

    /// The plain value (here dB) that holds from the block's first frame on.
    fn take(&mut self, db: f32) {
        if self.fresh {
            self.fresh = false;
            self.gain_db = db;
            self.target = factor_of(db);
            self.remaining = 0;
        } else if db != self.gain_db {
            let now = self.before(self.remaining);
            self.gain_db = db;
            self.target = factor_of(db);
            self.remaining = self.ramp_frames;
            self.step = match self.ramp_frames {
                0 => 0.0,
                frames => (self.target - now) / frames as f32,
            };
        }
    }

    fn next(&mut self) -> f32 {
        self.remaining = self.remaining.saturating_sub(1);
        self.before(self.remaining)
    }
}

fn factor_of(db: f32) -> f32 {
    10.0f32.powf(db / 20.0)
}

// ---- What the host calls; plugin.h says when, and that the pointers are good ----

unsafe fn gain<'a>(instance: Instance) -> &'a mut Gain {
    &mut *(instance as *mut Gain)
}

unsafe extern "C" fn create(
    _: *const Plugin,
    _: *const Host,
    _: *mut c_char,
    _: usize,
) -> Instance {
    Box::into_raw(Box::new(Gain {
        ramp_frames: 0,
        fresh: true,
        gain_db: 0.0,
        target: 1.0,
        step: 0.0,
        remaining: 0,
    })) as Instance
}

unsafe extern "C" fn destroy(instance: Instance) {
    drop(Box::from_raw(instance as *mut Gain));
}

unsafe extern "C" fn activate(instance: Instance, config: *const Config) -> Status {
    gain(instance).ramp_frames = (SMOOTHING_S * (*config).rate_hz).round() as u32;
    reset(instance);
    OK
}

unsafe extern "C" fn deactivate(_: Instance) {}

unsafe extern "C" fn reset(instance: Instance) {
    gain(instance).fresh = true;
}

/// Buffers stay raw pointers: with INPLACE_OK in[c] and out[c] may be the same array, which two
/// slices must never be.
unsafe extern "C" fn process(instance: Instance, block: *const Block) -> Status {
    let block = &*block;
    let gain = gain(instance);
    gain.take(*block.params);
    let (input, output) = (&*block.in_, &*block.out);
    for i in 0..block.frames as usize {
        let factor = gain.next();
        for c in 0..output.channel_count as usize {
            *(*output.channels.add(c)).add(i) = *(*input.channels.add(c)).add(i) * factor;
        }
    }
    OK
}

// ---- Descriptors: constant data that the host reads without making an instance ----

static PARAMS: [Param; 1] = [Param {
    id: text("gain\0"),
    name: text("Gain\0"),
    unit: text("dB\0"),
    doc: text("How much louder the output is than the input.\0"),
    min: -60.0,
    max: 24.0,
    def: 0.0,
    curve: CURVE_DB,
    smooth_kind: SMOOTH_LINEAR,
    smooth_ms: 10.0,
    midi_cc: 7,
    ..Param::DEFAULT
}];

static BUSES: [Bus; 2] = [
    Bus {
        id: text("in\0"),
        name: text("Input\0"),
        flags: BUS_IN | BUS_MAIN,
        min_channels: 1,
        max_channels: 32,
        def_channels: 2,
    },
    Bus {
        id: text("out\0"),
        name: text("Output\0"),
        flags: BUS_OUT | BUS_MAIN | BUS_MATCH_MAIN_IN,
        min_channels: 1,
        max_channels: 32,
        def_channels: 2,
    },
];

static PLUGIN: Plugin = Plugin {
    struct_size: std::mem::size_of::<Plugin>() as u32,
    flags: PLUGIN_INPLACE_OK | PLUGIN_SPLIT_AT_PARAMS,
    id: text("dev.jig.gain-rust\0"),
    name: text("Gain in Rust\0"),
    vendor: text("Jig\0"),
    version: text("1.0\0"),
    doc: text("A volume control, written in Rust against the C ABI alone.\0"),
    buses: Array::of(&BUSES),
    params: Array::of(&PARAMS),
    taps: Array::EMPTY,
    create,
    destroy,
    activate,
    deactivate,
    reset,
    process,
    latency: None,
    tail: None,
    state_save: None,
    state_load: None,
    carry_bytes: None,
    param_to_text: None,
    param_from_text: None,
    ext: None,
    presets: Array::EMPTY,
};

static PLUGINS: [&Plugin; 1] = [&PLUGIN];

static ENTRY: Entry = Entry {
    struct_size: std::mem::size_of::<Entry>() as u32,
    major: ABI_MAJOR,
    minor: ABI_MINOR,
    min_host_minor: 0,
    reserved: 0,
    flags: 0,
    sdk: text("\0"),
    toolchain: text("\0"),
    build_id: text("\0"),
    plugins: PLUGINS.as_ptr(),
    plugin_count: PLUGINS.len() as u32,
    reserved2: 0,
};

/// The one symbol that the library exports.
#[no_mangle]
pub extern "C" fn jig_entry_v1() -> &'static Entry {
    &ENTRY
}
