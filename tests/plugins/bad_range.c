/* bad_range - a parameter ranges downwards. */
#include "plain.h"

static jig_plugin plugin;
static jig_param params[1];

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.bad_range");
    params[0] = plain_param("drive", 1, -1, 0);
    PLAIN_SET_ARRAY(plugin.params, params);
    return plain_entry(&plugin);
}
