/* plain - nothing is wrong with it. */
#include "plain.h"

static jig_plugin plugin;

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.plain");

    return plain_entry(&plugin);
}
