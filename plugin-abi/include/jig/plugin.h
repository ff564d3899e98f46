/* jig/plugin.h - the C ABI between a Jig host and a plugin; C11, also valid C++.
 *
 * SPDX-License-Identifier: MIT
 *
 * Long, because whoever has this file has all of the ABI.
 *
 * A plugin is a shared library that exports one function:
 *
 *     JIG_EXPORT const jig_entry* jig_entry_v1(void);
 *
 * The major version is in the symbol's name. Within a major version the ABI only grows:
 *   - every struct that may grow begins with `struct_size`, set by whoever fills the struct; fields
 *     are only appended, and a reader asks JIG_HAS(ptr, field) before it reads one that the first
 *     version did not have;
 *   - arrays of descriptors carry a `stride`, so that their elements can grow too;
 *   - enum values are pinned, flags keep their bits, events stay 32 bytes;
 *   - a receiver ignores flags, event types and transport bits that it does not know.
 *
 * Tags in brackets say who calls a slot, and when:
 *   [main]   one thread that is not the audio thread; calls for one instance never overlap
 *   [audio]  the audio thread; no allocation, lock, system call or unbounded work
 *   [any]    any thread, also several at once
 *   active   between a successful activate and the following deactivate
 *
 * Nothing may throw, longjmp or exit across this boundary. Strings are UTF-8, zero-terminated,
 * never NULL unless said so, and live as long as the library is loaded.
 */
#ifndef JIG_PLUGIN_H
#define JIG_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JIG_ABI_MAJOR 1
#define JIG_ABI_MINOR 0

/** Until the first release this ABI may change in place; afterwards all above is a promise. */
#define JIG_ABI_DRAFT 1

#define JIG_ENTRY_SYMBOL "jig_entry_v1"

#if defined(__GNUC__)
#define JIG_EXPORT __attribute__((visibility("default")))
#else
#define JIG_EXPORT
#endif

/** Whether the struct at `ptr` was made by a side that knows `field`. */
#define JIG_HAS(ptr, field)                                                                        \
    ((size_t)((const char*)&(ptr)->field - (const char*)(ptr)) + sizeof((ptr)->field) <=           \
     (size_t)(ptr)->struct_size)

/** What a slot that can fail returns; negative is an error. */
typedef int32_t jig_status;
enum {
    JIG_OK = 0,
    JIG_SILENT = 1, /**< from process: every output sample of this block is zero */
    JIG_TAIL = 2,   /**< from process: the input is no longer heard, only the decay */
    JIG_ERROR_NOMEM = -1,
    JIG_ERROR_ARG = -2,
    JIG_ERROR_UNSUPPORTED = -3,
    JIG_ERROR_BADSTATE = -4,
    JIG_ERROR_EXCEPTION = -5
};

/** An array of descriptors: element i lies at (const char*)items + i * stride. */
typedef struct jig_array {
    uint32_t count;
    uint32_t stride;
    const void* items;
} jig_array;

/* ---- Descriptors: static data, readable without an instance ------------------------------- */

enum {
    JIG_BUS_IN = 1u << 0,
    JIG_BUS_OUT = 1u << 1,
    JIG_BUS_MAIN = 1u << 2,
    JIG_BUS_SIDECHAIN = 1u << 3,
    JIG_BUS_OPTIONAL = 1u << 4,     /**< may be configured with 0 channels */
    JIG_BUS_MATCH_MAIN_IN = 1u << 5 /**< has as many channels as the main input */
};

/** A group of channels that belong together. Exactly one of IN and OUT is set. */
typedef struct jig_bus {
    const char* id;
    const char* name;
    uint32_t flags;
    uint32_t min_channels;
    uint32_t max_channels;
    uint32_t def_channels;
} jig_bus;

/** How a control's travel 0…1 maps to the parameter's plain value. */
typedef uint32_t jig_curve;
enum {
    JIG_CURVE_LIN = 0,
    JIG_CURVE_LOG = 1,  /**< min·(max/min)^t; min and max have the same sign and are not 0 */
    JIG_CURVE_SKEW = 2, /**< min + (max−min)·t^(1/curve_arg); curve_arg > 0 */
    JIG_CURVE_DB = 3    /**< the value is in dB and moves linearly; at min it may mean silence */
};

