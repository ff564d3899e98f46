/* eight - eight channels in and out, and a stereo sidechain that a parameter adds to all of them.
 */
#include "plain.h"

static jig_plugin plugin;

static jig_param params[1];
static const jig_bus buses[] = {
    {"in", "Input", JIG_BUS_IN | JIG_BUS_MAIN, 8, 8, 8},
    {"side", "Sidechain", JIG_BUS_IN | JIG_BUS_SIDECHAIN, 2, 2, 2},
    {"out", "Output", JIG_BUS_OUT | JIG_BUS_MAIN, 8, 8, 8},
};

/* Even outputs hear the left side channel, odd ones the right. */
static jig_status process(jig_instance* self, const jig_block* block) {
    self->blocks += 1;
    for (uint32_t c = 0; c < 8; ++c) {
        const float* side = block->in[1].channels[c % 2];
        for (uint32_t i = 0; i < block->frames; ++i) {
            block->out[0].channels[c][i] = block->in[0].channels[c][i] + block->params[0] * side[i];
        }
    }
    return JIG_OK;
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.eight");
    params[0] = plain_param("side", 0, 1, 0);
    PLAIN_SET_ARRAY(plugin.params, params);
    PLAIN_SET_ARRAY(plugin.buses, buses);
    plugin.process = process;
    return plain_entry(&plugin);
}
