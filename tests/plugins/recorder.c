/* recorder - it plays back what it was told: see the channels below. Built with and without
 * SPLIT_AT_PARAMS. */
#include "plain.h"

static jig_plugin plugin;

enum { VALUE, FRAMES, NOTES, EVENTS, POSITION, BEAT, FLAGS, CHANNELS };

static jig_param params[3];
static const jig_bus buses[] = {
    {"in", "Input", JIG_BUS_IN | JIG_BUS_MAIN, 2, 2, 2},
    {"out", "Output", JIG_BUS_OUT | JIG_BUS_MAIN, CHANNELS, CHANNELS, CHANNELS},
};
static const jig_tap taps[] = {
    {"value", "Value", "", JIG_TAP_AUDIO, JIG_VIEW_SCOPE, -1, 1},
    {"frames", "Frames", "", JIG_TAP_VALUE, JIG_VIEW_NUMBER, 0, 4096},
};

/* Channel VALUE: the parameter "value" as it stood in params[]. FRAMES: the length of the call.
 * NOTES: the velocity of a note on its frame, else 0. EVENTS: the type of the last event of any
 * kind that fell on the frame, else 0. POSITION: the frame on the time line, modulo 2^20. BEAT: of
 * the call's first frame. FLAGS: of the call. */
static jig_status process(jig_instance* self, const jig_block* block) {
    self->blocks += 1;
    float* const* out = block->out[0].channels;
    for (uint32_t i = 0; i < block->frames; ++i) {
        out[VALUE][i] = block->params[0];
        out[FRAMES][i] = (float)block->frames;
        out[NOTES][i] = 0;
        out[EVENTS][i] = 0;
        out[POSITION][i] = (float)((block->frame + i) % (1u << 20));
        out[BEAT][i] = block->transport == NULL ? 0 : (float)block->transport->beat;
        out[FLAGS][i] = (float)block->flags;
        if (block->tap_count > 0 && block->taps[0] != NULL) {
            block->taps[0][i] = block->params[0];
        }
    }
    if (block->tap_count > 1 && block->taps[1] != NULL) {
        block->taps[1][0] = (float)block->frames;
    }
    for (uint32_t e = 0; e < block->event_count; ++e) {
        const jig_event* event = &block->events[e];
        out[EVENTS][event->frame] = (float)event->type;
        if (event->type == JIG_EVENT_NOTE_ON) {
            out[NOTES][event->frame] = event->u.note.velocity;
        }
    }
    block->out_params[2] = (float)self->blocks;
    return JIG_OK;
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.recorder");
    plugin.flags = JIG_PLUGIN_EVENTS_IN | RECORDER_FLAGS;
    params[0] = plain_param("value", -1000000, 1000000, 0);
    params[1] = plain_param("bang", 0, 1, 0);
    params[1].flags = JIG_PARAM_TRIGGER;
    params[2] = plain_param("blocks", 0, 1e9, 0);
    params[2].flags = JIG_PARAM_OUTPUT;
    PLAIN_SET_ARRAY(plugin.params, params);
    PLAIN_SET_ARRAY(plugin.buses, buses);
    PLAIN_SET_ARRAY(plugin.taps, taps);
    plugin.process = process;
    return plain_entry(&plugin);
}
