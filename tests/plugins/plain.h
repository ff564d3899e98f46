/* plain.h - a sound plugin that copies its input; each plugin here takes it and spoils one thing.
 */
#ifndef JIG_TEST_PLAIN_H
#define JIG_TEST_PLAIN_H

#include <jig/plugin.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What an instance of a test plugin may need. */
struct jig_instance {
    const jig_host* host;
    uint64_t blocks; /* since activate */
};

static inline jig_instance* plain_create(const jig_plugin* plugin, const jig_host* host, char* err,
                                         size_t cap) {
    (void)plugin;
    jig_instance* self = calloc(1, sizeof *self);
    if (self == NULL) {
        snprintf(err, cap, "out of memory");
        return NULL;
    }
    self->host = host;
    return self;
}

static inline void plain_destroy(jig_instance* self) {
    free(self);
}

static inline jig_status plain_activate(jig_instance* self, const jig_config* config) {
    (void)config;
    self->blocks = 0;
    return JIG_OK;
}

static inline void plain_deactivate(jig_instance* self) {
    (void)self;
}

static inline void plain_reset(jig_instance* self) {
    self->blocks = 0;
}

/* The first input bus to the first output bus, as far as there are channels; zeros to all others.
 */
static inline jig_status plain_process(jig_instance* self, const jig_block* block) {
    self->blocks += 1;
    for (uint32_t bus = 0; bus < block->out_count; ++bus) {
        for (uint32_t c = 0; c < block->out[bus].channel_count; ++c) {
            float* out = block->out[bus].channels[c];
            if (bus < block->in_count && bus == 0 && c < block->in[0].channel_count) {
                memmove(out, block->in[0].channels[c], block->frames * sizeof *out);
            } else {
                memset(out, 0, block->frames * sizeof *out);
            }
        }
    }
    return JIG_OK;
}

static const jig_bus plain_buses[] = {
    {"in", "Input", JIG_BUS_IN | JIG_BUS_MAIN, 1, 32, 2},
    {"out", "Output", JIG_BUS_OUT | JIG_BUS_MAIN | JIG_BUS_MATCH_MAIN_IN, 1, 32, 2},
};

#define PLAIN_ARRAY(items)                                                                         \
    { (uint32_t)(sizeof(items) / sizeof(items)[0]), sizeof(items)[0], items }
#define PLAIN_SET_ARRAY(array, list)                                                               \
    do {                                                                                           \
        const jig_array plain_list = PLAIN_ARRAY(list);                                            \
        (array) = plain_list;                                                                      \
    } while (0)

static inline jig_param plain_param(const char* id, double min, double max, double def) {
    jig_param param;
    memset(&param, 0, sizeof param);
    param.id = id;
    param.name = id;
    param.group = param.unit = param.doc = "";
    param.min = min;
    param.max = max;
    param.def = def;
    param.midi_cc = -1;
    return param;
}

static inline jig_plugin plain_plugin(const char* id) {
    jig_plugin plugin;
    memset(&plugin, 0, sizeof plugin);
    plugin.struct_size = sizeof plugin;
    plugin.flags = JIG_PLUGIN_INPLACE_OK;
    plugin.id = id;
    plugin.name = id;
    plugin.vendor = "Jig";
    plugin.version = "1.0";
    plugin.doc = "";
    PLAIN_SET_ARRAY(plugin.buses, plain_buses);
    plugin.create = plain_create;
    plugin.destroy = plain_destroy;
    plugin.activate = plain_activate;
    plugin.deactivate = plain_deactivate;
    plugin.reset = plain_reset;
    plugin.process = plain_process;
    return plugin;
}

/* The entry of a library with one plugin, which is static. */
static inline const jig_entry* plain_entry(const jig_plugin* plugin) {
    static const jig_plugin* plugins[1];
    static jig_entry entry;
    plugins[0] = plugin;
    entry.struct_size = sizeof entry;
    entry.major = JIG_ABI_MAJOR;
    entry.minor = JIG_ABI_MINOR;
    entry.sdk = entry.toolchain = entry.build_id = "";
    entry.plugins = plugins;
    entry.plugin_count = 1;
    return &entry;
}

JIG_EXPORT const jig_entry* jig_entry_v1(void);

#endif /* JIG_TEST_PLAIN_H */
