/* mono - one channel in, one out, no other number. */
#include "plain.h"

static jig_plugin plugin;

static const jig_bus buses[] = {
    {"in", "Input", JIG_BUS_IN | JIG_BUS_MAIN, 1, 1, 1},
    {"out", "Output", JIG_BUS_OUT | JIG_BUS_MAIN, 1, 1, 1},
};

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.mono");
    PLAIN_SET_ARRAY(plugin.buses, buses);
    return plain_entry(&plugin);
}
