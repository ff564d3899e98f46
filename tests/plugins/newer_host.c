/* newer_host - it needs a host of a later minor version. */
#include "plain.h"

static jig_plugin plugin;
static jig_entry entry;

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.newer_host");
    entry = *plain_entry(&plugin);
    entry.minor = entry.min_host_minor = JIG_ABI_MINOR + 1;
    return &entry;
}
