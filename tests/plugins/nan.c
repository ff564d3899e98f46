/* nan - while its parameter is on, the first sample of each block is NaN. */
#include "plain.h"

static jig_plugin plugin;
#include <math.h>

static jig_param params[1];

static jig_status process(jig_instance* self, const jig_block* block) {
    plain_process(self, block);
    if (block->params[0] >= 0.5f && block->out[0].channel_count > 0) {
        block->out[0].channels[0][0] = NAN;
    }
    return JIG_OK;
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.nan");
    params[0] = plain_param("nan", 0, 1, 0);
    params[0].step = 1;
    params[0].flags = JIG_PARAM_STEPPED | JIG_PARAM_TOGGLE;
    PLAIN_SET_ARRAY(plugin.params, params);
    plugin.process = process;
    return plain_entry(&plugin);
}
