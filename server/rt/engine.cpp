#include "rt/engine.hpp"

#include "link/rings.hpp"
#include "rt/fpu.hpp"

#include <algorithm>
#include <cstring>
#include <ctime>

namespace jig::rt {

namespace {

std::int64_t now_ns() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now); // vDSO: no system call
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::uint32_t block_flags(std::uint32_t cycle, std::uint64_t frame) {
    std::uint32_t flags = 0;
    // A device that begins in the middle of the time line has not heard what came before.
    const bool restart = (cycle & kCycleFirst) != 0 && frame > 0;
    const bool gap = (cycle & kCycleDiscontinuity) != 0 || restart;
    flags |= gap ? std::uint32_t{JIG_BLOCK_DISCONTINUITY} : 0;
    flags |= (cycle & kCycleCatchup) != 0 ? std::uint32_t{JIG_BLOCK_CATCHUP} : 0;
    flags |= (cycle & kCycleFreewheel) != 0 ? std::uint32_t{JIG_BLOCK_FREEWHEEL} : 0;
    return flags;
}

} // namespace

Engine::Engine(const link::ServerRegion& server, link::EngineRegion& region)
    : server_(server), region_(region), params_(server, region), events_(server, region),
      source_(server, region), monitor_(server, region), transport_(server, region) {}

void Engine::configure(double rate_hz, std::uint64_t first_frame, link::StreamLayout streams) {
    rate_hz_ = rate_hz;
    frame_ = first_frame;
    streams_ = streams;
    events_.restart();
    source_.configure(rate_hz);
    monitor_.configure(rate_hz);
    bypass_.configure(0.02 * rate_hz);
    bypass_.jump(server_.bypass.load(std::memory_order_relaxed) != 0 ? 1.0F : 0.0F);
    panics_ = server_.panic_count.load(std::memory_order_relaxed);
    region_.frame.store(first_frame, std::memory_order_release);
}

void Engine::callback(void* self, const Cycle& cycle) noexcept {
    kAudioThread.assume();
    static_cast<Engine*>(self)->render(cycle);
}

void Engine::render(const Cycle& cycle) {
    const FlushDenormals flush;
    const auto begin = now_ns();
    region_.process_entered_ns.store(begin, std::memory_order_relaxed);
    const auto frame = frame_;
    if ((cycle.flags & kCycleRestarted) != 0) {
        monitor_.fade_in_again();
    }
    if (cycle.lost_frames != 0) {
        link::append(region_.journal,
                     link::JournalEntry{frame, link::JournalEntry::device_gap, 0, 0, 0,
                                        static_cast<std::uint32_t>(cycle.lost_frames), 0});
    }
    for (std::uint32_t offset = 0; offset < cycle.frames;) {
        const auto frames = std::min(cycle.frames - offset, link::kMaxFrames);
        render_chunk(cycle, offset, frames);
        offset += frames;
    }
    const auto end = now_ns();
    const auto flags = cycle.flags | (cycle.deadline_ns == 0 ? std::uint32_t{kCycleUnpaced} : 0);
    region_.process_left_ns.store(end, std::memory_order_relaxed);
    const auto* build = swap_.current();
    link::append(region_.cycles,
                 link::CycleRecord{
                     frame, cycle.frames, flags, begin, end, cycle.lost_frames,
                     build != nullptr ? build->generation : 0, cycle.due_ns, cycle.wake_ns,
                     cycle.deadline_ns, cycle.cpu_ns, cycle.rate_measured_hz, cycle.in_delay_frames,
                     cycle.out_delay_frames, calibration_frames_.load(std::memory_order_relaxed),
                     cycle.epoch, cycle.xruns_in, cycle.xruns_out});
}

