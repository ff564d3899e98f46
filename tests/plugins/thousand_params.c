/* thousand_params - 1,000 parameters p000 to p999; the output is their sum. */
#include "plain.h"

static jig_plugin plugin;

enum { COUNT = 1000 };
static char ids[COUNT][8];
static jig_param params[COUNT];

static jig_status process(jig_instance* self, const jig_block* block) {
    self->blocks += 1;
    float sum = 0;
    for (int i = 0; i < COUNT; ++i) {
        sum += block->params[i];
    }
    for (uint32_t c = 0; c < block->out[0].channel_count; ++c) {
        for (uint32_t i = 0; i < block->frames; ++i) {
            block->out[0].channels[c][i] = sum;
        }
    }
    return JIG_OK;
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.thousand_params");
    for (int i = 0; i < COUNT; ++i) {
        snprintf(ids[i], sizeof ids[i], "p%03d", i);
        params[i] = plain_param(ids[i], -1, 1, 0);
    }
    PLAIN_SET_ARRAY(plugin.params, params);
    plugin.process = process;
    return plain_entry(&plugin);
}