enum {
    JIG_PARAM_STEPPED = 1u << 0, /**< only min + k·step are values */
    JIG_PARAM_ENUM = 1u << 1,    /**< STEPPED by 1, one label a value */
    JIG_PARAM_TOGGLE = 1u << 2,  /**< 0 or 1 */
    JIG_PARAM_TRIGGER = 1u << 3, /**< momentary: arrives as JIG_EVENT_TRIGGER, holds no value */
    JIG_PARAM_OUTPUT = 1u << 4,  /**< written by the plugin into out_params, read by the host */
    JIG_PARAM_HIDDEN = 1u << 5,
    JIG_PARAM_BYPASS = 1u << 6,   /**< the plugin's own soft bypass */
    JIG_PARAM_PERIODIC = 1u << 7, /**< max wraps to min, as an angle does */
    JIG_PARAM_RESTART = 1u << 8   /**< a change needs deactivate and activate */
};

/** How the plugin smooths a parameter: said for display, done by the plugin. */
typedef uint32_t jig_smooth;
enum { JIG_SMOOTH_NONE = 0, JIG_SMOOTH_LINEAR = 1, JIG_SMOOTH_EXP = 2 };

/**
 * A parameter. Its identity is `id`, for ever; `formerly` lists earlier ids, separated by spaces,
 * or is NULL. Its index holds for one build only. Values are plain, in `unit` (dB stays dB).
 */
typedef struct jig_param {
    const char* id;
    const char* formerly; /**< may be NULL */
    const char* name;
    const char* group; /**< path with '/', may be "" */
    const char* unit;  /**< "dB", "Hz", "ms", "%", … or "" */
    const char* doc;   /**< may be "" */
    double min;
    double max;
    double def;
    double step; /**< 0: continuous */
    jig_curve curve;
    float curve_arg;
    uint32_t flags;
    uint32_t label_count;
    const char* const* labels; /**< label_count strings, or NULL */
    jig_smooth smooth_kind;
    float smooth_ms;
    int32_t midi_cc; /**< suggested controller 0…127, or −1 */
    uint32_t reserved;
} jig_param;

typedef uint32_t jig_tap_kind;
enum {
    JIG_TAP_VALUE = 0, /**< one value a block: t[0] */
    JIG_TAP_AUDIO = 1  /**< one value a frame: t[0] … t[frames−1] */
};

/** How a page might draw a tap. */
typedef uint32_t jig_view;
enum {
    JIG_VIEW_AUTO = 0,
    JIG_VIEW_SCOPE = 1,
    JIG_VIEW_METER = 2,
    JIG_VIEW_REDUCTION = 3, /**< a meter that grows downwards from max */
    JIG_VIEW_NUMBER = 4
};

/** A named signal that the plugin publishes for the page. */
typedef struct jig_tap {
    const char* id;
    const char* name;
    const char* unit;
    jig_tap_kind kind;
    jig_view view;
    float min;
    float max;
} jig_tap;

/** One parameter's plain value in a preset. */
typedef struct jig_preset_value {
    const char* param; /**< the parameter's id */
    double value;
} jig_preset_value;

/**
 * Values under a name. A parameter that is not listed takes its default; OUTPUT, TRIGGER and BYPASS
 * parameters stay out of it.
 */
typedef struct jig_preset {
    const char* name; /**< unique in the plugin */
    const char* doc;  /**< may be "" */
    const jig_preset_value* values;
    uint32_t value_count;
    uint32_t reserved;
} jig_preset;

/* ---- Events --------------------------------------------------------------------------------- */

typedef uint16_t jig_event_type;
enum {
    JIG_EVENT_PARAM = 1,   /**< param: the value from `frame` on */
    JIG_EVENT_TRIGGER = 2, /**< param: a TRIGGER parameter fires; value is 1 by default */
    JIG_EVENT_NOTE_ON = 3,
    JIG_EVENT_NOTE_OFF = 4,
    JIG_EVENT_NOTE_CHOKE = 5,      /**< end at once, without release */
    JIG_EVENT_NOTE_EXPRESSION = 6, /**< detune and expression of a sounding note */
    JIG_EVENT_MIDI = 7,            /**< a MIDI 1.0 channel message that is no note */
    JIG_EVENT_SYSEX = 8
};

