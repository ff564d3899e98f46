/* chatty - stdout, stderr and the host's log get a parameter's number of lines in each block. */
#include "plain.h"

static jig_plugin plugin;

static jig_param params[1];
static const jig_log_site site = {"block %d, line %d, input %f", __FILE__, __LINE__, JIG_LOG_INFO};

static jig_status process(jig_instance* self, const jig_block* block) {
    plain_process(self, block);
    const long long number = (long long)self->blocks;
    for (int line = 0; line < (int)block->params[0]; ++line) {
        printf("chatty says block %lld, line %d\n", number, line);
        fprintf(stderr, "chatty complains about block %lld, line %d\n", number, line);
        const double input = block->in_count > 0 ? (double)block->in[0].channels[0][0] : 0.0;
        uint64_t args[3] = {self->blocks, (uint64_t)line, 0};
        memcpy(&args[2], &input, sizeof input);
        self->host->log(self->host->ctx, &site, args, 3);
    }
    fflush(stdout);
    return JIG_OK;
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.chatty");
    params[0] = plain_param("lines", 0, 1000, 1);
    params[0].step = 1;
    params[0].flags = JIG_PARAM_STEPPED;
    PLAIN_SET_ARRAY(plugin.params, params);
    plugin.process = process;
    return plain_entry(&plugin);
}
