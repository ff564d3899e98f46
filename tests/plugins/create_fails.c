/* create_fails - create says why it gives no instance. */
#include "plain.h"

static jig_plugin plugin;

static jig_instance* create(const jig_plugin* self, const jig_host* host, char* err, size_t cap) {
    (void)self;
    (void)host;
    snprintf(err, cap, "the impulse response hall.wav is missing");
    return NULL;
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.create_fails");
    plugin.create = create;
    return plain_entry(&plugin);
}
