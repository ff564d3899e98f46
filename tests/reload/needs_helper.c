/* A plugin's library, as far as its image goes, that needs another one. */
#include <jig/plugin.h>

#include <stddef.h>

float reload_helper_gain(void);
JIG_EXPORT const jig_entry* jig_entry_v1(void);

const jig_entry* jig_entry_v1(void) {
    static jig_entry entry;
    return reload_helper_gain() > 0.0F ? &entry : NULL;
}
