#include "rt/host_calls.hpp"

#include "link/log_ring.hpp"

namespace jig::rt {

namespace {

HostContext& context_of(void* ctx) {
    return *static_cast<HostContext*>(ctx);
}

void log(void* ctx, const jig_log_site* site, const std::uint64_t* args, std::uint32_t n) {
    auto& context = context_of(ctx);
    if (site != nullptr) {
        link::append_log(context.region->log, context.region->frame.load(std::memory_order_relaxed),
                         *site, args, n);
    }
}

jig_status emit(void* ctx, const jig_event* event) {
    auto& context = context_of(ctx);
    if (event == nullptr || context.build == nullptr) {
        return JIG_ERROR_ARG;
    }
    if ((context.build->flags & JIG_PLUGIN_EVENTS_OUT) == 0) {
        return JIG_ERROR_UNSUPPORTED;
    }
    Emitted& emitted = *context.build->emitted;
    if (emitted.count == Emitted::kCapacity) {
        return JIG_ERROR_NOMEM;
    }
    emitted.events[emitted.count] = *event;
    emitted.events[emitted.count].frame += emitted.offset;
    ++emitted.count;
    return JIG_OK;
}

jig_status tap_push(void* ctx, std::uint32_t tap, const float* values, std::uint32_t n) {
    auto& context = context_of(ctx);
    if (context.build == nullptr || tap >= context.build->tap_count || n == 0) {
        return JIG_ERROR_ARG;
    }
    if (context.build->tap_kinds[tap] != JIG_TAP_VALUE) {
        return JIG_ERROR_UNSUPPORTED;
    }
    context.build->tap_buffers[tap][0] = values[n - 1];
    context.region->tap_values[tap].store(values[n - 1], std::memory_order_relaxed);
    return JIG_OK;
}

void request(void* ctx, jig_request what, std::uint64_t) {
    if (what < 32) {
        context_of(ctx).requests.fetch_or(1u << what, std::memory_order_relaxed);
    }
}

const void* ext(void*, const char*) {
    return nullptr;
}

} // namespace

jig_host make_host(HostContext& context, const char* version) {
    jig_host host{};
    host.struct_size = sizeof host;
    host.name = "Jig";
    host.version = version;
    host.ctx = &context;
    host.log = log;
    host.emit = emit;
    host.tap_push = tap_push;
    host.request = request;
    host.ext = ext;
    return host;
}

} // namespace jig::rt
