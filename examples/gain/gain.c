/* gain - the C ABI in one file: a volume control, without the SDK.
 *
 * What every plugin has, from bottom to top: jig_entry_v1, the one symbol that the host looks up;
 * the entry, which lists the plugins of the library; the plugin, a table of functions with its
 * static descriptors; the parameters and buses; and an instance, of which there may be many at a
 * time. At 0 dB what goes in comes out, bit for bit.
 */
#include <jig/plugin.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { PARAM_GAIN, PARAM_COUNT };

/* A changed gain gets there in a straight line of this length: a jump would click. */
static const double smoothing_s = 0.010;

/* ---- The instance: whatever one copy of the plugin needs to remember ---- */

struct jig_instance {
    uint32_t ramp_frames; /* smoothing_s at the present rate */
    bool fresh;           /* no block since activate or reset: jump to the first value */
    float gain_db;        /* the parameter as it came last */
    float target;         /* the same as a factor */
    float step;           /* how much a frame moves … */
    uint32_t remaining;   /* … and for how many frames; 0: the gain is exactly the target */
};

/* [main] Nothing about sound is known yet: only make the object. */
static jig_instance* create(const jig_plugin* plugin, const jig_host* host, char* err, size_t cap) {
    (void)plugin;
    (void)host;
    jig_instance* self = calloc(1, sizeof *self);
    if (self == NULL) {
        snprintf(err, cap, "out of memory");
    }
    return self;
}

static void destroy(jig_instance* self) {
    free(self);
}

/* [audio] As just after activate. */
static void reset(jig_instance* self) {
    self->fresh = true;
}

/* [main] Now rate and channels are known. This is the place to allocate delay lines and the like.
 */
static jig_status activate(jig_instance* self, const jig_config* config) {
    self->ramp_frames = (uint32_t)lround(smoothing_s * config->rate_hz);
    reset(self);
    return JIG_OK;
}

static void deactivate(jig_instance* self) {
    (void)self;
}

static float factor_of(float db) {
    return powf(10.0f, db / 20.0f);
}

/* The gain a number of frames before it arrives: a function of that number alone, so that it does
 * not depend on how the host cuts its blocks, and ends exactly on the target. */
static float gain_before(const jig_instance* self, uint32_t frames) {
    return frames == 0 ? self->target : self->target - self->step * (float)frames;
}

/* Parameters are plain values (here dB) that hold from the block's first frame on. */
static void take_gain(jig_instance* self, float db) {
    if (self->fresh) {
        self->fresh = false;
        self->gain_db = db;
        self->target = factor_of(db);
        self->remaining = 0;
    } else if (db != self->gain_db) {
        const float now = gain_before(self, self->remaining);
        self->gain_db = db;
        self->target = factor_of(db);
        self->remaining = self->ramp_frames;
        self->step =
            self->ramp_frames == 0 ? 0.0f : (self->target - now) / (float)self->ramp_frames;
    }
}

/* [audio] No allocation, no lock, no system call. Every output sample is written. Buffers are
 * planar: one array a channel. in[c] and out[c] may be the same array, because we said INPLACE_OK.
 */
static jig_status process(jig_instance* self, const jig_block* block) {
    take_gain(self, block->params[PARAM_GAIN]);
    const jig_audio_in* in = &block->in[0];
    const jig_audio_out* out = &block->out[0];
    for (uint32_t i = 0; i < block->frames; ++i) {
        if (self->remaining > 0) {
            --self->remaining;
        }
        const float gain = gain_before(self, self->remaining);
        for (uint32_t c = 0; c < out->channel_count; ++c) {
            out->channels[c][i] = in->channels[c][i] * gain;
        }
    }
    return JIG_OK;
}

/* ---- Descriptors: constant data that the host reads without making an instance ---- */

static const jig_param params[PARAM_COUNT] = {
    [PARAM_GAIN] =
        {
            .id = "gain", /* what the parameter is, for ever; all else may change */
            .name = "Gain",
            .group = "",
            .unit = "dB",
            .doc = "How much louder the output is than the input.",
            .min = -60.0,
            .max = 24.0,
            .def = 0.0,
            .curve = JIG_CURVE_DB,
            .smooth_kind = JIG_SMOOTH_LINEAR,
            .smooth_ms = 10.0f,
            .midi_cc = 7,
        },
};

static const jig_bus buses[] = {
    {"in", "Input", JIG_BUS_IN | JIG_BUS_MAIN, 1, 32, 2},
    {"out", "Output", JIG_BUS_OUT | JIG_BUS_MAIN | JIG_BUS_MATCH_MAIN_IN, 1, 32, 2},
};

/* Slots that are not named are NULL: no latency, no tail, no state of its own. */
static const jig_plugin gain = {
    .struct_size = sizeof(jig_plugin),
    /* With SPLIT_AT_PARAMS the host begins a new block where a timed parameter change falls, so
     * that we need not look at events at all. */
    .flags = JIG_PLUGIN_INPLACE_OK | JIG_PLUGIN_SPLIT_AT_PARAMS,
    .id = "dev.jig.gain",
    .name = "Gain",
    .vendor = "Jig",
    .version = "1.0",
    .doc = "A volume control, written against the C ABI alone.",
    .buses = {sizeof buses / sizeof buses[0], sizeof buses[0], buses},
    .params = {PARAM_COUNT, sizeof params[0], params},
    .create = create,
    .destroy = destroy,
    .activate = activate,
    .deactivate = deactivate,
    .reset = reset,
    .process = process,
};

static const jig_plugin* const plugins[] = {&gain};

static const jig_entry entry = {
    .struct_size = sizeof(jig_entry),
    .major = JIG_ABI_MAJOR,
    .minor = JIG_ABI_MINOR,
    .sdk = "",
    .toolchain = "",
    .build_id = "",
    .plugins = plugins,
    .plugin_count = sizeof plugins / sizeof plugins[0],
};

JIG_EXPORT const jig_entry* jig_entry_v1(void);
const jig_entry* jig_entry_v1(void) {
    return &entry;
}
