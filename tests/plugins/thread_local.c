/* thread_local - a thread-local variable counts its blocks. */
#include "plain.h"

static jig_plugin plugin;

static _Thread_local volatile uint64_t counted;

static jig_status process(jig_instance* self, const jig_block* block) {
    counted += 1;
    return plain_process(self, block);
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.thread_local");
    plugin.process = process;
    return plain_entry(&plugin);
}
