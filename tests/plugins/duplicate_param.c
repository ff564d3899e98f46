/* duplicate_param - two of its parameters have one id. */
#include "plain.h"

static jig_plugin plugin;
static jig_param params[3];

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.duplicate_param");
    params[0] = plain_param("drive", 0, 1, 0);
    params[1] = plain_param("tone", 0, 1, 0);
    params[2] = plain_param("drive", 0, 1, 0);
    PLAIN_SET_ARRAY(plugin.params, params);
    return plain_entry(&plugin);
}