/** Every note and every controller of `port`, or of one channel. */
#define JIG_ANY (-1)

/** Something that happens at one frame of a block; 32 bytes, frozen. */
typedef struct jig_event {
    uint32_t frame; /**< 0 … frames−1, from the start of this block; events are sorted by it */
    jig_event_type type;
    uint8_t port;
    uint8_t flags; /**< 0 */
    union {
        struct {
            float value;
            uint32_t index;
            uint32_t ramp_frames; /**< 0: at once; a plugin may treat every ramp as 0 */
            int32_t voice;        /**< JIG_ANY */
        } param;
        struct {
            int32_t voice; /**< the same for on and off of one note; JIG_ANY when not known */
            int16_t channel;
            int16_t key;    /**< 0…127, 60 = middle C; JIG_ANY in an off or choke: all */
            float velocity; /**< 0…1 */
            float detune_semitones;
            float expression; /**< 0…1 */
        } note;
        uint8_t midi[4];
        struct {
            const uint8_t* bytes; /**< valid during process */
            uint32_t size;
        } sysex;
        uint64_t raw[3];
    } u;
} jig_event;

/* ---- What process gets ---------------------------------------------------------------------- */

enum {
    JIG_TRANSPORT_TEMPO = 1u << 0,
    JIG_TRANSPORT_BEATS = 1u << 1,
    JIG_TRANSPORT_BARS = 1u << 2,
    JIG_TRANSPORT_SECONDS = 1u << 3,
    JIG_TRANSPORT_SIGNATURE = 1u << 4,
    JIG_TRANSPORT_LOOP = 1u << 5
};

/** Musical time at the first frame of the block; a field counts only if its bit is in `valid`. */
typedef struct jig_transport {
    uint32_t struct_size;
    uint32_t valid;
    double bpm;       /**< TEMPO: quarter notes a minute */
    double beat;      /**< BEATS: quarter notes since the start */
    double bar_start; /**< BARS: the beat on which the present bar began */
    int32_t bar;      /**< BARS: 0, 1, … */
    uint8_t playing;
    uint8_t recording;
    uint8_t looping;
    uint8_t reserved;
    double loop_start_beat; /**< LOOP */
    double loop_end_beat;   /**< LOOP */
    double seconds;         /**< SECONDS: position on the time line */
    uint16_t signature_num; /**< SIGNATURE */
    uint16_t signature_den; /**< SIGNATURE */
    uint32_t reserved2;
} jig_transport;

/** One input bus: `channel_count` pointers to `frames` samples each, 4-byte aligned. */
typedef struct jig_audio_in {
    const float* const* channels;
    uint32_t channel_count;
    uint32_t flags;
    uint64_t silent_mask; /**< bit c: channel c is all zeros; a clear bit says nothing */
} jig_audio_in;

/** One output bus. Every sample must be written; in dev mode unwritten ones are found (NaN). */
typedef struct jig_audio_out {
    float* const* channels;
    uint32_t channel_count;
    uint32_t flags;
    uint64_t silent_mask; /**< set by the plugin if it likes */
} jig_audio_out;

enum {
    JIG_BLOCK_DISCONTINUITY = 1u << 0, /**< frames were lost before this block (xrun, restart) */
    JIG_BLOCK_CATCHUP = 1u << 1,       /**< late: rendered faster than real time */
    JIG_BLOCK_FREEWHEEL = 1u << 2,     /**< not in real time */
    JIG_BLOCK_PREROLL = 1u << 3        /**< history is being replayed; nobody hears this block */
};

/**
 * One call of process. Inputs and outputs do not overlap unless the plugin has
 * JIG_PLUGIN_INPLACE_OK, and then channel c of an output may be channel c of the input of the same
 * bus index, no other.
 */