void Engine::render_chunk(const Cycle& cycle, std::uint32_t offset, std::uint32_t frames) {
    float* out[link::kMaxChannels];
    const float* device[link::kMaxChannels];
    const auto out_count = std::min(cycle.out_count, link::kMaxChannels);
    const auto in_count = std::min(cycle.in_count, link::kMaxChannels);
    for (std::uint32_t c = 0; c < out_count; ++c) {
        out[c] = cycle.out[c] + offset;
    }
    for (std::uint32_t c = 0; c < in_count; ++c) {
        device[c] = cycle.in[c] + offset;
    }

    const bool fresh = take_new_build();
    auto* build = swap_.current();
    source_.read(device, in_count, frames, in_);

    const bool one_midi_chunk = offset == 0; // a period of more than kMaxFrames is not a live one
    events_.gather(frame_, frames, cycle.midi, one_midi_chunk ? cycle.midi_count : 0, params_);
    params_.snapshot(frame_, build, swap_.leaving(), fresh);
    events_.drop_overtaken(params_);
    panic();

    Chunk chunk;
    chunk.frame = frame_;
    chunk.frames = frames;
    chunk.flags = offset == 0 ? block_flags(cycle.flags, frame_) : 0;
    chunk.in = in_;
    chunk.in_count = in_count;
    chunk.silence = source_.silence();
    chunk.transport = &transport_.read(cycle.transport, offset, frames, rate_hz_);
    chunk.rate_hz = rate_hz_;
    chunk.events = events_.begin();
    chunk.events_end = events_.end();
    chunk.watched_taps = watched_taps_.load(std::memory_order_acquire); // partner: watch_taps

    process(chunk, out, out_count);
    events_.commit(frame_, params_);
    if (build != nullptr) {
        send_midi(*build, cycle.midi_out, offset);
    }
    monitor_.apply(frame_, out, out_count, frames);
    publish(chunk, out, out_count);
    frame_ += frames;
    region_.frame.store(frame_, std::memory_order_release); // partner: StreamCursor
}

bool Engine::take_new_build() {
    if (!swap_.begin(frame_)) {
        return false;
    }
    const auto generation = swap_.current()->generation;
    const bool first = swap_.leaving() == nullptr;
    if (first) {
        monitor_.fade_in_again();
    }
    region_.generation.store(generation, std::memory_order_relaxed);
    const auto& swap = swap_.audio_report();
    const auto kind = first ? link::JournalEntry::start : link::JournalEntry::swap_begin;
    link::append(region_.journal, link::JournalEntry{frame_, kind, generation, swap.warm_frames, 0,
                                                     swap.fade_frames, 0});
    return true;
}

void Engine::panic() {
    const auto panics = server_.panic_count.load(std::memory_order_relaxed);
    if (panics == panics_) {
        return;
    }
    panics_ = panics;
    for (auto* build : {swap_.current(), swap_.leaving()}) {
        if (build != nullptr && !build->failed) {
            region_.in_process.store(build->generation, std::memory_order_relaxed);
            build->plugin->reset(build->instance);
            region_.in_process.store(0, std::memory_order_relaxed);
        }
    }
    link::append(region_.journal,
                 link::JournalEntry{frame_, link::JournalEntry::reset, 0, 0, 0, 0, 0});
}

void Engine::process(const Chunk& chunk, float* const* out, std::uint32_t out_count) {
    auto* build = swap_.current();
    auto* leaving = swap_.leaving();
    // Straight into the device's buffers where nothing else is to be mixed in.
    float* target[link::kMaxChannels];
    const float* fresh[link::kMaxChannels] = {};
    if (build != nullptr) {
        for (std::uint32_t c = 0; c < build->out_channels; ++c) {
            const auto d = build->out_device[c];
            target[c] = leaving == nullptr && d < out_count ? out[d] : build->out_buffers[c];
            if (d < out_count) {
                fresh[d] = target[c];
            }
        }
    }
    if (build != nullptr && swap_.runs_current()) {
        params_.fill(*build);
        build->emitted->count = 0;
        run(*build, chunk, target, false, region_);
    }
    if (leaving != nullptr) {
        mix_leaving(chunk, *leaving, fresh, out, out_count);
    } else {
        for (std::uint32_t d = 0; d < out_count; ++d) {
            if (fresh[d] == nullptr) {
                std::memset(out[d], 0, chunk.frames * sizeof(float));
            }
        }
    }
    bypass(chunk, out, out_count);
    if (swap_.finish() && leaving != nullptr) {
        link::append(region_.journal,
                     link::JournalEntry{chunk.frame + chunk.frames, link::JournalEntry::swap_end,
                                        build->generation, 0, 0, 0, 0});
    }
}

void Engine::mix_leaving(const Chunk& chunk, Build& leaving, const float* const* fresh,
                         float* const* out, std::uint32_t out_count) {
    const float* old[link::kMaxChannels] = {};
    for (std::uint32_t c = 0; c < leaving.out_channels; ++c) {
        if (leaving.out_device[c] < out_count) {
            old[leaving.out_device[c]] = leaving.out_buffers[c];
        }
    }
    if (swap_.runs_leaving()) {
        params_.fill(leaving);
        leaving.emitted->count = 0;
        run(leaving, chunk, leaving.out_buffers, true, region_);
    }
    swap_.mix(fresh, old, out, out_count, chunk.frames);
}

