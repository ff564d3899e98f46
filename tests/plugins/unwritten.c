/* unwritten - it leaves the last channel of its output as it was. */
#include "plain.h"

static jig_plugin plugin;

static jig_status process(jig_instance* self, const jig_block* block) {
    self->blocks += 1;
    for (uint32_t c = 0; c + 1 < block->out[0].channel_count; ++c) {
        memmove(block->out[0].channels[c], block->in[0].channels[c], block->frames * sizeof(float));
    }
    return JIG_OK;
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.unwritten");
    plugin.process = process;
    return plain_entry(&plugin);
}