typedef struct jig_block {
    uint32_t struct_size;
    uint32_t flags;
    uint32_t frames;   /**< 1 … max_frames, any number, different from call to call */
    uint32_t reserved; /**< 0 */
    uint64_t frame;    /**< position of the first frame on the host's gapless time line */
    const jig_audio_in* in;
    jig_audio_out* out;
    uint32_t in_count;
    uint32_t out_count;
    const float* params; /**< by index: what is true at the first frame, plain values */
    float* out_params;   /**< by index: the plugin writes its OUTPUT parameters, leaves the rest */
    const jig_event* events; /**< sorted; PARAM only for frames after the first */
    const jig_transport* transport;
    float* const* taps; /**< by index: NULL when nobody watches; see jig_tap_kind */
    uint32_t event_count;
    uint32_t tap_count;
} jig_block;

typedef uint32_t jig_mode;
enum { JIG_MODE_REALTIME = 0, JIG_MODE_OFFLINE = 1 };

/** What activate is told. Channel counts are by bus, in descriptor order in each direction. */
typedef struct jig_config {
    uint32_t struct_size;
    uint32_t max_frames;
    double rate_hz;
    jig_mode mode;
    uint32_t in_bus_count;
    uint32_t out_bus_count;
    uint32_t reserved;
    const uint32_t* in_channels;
    const uint32_t* out_channels;
} jig_config;

/* ---- The host, as a plugin sees it ---------------------------------------------------------- */

typedef uint32_t jig_log_level;
enum { JIG_LOG_DEBUG = 0, JIG_LOG_INFO = 1, JIG_LOG_WARN = 2, JIG_LOG_ERROR = 3 };

/**
 * A place that logs: static data in the library, never a temporary. `format` is printf's, with
 * %d %i %u %x %f %g %e (each takes one argument) and %%; an integer is passed as int64_t cast to
 * uint64_t, a floating-point number as the bits of a double.
 */
typedef struct jig_log_site {
    const char* format;
    const char* file;
    uint32_t line;
    jig_log_level level;
} jig_log_site;

typedef uint32_t jig_request;
enum {
    JIG_REQUEST_LATENCY_CHANGED = 1, /**< ask latency() again */
    JIG_REQUEST_RESTART = 2,         /**< deactivate and activate, please */
    JIG_REQUEST_STATE_DIRTY = 3      /**< PROJECT state has changed */
};

/** Arguments that one log call may carry. */
#define JIG_LOG_MAX_ARGS 6

typedef struct jig_host {
    uint32_t struct_size;
    uint32_t reserved;
    const char* name;
    const char* version;
    void* ctx; /**< first argument of every slot below */
    /** [any] A line for the log: copied, formatted elsewhere, never blocks; n ≤ JIG_LOG_MAX_ARGS */
    void (*log)(void* ctx, const jig_log_site* site, const uint64_t* args, uint32_t n);
    /** [audio, inside process] Send an event out; needs EVENTS_OUT. JIG_ERROR_NOMEM: list full. */
    jig_status (*emit)(void* ctx, const jig_event* event);
    /** [audio, inside process] Publish values of a VALUE tap outside the block's grid; the last one
     *  stands. JIG_ERROR_UNSUPPORTED for an AUDIO tap, which has a value for each frame. */
    jig_status (*tap_push)(void* ctx, uint32_t tap, const float* values, uint32_t n);
    /** [any] Ask for something; answered later, or not. */
    void (*request)(void* ctx, jig_request what, uint64_t arg);
    /** [main] An optional feature by name ("jig.name/1"), or NULL. */
    const void* (*ext)(void* ctx, const char* name);
} jig_host;

/* ---- The plugin ----------------------------------------------------------------------------- */

typedef struct jig_instance jig_instance;

/** Where state_save writes to: may be called any number of times; JIG_OK or an error to stop at. */
typedef struct jig_sink {
    void* ctx;
    jig_status (*write)(void* ctx, const void* bytes, size_t size);
} jig_sink;

typedef uint32_t jig_state_kind;
enum {
    JIG_STATE_PROJECT = 0, /**< the plugin's own data, without parameters: the host keeps those */
    JIG_STATE_CARRY = 1    /**< live DSP memory for a reload, with a tag that names its layout */
};

