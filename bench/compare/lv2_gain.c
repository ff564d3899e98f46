/* The gain that the LV2 hosts run: the samples that they are given, times a factor. */
#include <lv2/core/lv2.h>

#include <stdint.h>
#include <stdlib.h>

enum { CHANNELS = 2, GAIN = 2 * CHANNELS, PORTS };

typedef struct {
    const float* in[CHANNELS];
    float* out[CHANNELS];
    const float* gain;
} Gain;

static LV2_Handle instantiate(const LV2_Descriptor* descriptor, double rate, const char* bundle,
                              const LV2_Feature* const* features) {
    (void)descriptor;
    (void)rate;
    (void)bundle;
    (void)features;
    return calloc(1, sizeof(Gain));
}

static void connect_port(LV2_Handle handle, uint32_t port, void* data) {
    Gain* self = handle;
    if (port < CHANNELS) {
        self->in[port] = data;
    } else if (port < GAIN) {
        self->out[port - CHANNELS] = data;
    } else if (port == GAIN) {
        self->gain = data;
    }
}

static void through_lv2(LV2_Handle handle, uint32_t frames) {
    const Gain* self = handle;
    for (uint32_t c = 0; c < CHANNELS; ++c) {
        for (uint32_t i = 0; i < frames; ++i) {
            self->out[c][i] = *self->gain * self->in[c][i];
        }
    }
}

static void cleanup(LV2_Handle handle) {
    free(handle);
}

static const LV2_Descriptor gain = {
    "urn:jig:compare:gain", instantiate, connect_port, NULL, through_lv2, NULL, cleanup, NULL};

LV2_SYMBOL_EXPORT const LV2_Descriptor* lv2_descriptor(uint32_t index) {
    return index == 0 ? &gain : NULL;
}
