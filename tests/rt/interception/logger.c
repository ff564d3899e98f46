/* logger - sends a parameter's number of lines to the host's log in each block. */
#include "tests/plugins/plain.h"

static jig_plugin plugin;
static jig_param params[1];
static const jig_log_site site = {"block %d, line %d", __FILE__, __LINE__, JIG_LOG_INFO};

static jig_status process(jig_instance* self, const jig_block* block) {
    plain_process(self, block);
    for (int line = 0; line < (int)block->params[0]; ++line) {
        const uint64_t args[2] = {self->blocks, (uint64_t)line};
        self->host->log(self->host->ctx, &site, args, 2);
    }
    return JIG_OK;
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.logger");
    params[0] = plain_param("lines", 0, 100, 0);
    params[0].step = 1;
    params[0].flags = JIG_PARAM_STEPPED;
    PLAIN_SET_ARRAY(plugin.params, params);
    plugin.process = process;
    return plain_entry(&plugin);
}
