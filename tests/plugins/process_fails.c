/* process_fails - process returns an error from the first block on. */
#include "plain.h"

static jig_plugin plugin;

static jig_status process(jig_instance* self, const jig_block* block) {
    plain_process(self, block);
    return JIG_ERROR_EXCEPTION;
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.process_fails");
    plugin.process = process;
    return plain_entry(&plugin);
}
