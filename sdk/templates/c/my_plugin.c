/* My plugin: an effect against the C ABI alone. Save and build while it plays: the new code is
 * heard at once. */
#include <jig/plugin.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { DRIVE, PARAM_COUNT };

struct jig_instance {
    bool fresh;  /* no block since activate or reset: jump to the first value */
    float gain;  /* on its way to what DRIVE says */
    float speed; /* the part of the way that it goes in a frame */
};

/* [main] */
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

/* [audio] */
static void reset(jig_instance* self) {
    self->fresh = true;
}

/* [main] The place to allocate: rate, channels and the largest block are known. */
static jig_status activate(jig_instance* self, const jig_config* config) {
    const double smoothing_s = 0.005;
    self->speed = (float)(1.0 - exp(-1.0 / (smoothing_s * config->rate_hz)));
    reset(self);
    return JIG_OK;
}

static void deactivate(jig_instance* self) {
    (void)self;
}

/* [audio] No allocation, no lock, no system call. */
static jig_status process(jig_instance* self, const jig_block* block) {
    const float target = powf(10.0f, block->params[DRIVE] / 20.0f);
    if (self->fresh) {
        self->fresh = false;
        self->gain = target;
    }
    for (uint32_t i = 0; i < block->frames; ++i) {
        self->gain += self->speed * (target - self->gain);
        for (uint32_t c = 0; c < block->out[0].channel_count; ++c) {
            block->out[0].channels[c][i] = tanhf(self->gain * block->in[0].channels[c][i]);
        }
    }
    return JIG_OK;
}

static const jig_param params[PARAM_COUNT] = {
    [DRIVE] =
        {
            .id = "drive", /* what the parameter is, for ever; all else may change */
            .name = "Drive",
            .group = "",
            .unit = "dB",
            .doc = "",
            .min = 0.0,
            .max = 36.0,
            .def = 12.0,
            .curve = JIG_CURVE_DB,
        },
};

static const jig_bus buses[] = {
    {"in", "Input", JIG_BUS_IN | JIG_BUS_MAIN, 1, 32, 2},
    {"out", "Output", JIG_BUS_OUT | JIG_BUS_MAIN | JIG_BUS_MATCH_MAIN_IN, 1, 32, 2},
};

static const jig_plugin plugin = {
    .struct_size = sizeof(jig_plugin),
    .flags = JIG_PLUGIN_INPLACE_OK | JIG_PLUGIN_SPLIT_AT_PARAMS,
    .id = "org.example.my_plugin",
    .name = "My plugin",
    .vendor = "Example",
    .version = "0.1",
    .doc = "",
    .buses = {sizeof buses / sizeof buses[0], sizeof buses[0], buses},
    .params = {PARAM_COUNT, sizeof params[0], params},
    .create = create,
    .destroy = destroy,
    .activate = activate,
    .deactivate = deactivate,
    .reset = reset,
    .process = process,
};

static const jig_plugin* const plugins[] = {&plugin};

static const jig_entry entry = {
    .struct_size = sizeof(jig_entry),
    .major = JIG_ABI_MAJOR,
    .minor = JIG_ABI_MINOR,
    .sdk = "",
    .toolchain = "",
    .build_id = "",
    .plugins = plugins,
    .plugin_count = 1,
};

JIG_EXPORT const jig_entry* jig_entry_v1(void);
const jig_entry* jig_entry_v1(void) {
    return &entry;
}