/// Dry input in place of the output, as late as the plugin would be: the input's own stream
/// remembers it.
void Engine::bypass(const Chunk& chunk, float* const* out, std::uint32_t out_count) {
    bypass_.aim(server_.bypass.load(std::memory_order_relaxed) != 0 ? 1.0F : 0.0F);
    const auto* build = swap_.current();
    if (build == nullptr || (bypass_.settled() && bypass_.value() == 0.0F)) {
        return;
    }
    const Ramp start = bypass_;
    for (std::uint32_t c = 0; c < build->out_channels; ++c) {
        if (build->out_device[c] >= out_count) {
            continue;
        }
        float* wet = out[build->out_device[c]];
        const auto d = build->in_channels > 0
                           ? build->in_device[std::min(c, build->in_channels - 1)]
                           : kNoChannel;
        const float* dry = dry_input(chunk, d, build->latency_frames);
        bypass_ = start;
        for (std::uint32_t i = 0; i < chunk.frames; ++i) {
            const float g = bypass_.next();
            wet[i] = g >= 1.0F ? dry[i] : wet[i] + g * (dry[i] - wet[i]);
        }
    }
}

const float* Engine::dry_input(const Chunk& chunk, std::uint32_t channel,
                               std::uint32_t latency_frames) {
    if (channel >= chunk.in_count) {
        return chunk.silence;
    }
    if (latency_frames == 0) {
        return chunk.in[channel];
    }
    float* stream = streams_.input(channel);
    link::write_stream(stream, streams_.frames, chunk.frame, chunk.in[channel], chunk.frames);
    link::read_stream(stream, streams_.frames,
                      chunk.frame - std::min(latency_frames, streams_.frames / 2), dry_,
                      chunk.frames);
    return dry_;
}

void Engine::send_midi(const Build& build, MidiOut* midi, std::uint32_t offset) {
    for (std::uint32_t i = 0; midi != nullptr && i < build.emitted->count; ++i) {
        const jig_event& event = build.emitted->events[i];
        if (midi->count == midi->capacity) {
            region_.events_dropped.store(region_.events_dropped.load(std::memory_order_relaxed) + 1,
                                         std::memory_order_relaxed);
            return;
        }
        MidiOut::Message message{offset + event.frame, 3, {}};
        const auto note = event.u.note;
        const auto channel =
            static_cast<std::uint8_t>(std::max<std::int16_t>(note.channel, 0) & 15);
        if (event.type == JIG_EVENT_NOTE_ON || event.type == JIG_EVENT_NOTE_OFF) {
            const bool on = event.type == JIG_EVENT_NOTE_ON;
            const float velocity = std::clamp(note.velocity, 0.0F, 1.0F) * 127.0F + 0.5F;
            message.bytes[0] = static_cast<std::uint8_t>((on ? 0x90 : 0x80) | channel);
            message.bytes[1] = static_cast<std::uint8_t>(note.key & 0x7f);
            message.bytes[2] =
                std::max<std::uint8_t>(static_cast<std::uint8_t>(velocity), on ? 1 : 0);
        } else if (event.type == JIG_EVENT_MIDI) {
            std::memcpy(message.bytes, event.u.midi, 3);
            const auto status = message.bytes[0] & 0xf0;
            message.size = status == 0xc0 || status == 0xd0 ? 2 : 3;
        } else {
            continue;
        }
        midi->messages[midi->count++] = message;
    }
}

void Engine::publish(const Chunk& chunk, float* const* out, std::uint32_t out_channels) {
    for (std::uint32_t c = 0; c < chunk.in_count; ++c) {
        link::write_stream(streams_.input(c), streams_.frames, chunk.frame, chunk.in[c],
                           chunk.frames);
    }
    for (std::uint32_t c = 0; c < out_channels; ++c) {
        link::write_stream(streams_.output(c), streams_.frames, chunk.frame, out[c], chunk.frames);
    }
    region_.in_channels.store(chunk.in_count, std::memory_order_relaxed);
    region_.out_channels.store(out_channels, std::memory_order_relaxed);
    if (const auto* build = swap_.current(); build != nullptr) {
        publish_build(*build, chunk.frames);
    }
}

void Engine::publish_build(const Build& build, std::uint32_t frames) {
    for (std::uint32_t t = 0; t < build.tap_count; ++t) {
        if (build.taps[t] == nullptr) {
            continue;
        }
        if (build.tap_kinds[t] == JIG_TAP_AUDIO) {
            link::write_stream(streams_.tap(t), streams_.frames, frame_, build.tap_buffers[t],
                               frames);
        } else {
            region_.tap_values[t].store(build.tap_buffers[t][0], std::memory_order_relaxed);
        }
    }
    for (std::uint32_t i = 0; i < build.param_count; ++i) {
        if ((build.param_flags[i] & JIG_PARAM_OUTPUT) != 0) {
            region_.out_params[build.slots[i]].store(build.out_params[i],
                                                     std::memory_order_relaxed);
        }
    }
}

} // namespace jig::rt
