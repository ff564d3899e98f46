/* create_silent - create gives no instance and does not say why. */
#include "plain.h"

static jig_plugin plugin;

static jig_instance* create(const jig_plugin* self, const jig_host* host, char* err, size_t cap) {
    (void)self;
    (void)host;
    (void)err;
    (void)cap;
    return NULL;
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.create_silent");
    plugin.create = create;
    return plain_entry(&plugin);
}
