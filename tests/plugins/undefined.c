/* undefined - it calls a function that nobody has. */
#include "plain.h"

static jig_plugin plugin;

int jig_test_function_that_nobody_has(void);

static jig_instance* create(const jig_plugin* self, const jig_host* host, char* err, size_t cap) {
    return jig_test_function_that_nobody_has() == 0 ? NULL : plain_create(self, host, err, cap);
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.undefined");
    plugin.create = create;
    return plain_entry(&plugin);
}
