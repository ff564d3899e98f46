/* busy - one block after a change of "compute" needs so many milliseconds of CPU time, one after a
 * change of "wait" sleeps for so many. */
#include "plain.h"

#include <time.h>

static jig_plugin plugin;

enum { COMPUTE, WAIT, COUNT };

static jig_param params[COUNT];
static float before[COUNT];

static double cpu_ms(void) {
    struct timespec used;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (double)used.tv_sec * 1e3 + (double)used.tv_nsec * 1e-6;
}

static jig_status process(jig_instance* self, const jig_block* block) {
    plain_process(self, block);
    if (block->params[COMPUTE] != before[COMPUTE]) {
        before[COMPUTE] = block->params[COMPUTE];
        for (double end = cpu_ms() + (double)before[COMPUTE]; cpu_ms() < end;) {
        }
    }
    if (block->params[WAIT] != before[WAIT]) {
        before[WAIT] = block->params[WAIT];
        struct timespec pause = {0, (long)((double)before[WAIT] * 1e6)};
        nanosleep(&pause, NULL);
    }
    return JIG_OK;
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.busy");
    params[COMPUTE] = plain_param("compute", 0, 300, 0);
    params[WAIT] = plain_param("wait", 0, 300, 0);
    PLAIN_SET_ARRAY(plugin.params, params);
    plugin.process = process;
    return plain_entry(&plugin);
}
