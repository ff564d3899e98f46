/* The page's test plugin: every kind of parameter, a tap of each kind, notes that are logged, and
 * names that would run if the page took them for markup. Passes its input through at `gain` dB;
 * dies at `crash`. */
#include "jig/plugin.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct jig_instance {
    const jig_host* host;
};

enum { GAIN, BITS, ANGLE, MODE, ON, FIRE, CRASH, LEVEL, CUTOFF, IMG, SCRIPT, PARAMS };

static const char* const modes[] = {"Soft", "Hard", "<b>Fold</b>"};

static const jig_param params[PARAMS] = {
    {.id = "gain",
     .name = "Gain",
     .group = "",
     .unit = "dB",
     .doc = "How loud",
     .min = -24,
     .max = 24,
     .def = 0,
     .curve = JIG_CURVE_DB,
     .midi_cc = -1},
    {.id = "bits",
     .name = "Bits",
     .group = "",
     .unit = "bit",
     .doc = "",
     .min = 1,
     .max = 16,
     .def = 16,
     .step = 1,
     .flags = JIG_PARAM_STEPPED,
     .midi_cc = -1},
    {.id = "angle",
     .name = "Angle",
     .group = "",
     .unit = "°",
     .doc = "",
     .min = 0,
     .max = 360,
     .def = 0,
     .flags = JIG_PARAM_PERIODIC,
     .midi_cc = -1},
    {.id = "mode",
     .name = "Mode",
     .group = "",
     .unit = "",
     .doc = "",
     .min = 0,
     .max = 2,
     .def = 0,
     .step = 1,
     .flags = JIG_PARAM_STEPPED | JIG_PARAM_ENUM,
     .label_count = 3,
     .labels = modes,
     .midi_cc = -1},
    {.id = "on",
     .name = "On",
     .group = "",
     .unit = "",
     .doc = "",
     .min = 0,
     .max = 1,
     .def = 1,
     .step = 1,
     .flags = JIG_PARAM_STEPPED | JIG_PARAM_TOGGLE,
     .midi_cc = -1},
    {.id = "fire",
     .name = "Fire",
     .group = "",
     .unit = "",
     .doc = "",
     .min = 0,
     .max = 1,
     .def = 0,
     .flags = JIG_PARAM_TRIGGER,
     .midi_cc = -1},
    {.id = "crash",
     .name = "Crash",
     .group = "",
     .unit = "",
     .doc = "",
     .min = 0,
     .max = 1,
     .def = 0,
     .flags = JIG_PARAM_TRIGGER,
     .midi_cc = -1},
    {.id = "level",
     .name = "Level",
     .group = "",
     .unit = "",
     .doc = "",
     .min = 0,
     .max = 1,
     .def = 0,
     .flags = JIG_PARAM_OUTPUT,
     .midi_cc = -1},
    {.id = "cutoff",
     .name = "Cutoff",
     .group = "Filter/Low",
     .unit = "Hz",
     .doc = "",
     .min = 20,
     .max = 20000,
     .def = 1000,
     .curve = JIG_CURVE_LOG,
     .midi_cc = -1},
    {.id = "img",
     .name = "<img src=x onerror=alert(1)>",
     .group = "<script>alert(2)</script>",
     .unit = "<i>",
     .doc = "\"><script>alert(3)</script>",
     .min = 0,
     .max = 1,
     .def = 0.5,
     .midi_cc = -1},
    {.id = "'\"><svg/onload=alert(4)>",
     .name = "javascript:alert(5)",
     .group = "\"' onclick=x",
     .unit = "&amp;",
     .doc = "",
     .min = 0,
     .max = 1,
     .def = 0.5,
     .midi_cc = -1},
};

static const jig_bus buses[] = {
    {"in", "Main", JIG_BUS_IN | JIG_BUS_MAIN, 1, 2, 2},
    {"out", "Main", JIG_BUS_OUT | JIG_BUS_MAIN, 1, 2, 2},
};

static const jig_tap taps[] = {
    {"gain", "Gain <u>now</u>", "dB", JIG_TAP_VALUE, JIG_VIEW_METER, -24, 24},
    {"sum", "Sum", "", JIG_TAP_AUDIO, JIG_VIEW_SCOPE, -1, 1},
};

static const jig_log_site note_on = {"note on %d", __FILE__, __LINE__, JIG_LOG_INFO};
static const jig_log_site note_off = {"note off %d", __FILE__, __LINE__, JIG_LOG_INFO};
static const jig_log_site fired = {"fired <img src=x onerror=alert(6)>", __FILE__, __LINE__,
                                   JIG_LOG_WARN};

