/* level - every output sample is LEVEL times the parameter; built several times, each build another
 * version of one plugin: see the CMake file. */
#include "tests/plugins/plain.h"

#ifndef LEVEL
#define LEVEL 0.5f
#endif
#ifndef DEFAULT
#define DEFAULT 1.0
#endif
#ifndef MAXIMUM
#define MAXIMUM 2.0
#endif

static jig_plugin plugin;
static jig_param params[2];
static volatile int* volatile nowhere = NULL;

static jig_status process(jig_instance* self, const jig_block* block) {
    (void)self;
    for (uint32_t c = 0; c < block->out[0].channel_count; ++c) {
        for (uint32_t i = 0; i < block->frames; ++i) {
            block->out[0].channels[c][i] = LEVEL * block->params[0];
        }
    }
#ifdef CRASH_IN_PROCESS
    fputs("about to fall over", stderr);
    return *nowhere;
#else
    return JIG_OK;
#endif
}

static jig_instance* create(const jig_plugin* self, const jig_host* host, char* err, size_t cap) {
#ifdef CREATE_FAILS
    snprintf(err, cap, "the impulse response hall.wav is missing");
    return NULL;
#endif
#ifdef CRASH_IN_CREATE
    return plain_create(self, host, err, cap + (size_t)*nowhere);
#else
    (void)nowhere;
    return plain_create(self, host, err, cap);
#endif
}

static jig_status activate(jig_instance* self, const jig_config* config) {
#ifdef ACTIVATE_FAILS
    (void)self;
    (void)config;
    return JIG_ERROR_UNSUPPORTED;
#else
    return plain_activate(self, config);
#endif
}

static void destroy(jig_instance* self) {
#ifdef HANG_IN_DESTROY
    while (nowhere == NULL) {
    }
#endif
    plain_destroy(self);
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.level");
    plugin.flags |= JIG_PLUGIN_SPLIT_AT_PARAMS;
#ifdef RENAMED
    params[0] = plain_param("strength", 0, MAXIMUM, DEFAULT);
    params[0].formerly = "older drive";
#else
    params[0] = plain_param("drive", 0, MAXIMUM, DEFAULT);
#endif
    params[1] = plain_param("spare", 0, 1, 0);
    PLAIN_SET_ARRAY(plugin.params, params);
    plugin.create = create;
    plugin.destroy = destroy;
    plugin.activate = activate;
    plugin.process = process;
    return plain_entry(&plugin);
}
