/* activate_fails - it cannot be activated. */
#include "plain.h"

static jig_plugin plugin;

static jig_status activate(jig_instance* self, const jig_config* config) {
    (void)self;
    (void)config;
    return JIG_ERROR_UNSUPPORTED;
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.activate_fails");
    plugin.activate = activate;
    return plain_entry(&plugin);
}
