/* wrong_abi - built for a major version of the ABI that does not exist yet. */
#include <jig/plugin.h>

JIG_EXPORT const void* jig_entry_v2(void);
const void* jig_entry_v2(void) {
    return NULL;
}