enum {
    JIG_PLUGIN_INSTRUMENT = 1u << 0,
    JIG_PLUGIN_EVENTS_IN = 1u << 1,
    JIG_PLUGIN_EVENTS_OUT = 1u << 2,
    JIG_PLUGIN_INPLACE_OK = 1u << 3,
    JIG_PLUGIN_SPLIT_AT_PARAMS = 1u << 4, /**< the host cuts blocks at timed parameter changes */
    JIG_PLUGIN_SPLIT_AT_NOTES = 1u << 5,  /**< … and at notes, so that every event has frame 0 */
    JIG_PLUGIN_RT_CARRY = 1u << 6,        /**< state_save(CARRY) is safe on the audio thread */
    JIG_PLUGIN_OFFLINE_ONLY = 1u << 7
};

typedef struct jig_plugin jig_plugin;

/** One plugin: who it is, what it has, what it does. Slots marked "may be NULL" are optional. */
struct jig_plugin {
    uint32_t struct_size;
    uint32_t flags;
    const char* id; /**< reverse domain, unique: "org.example.echo" */
    const char* name;
    const char* vendor;
    const char* version;
    const char* doc;
    jig_array buses;  /**< of jig_bus */
    jig_array params; /**< of jig_param; ids unique */
    jig_array taps;   /**< of jig_tap; ids unique */

    /** [main] A new instance, not active; or NULL with a sentence in err (cap bytes with zero). */
    jig_instance* (*create)(const jig_plugin* plugin, const jig_host* host, char* err, size_t cap);
    /** [main, !active] */
    void (*destroy)(jig_instance* inst);
    /** [main, !active] May allocate. Parameters come with the first block; smoothers snap to it. */
    jig_status (*activate)(jig_instance* inst, const jig_config* config);
    /** [main, active] */
    void (*deactivate)(jig_instance* inst);
    /** [audio, active] Back to the state just after activate, by bounded work. */
    void (*reset)(jig_instance* inst);
    /** [audio, active] */
    jig_status (*process)(jig_instance* inst, const jig_block* block);

    /** [main, active] Frames by which the output lags. May be NULL: 0. */
    uint32_t (*latency)(jig_instance* inst);
    /** [main | audio, active] Frames that sound on after the input ends; UINT32_MAX: for ever. May
     *  be NULL: 0. */
    uint32_t (*tail)(jig_instance* inst);
    /** [main, not in process; CARRY also audio between blocks with RT_CARRY] May be NULL. */
    jig_status (*state_save)(jig_instance* inst, jig_state_kind kind, uint64_t* tag,
                             const jig_sink* sink);
    /** [main, not in process] JIG_ERROR_UNSUPPORTED: the tag is not mine; nothing changed. May be
     *  NULL. */
    jig_status (*state_load)(jig_instance* inst, jig_state_kind kind, uint64_t tag,
                             const void* bytes, size_t size);
    /** [main, active] Most bytes that state_save(CARRY) writes. May be NULL: 0. */
    size_t (*carry_bytes)(jig_instance* inst);
    /** [any] Text for a plain value, without unit unless the plugin has its own. May be NULL. */
    jig_status (*param_to_text)(jig_instance* inst, uint32_t index, double value, char* text,
                                size_t cap);
    /** [any] The plain value of a text that a person typed. May be NULL. */
    jig_status (*param_from_text)(jig_instance* inst, uint32_t index, const char* text,
                                  double* value);
    /** [main] An optional feature by name ("jig.name/1"), or NULL. May be NULL. */
    const void* (*ext)(jig_instance* inst, const char* name);

    jig_array presets; /**< of jig_preset; names unique. Ask JIG_HAS. */
};

/** What a library holds. */
typedef struct jig_entry {
    uint32_t struct_size;
    uint16_t major; /**< JIG_ABI_MAJOR at the plugin's compile time */
    uint16_t minor;
    uint16_t min_host_minor; /**< the oldest host that will do */
    uint16_t reserved;
    uint32_t flags;
    const char* sdk;       /**< "jig-sdk 0.1", "" */
    const char* toolchain; /**< "gcc 12.2", "" */
    const char* build_id;  /**< "" */
    const jig_plugin* const* plugins;
    uint32_t plugin_count;
    uint32_t reserved2;
} jig_entry;

/** The one symbol that a plugin library exports. [main] */
typedef const jig_entry* (*jig_entry_fn)(void);

#ifdef __cplusplus
}
#endif

#endif /* JIG_PLUGIN_H */
