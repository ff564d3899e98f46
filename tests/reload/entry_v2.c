/* A library for a version of the ABI that is yet to come. */
#include <jig/plugin.h>

#include <stddef.h>

JIG_EXPORT const void* jig_entry_v2(void);

const void* jig_entry_v2(void) {
    return NULL;
}
