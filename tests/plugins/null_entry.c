/* null_entry - its entry function returns NULL. */
#include "plain.h"

const jig_entry* jig_entry_v1(void) {
    return NULL;
}