static jig_instance* create(const jig_plugin* plugin, const jig_host* host, char* err, size_t cap) {
    (void)plugin, (void)err, (void)cap;
    jig_instance* inst = calloc(1, sizeof *inst);
    if (inst) {
        inst->host = host;
    }
    return inst;
}

static void destroy(jig_instance* inst) {
    free(inst);
}

static jig_status activate(jig_instance* inst, const jig_config* config) {
    (void)inst, (void)config;
    return JIG_OK;
}

static void nothing(jig_instance* inst) {
    (void)inst;
}

static void log_event(const jig_host* host, const jig_event* event) {
    uint64_t key = (uint64_t)(int64_t)event->u.note.key;
    if (event->type == JIG_EVENT_NOTE_ON) {
        host->log(host->ctx, &note_on, &key, 1);
    } else if (event->type == JIG_EVENT_NOTE_OFF) {
        host->log(host->ctx, &note_off, &key, 1);
    } else if (event->type == JIG_EVENT_TRIGGER && event->u.param.index == CRASH) {
        abort();
    } else if (event->type == JIG_EVENT_TRIGGER) {
        host->log(host->ctx, &fired, NULL, 0);
    }
}

static jig_status process(jig_instance* inst, const jig_block* block) {
    for (uint32_t e = 0; e < block->event_count; ++e) {
        log_event(inst->host, &block->events[e]);
    }
    const float gain = powf(10.0F, block->params[GAIN] / 20.0F);
    const jig_audio_out* out = &block->out[0];
    const uint32_t inputs = block->in_count > 0 ? block->in[0].channel_count : 0;
    float peak = 0;
    for (uint32_t c = 0; c < out->channel_count; ++c) {
        for (uint32_t f = 0; f < block->frames; ++f) {
            const float x = c < inputs ? block->in[0].channels[c][f] * gain : 0.0F;
            out->channels[c][f] = x;
            peak = fmaxf(peak, fabsf(x));
        }
    }
    block->out_params[LEVEL] = fminf(peak, 1.0F);
    if (block->taps[0]) {
        block->taps[0][0] = block->params[GAIN];
    }
    if (block->taps[1]) {
        for (uint32_t f = 0; f < block->frames; ++f) {
            block->taps[1][f] = out->channel_count > 0 ? out->channels[0][f] : 0.0F;
        }
    }
    return JIG_OK;
}

/* The angle in words: markup for the page to show, hours to be typed. */
static jig_status to_text(jig_instance* inst, uint32_t index, double value, char* text,
                          size_t cap) {
    (void)inst;
    if (index != ANGLE) {
        return JIG_ERROR_UNSUPPORTED;
    }
    snprintf(text, cap, "<b>%.1f</b> o'clock", value / 30.0);
    return JIG_OK;
}

static jig_status from_text(jig_instance* inst, uint32_t index, const char* text, double* value) {
    double hours = 0;
    int end = 0;
    (void)inst;
    if (index != ANGLE || sscanf(text, "%lf o'clock%n", &hours, &end) != 1 || end == 0) {
        return JIG_ERROR_ARG;
    }
    *value = 30.0 * hours;
    return JIG_OK;
}

static const jig_preset_value soft[] = {{"gain", -20.0}, {"bits", 4.0}};
static const jig_preset presets[] = {
    {"<b onclick=alert(8)>Soft</b>", "<i>soft</i>", soft, 2, 0},
    {"As made", "", NULL, 0, 0},
};

static const jig_plugin plugin = {
    .struct_size = sizeof(jig_plugin),
    .flags = JIG_PLUGIN_EVENTS_IN,
    .id = "org.jig.test.page",
    .name = "<script>alert(7)</script>",
    .vendor = "<b>Jig</b>",
    .version = "1",
    .doc = "",
    .buses = {2, sizeof(jig_bus), buses},
    .params = {PARAMS, sizeof(jig_param), params},
    .taps = {2, sizeof(jig_tap), taps},
    .create = create,
    .destroy = destroy,
    .activate = activate,
    .deactivate = nothing,
    .reset = nothing,
    .process = process,
    .param_to_text = to_text,
    .param_from_text = from_text,
    .presets = {2, sizeof(jig_preset), presets},
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

JIG_EXPORT const jig_entry* jig_entry_v1(void) {
    return &entry;
}
