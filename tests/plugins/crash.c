/* crash - a parameter says after how many blocks it reads from address 0; 0: never. */
#include "plain.h"

static jig_plugin plugin;

static jig_param params[1];
static volatile int* volatile nowhere = NULL;

static jig_status process(jig_instance* self, const jig_block* block) {
    plain_process(self, block);
    if (block->params[0] > 0 && (double)self->blocks > (double)block->params[0]) {
        return *nowhere;
    }
    return JIG_OK;
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.crash");
    params[0] = plain_param("after", 0, 100000, 0);
    PLAIN_SET_ARRAY(plugin.params, params);
    plugin.process = process;
    return plain_entry(&plugin);
}
