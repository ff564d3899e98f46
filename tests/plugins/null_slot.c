/* null_slot - its table has no process. */
#include "plain.h"

static jig_plugin plugin;

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.null_slot");
    plugin.process = NULL;
    return plain_entry(&plugin);
}
