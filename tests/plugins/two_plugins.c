/* two_plugins - a library with a plugin that copies and one that turns the sign. */
#include "plain.h"

static jig_plugin copy;
static jig_plugin invert;
static const jig_plugin* const plugins[] = {&copy, &invert};
static jig_entry entry;

static jig_status inverted(jig_instance* self, const jig_block* block) {
    plain_process(self, block);
    for (uint32_t c = 0; c < block->out[0].channel_count; ++c) {
        for (uint32_t i = 0; i < block->frames; ++i) {
            block->out[0].channels[c][i] = -block->out[0].channels[c][i];
        }
    }
    return JIG_OK;
}

const jig_entry* jig_entry_v1(void) {
    copy = plain_plugin("dev.jig.test.copy");
    invert = plain_plugin("dev.jig.test.invert");
    invert.process = inverted;
    entry = *plain_entry(&copy);
    entry.plugins = plugins;
    entry.plugin_count = 2;
    return &entry;
}
