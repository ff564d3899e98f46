#include "rt/runner.hpp"

#include "rt/guard.hpp"
#include "rt/transport.hpp"

#include <algorithm>
#include <cstring>

namespace jig::rt {

namespace {

/// Timed parameter changes take effect on this grid of the time line when a plugin has its blocks
/// split, so that dense automation does not make blocks of single frames.
constexpr std::uint32_t kSplitGrid = 16;

void add(std::atomic<std::uint64_t>& counter, std::uint64_t count) {
    counter.store(counter.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
}

bool is_note(const jig_event& event) {
    return event.type == JIG_EVENT_NOTE_ON || event.type == JIG_EVENT_NOTE_OFF ||
           event.type == JIG_EVENT_NOTE_CHOKE;
}

/// Where, in the chunk, the build is to see this event.
std::uint32_t due_at(const Build& build, const Chunk& chunk, const DueEvent& due) {
    const bool snaps =
        due.event.type == JIG_EVENT_PARAM && (build.flags & JIG_PLUGIN_SPLIT_AT_PARAMS) != 0;
    if (!snaps) {
        return due.offset;
    }
    const auto back = static_cast<std::uint32_t>((chunk.frame + due.offset) % kSplitGrid);
    return due.offset - std::min(due.offset, back);
}

bool splits(const Build& build, const DueEvent& due) {
    return (due.event.type == JIG_EVENT_PARAM && (build.flags & JIG_PLUGIN_SPLIT_AT_PARAMS) != 0) ||
           (is_note(due.event) && (build.flags & JIG_PLUGIN_SPLIT_AT_NOTES) != 0);
}

bool wanted(const Build& build, const DueEvent& due, bool leaving) {
    switch (due.event.type) {
    case JIG_EVENT_PARAM:
    case JIG_EVENT_TRIGGER:
        return build.index_of_slot[due.slot] >= 0;
    case JIG_EVENT_NOTE_ON:
        return !leaving && (build.flags & JIG_PLUGIN_EVENTS_IN) != 0;
    default:
        return (build.flags & JIG_PLUGIN_EVENTS_IN) != 0;
    }
}

/// By insertion: stable, and the list is sorted but for changes that snapping moved past notes.
void sort_by_frame(jig_event* events, std::uint32_t count) {
    for (std::uint32_t i = 1; i < count; ++i) {
        const jig_event event = events[i];
        std::uint32_t at = i;
        for (; at > 0 && events[at - 1].frame > event.frame; --at) {
            events[at] = events[at - 1];
        }
        events[at] = event;
    }
}

/// Events of [begin, end) of the chunk, with frames from `begin` on and indices of this build. A
/// change at the first frame goes into params, as the ABI says.
std::uint32_t collect(Build& build, const Chunk& chunk, std::uint32_t begin, std::uint32_t end,
                      bool leaving) {
    std::uint32_t count = 0;
    for (const auto* due = chunk.events; due != chunk.events_end; ++due) {
        const auto at = due_at(build, chunk, *due);
        if (at < begin || at >= end || !wanted(build, *due, leaving)) {
            continue;
        }
        jig_event event = due->event;
        event.frame = at - begin;
        if (event.type == JIG_EVENT_PARAM || event.type == JIG_EVENT_TRIGGER) {
            event.u.param.index = static_cast<std::uint32_t>(build.index_of_slot[due->slot]);
        }
        if (event.type == JIG_EVENT_PARAM && event.frame == 0) {
            build.params[event.u.param.index] = event.u.param.value;
        } else if (count < kMaxBlockEvents) {
            build.events[count++] = event;
        }
    }
    sort_by_frame(build.events, count);
    return count;
}

/// The first place after `begin` where the build wants a new block.
std::uint32_t next_cut(const Build& build, const Chunk& chunk, std::uint32_t begin, bool leaving) {
    std::uint32_t cut = chunk.frames;
    for (const auto* due = chunk.events; due != chunk.events_end; ++due) {
        const auto at = due_at(build, chunk, *due);
        if (at > begin && at < cut && splits(build, *due) && wanted(build, *due, leaving)) {
            cut = at;
        }
    }
    return cut;
}

/// After a block without cuts, later changes are true at the next one.
void settle(Build& build, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
        if (build.events[i].type == JIG_EVENT_PARAM) {
            build.params[build.events[i].u.param.index] = build.events[i].u.param.value;
        }
    }
}

void point_at(Build& build, const Chunk& chunk, float* const* out, std::uint32_t begin) {
    for (std::uint32_t c = 0; c < build.in_channels; ++c) {
        const auto d = build.in_device[c];
        build.in_pointers[c] = (d < chunk.in_count ? chunk.in[d] : chunk.silence) + begin;
    }
    for (std::uint32_t c = 0; c < build.out_channels; ++c) {
        build.out_pointers[c] = out[c] + begin;
    }
    for (std::uint32_t t = 0; t < build.tap_count; ++t) {
        const bool audio = build.tap_kinds[t] == JIG_TAP_AUDIO;
        const bool watched = (chunk.watched_taps >> t & 1) != 0;
        build.taps[t] = watched ? build.tap_buffers[t] + (audio ? begin : 0) : nullptr;
    }
}

void run_block(Build& build, const Chunk& chunk, std::uint32_t begin, std::uint32_t end,
               std::uint32_t event_count, link::EngineRegion& engine) {
    build.emitted->offset = begin;
    jig_block block{};
    block.struct_size = sizeof block;
    block.flags = begin == 0 ? chunk.flags : chunk.flags & ~std::uint32_t{JIG_BLOCK_DISCONTINUITY};
    block.frames = end - begin;
    block.frame = chunk.frame + begin;
    block.in = build.in;
    block.out = build.out;
    block.in_count = build.in_bus_count;
    block.out_count = build.out_bus_count;
    block.params = build.params;
    block.out_params = build.out_params;
    block.events = build.events;
    block.event_count = event_count;
    jig_transport at_cut;
    if (begin > 0) {
        at_cut = later(*chunk.transport, begin / chunk.rate_hz);
    }
    block.transport = begin > 0 ? &at_cut : chunk.transport;
    block.taps = build.taps;
    block.tap_count = build.tap_count;
    if (build.plugin->process(build.instance, &block) < 0) {
        build.failed = true;
        add(engine.process_errors, 1);
    }
}

void silence(const Build& build, const Chunk& chunk, float* const* out) {
    for (std::uint32_t c = 0; c < build.out_channels; ++c) {
        std::memset(out[c], 0, chunk.frames * sizeof(float));
    }
}

void cleanse_all(const Build& build, const Chunk& chunk, float* const* out,
                 link::EngineRegion& engine) ON_AUDIO_THREAD {
    for (std::uint32_t c = 0; c < build.out_channels; ++c) {
        const Faults faults = cleanse(out[c], chunk.frames);
        if (faults.not_finite > 0) {
            if (engine.nan_samples.load(std::memory_order_relaxed) == 0) {
                engine.nan_first_frame.store(chunk.frame + faults.first_offset,
                                             std::memory_order_relaxed);
            }
            add(engine.nan_samples, faults.not_finite);
        }
        if (faults.unwritten > 0) {
            add(engine.unwritten_samples, faults.unwritten);
        }
    }
}

} // namespace

void run(Build& build, const Chunk& chunk, float* const* out, bool leaving,
         link::EngineRegion& engine) {
    if (build.failed) {
        silence(build, chunk, out);
        return;
    }
    for (std::uint32_t c = 0; c < build.out_channels; ++c) {
        poison(out[c], chunk.frames);
    }
    engine.in_process.store(build.generation, std::memory_order_relaxed);
    for (std::uint32_t begin = 0; begin < chunk.frames && !build.failed;) {
        const auto end = next_cut(build, chunk, begin, leaving);
        const auto count = collect(build, chunk, begin, end, leaving);
        point_at(build, chunk, out, begin);
        run_block(build, chunk, begin, end, count, engine);
        settle(build, count);
        begin = end;
    }
    engine.in_process.store(0, std::memory_order_relaxed);
    if (build.failed) {
        silence(build, chunk, out);
        return;
    }
    cleanse_all(build, chunk, out, engine);
}

} // namespace jig::rt
