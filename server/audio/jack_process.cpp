#include "audio/jack_process.hpp"

#include "audio/clock.hpp"

#include <algorithm>
#include <thread>
#include <unistd.h>

namespace jig::audio {

void JackProcess::begin(rt::Callback callback, void* context, std::uint32_t epoch) {
    end();
    callback_ = callback;
    context_ = context;
    epoch_ = epoch;
    gate_.store(true, std::memory_order_seq_cst); // pairs with the load in run()
}

void JackProcess::end() {
    // Each side writes its own flag, then reads the other's: sequential consistency lets at least
    // one of the two see the other.
    gate_.store(false, std::memory_order_seq_cst);
    while (inside_.load(std::memory_order_seq_cst)) {
        std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
}

void JackProcess::run(jack_client_t* client, jack_nframes_t frames) noexcept {
    const std::int64_t wake_ns = monotonic_ns();
    inside_.store(true, std::memory_order_seq_cst); // pairs with the load in end()
    if (thread_.load(std::memory_order_relaxed) == 0) {
        thread_.store(gettid(), std::memory_order_release); // pairs with thread()
    }
    cycles_.fetch_add(1, std::memory_order_relaxed);
    const bool fits = frames > 0 && frames <= kMaxFrames;
    if (gate_.load(std::memory_order_seq_cst) && fits) {
        render(client, frames, wake_ns);
    } else {
        ports_.silence(frames);
    }
    inside_.store(false, std::memory_order_seq_cst);
}

void JackProcess::render(jack_client_t* client, jack_nframes_t frames,
                         std::int64_t wake_ns) noexcept {
    rt::Cycle cycle;
    cycle.frames = frames;
    cycle.rate_hz = rate_hz_.load(std::memory_order_relaxed);
    cycle.wake_ns = wake_ns;
    cycle.epoch = epoch_;
    cycle.flags = freewheel_.load(std::memory_order_relaxed) ? rt::kCycleFreewheel : 0U;
    take_time(client, cycle);
    cycle.transport = transport_.query(client);

    const JackPorts::Buffers buffers = ports_.buffers(frames);
    cycle.in = buffers.in;
    cycle.out = buffers.out;
    cycle.in_count = buffers.in_count;
    cycle.out_count = buffers.out_count;
    jack_port_t* midi_out = ports_.midi_out();
    midi_.begin(cycle, ports_.midi_in(), midi_out);

    callback_(context_, cycle);

    midi_.end(cycle, midi_out);
    if (const std::uint32_t dropped = midi_.take_dropped()) {
        events_.push(DeviceEvent::Kind::midi_dropped, dropped);
    }
}

void JackProcess::take_time(jack_client_t* client, rt::Cycle& cycle) noexcept {
    jack_nframes_t server_frame = 0;
    jack_time_t begin_us = 0;
    jack_time_t end_us = 0;
    float period_us = 0;
    const auto period_ns = static_cast<std::int64_t>(cycle.frames * 1e9 / cycle.rate_hz);
    if (jack_get_cycle_times(client, &server_frame, &begin_us, &end_us, &period_us) == 0) {
        // JACK's clock need not be ours, but runs as fast.
        const auto left_us = static_cast<std::int64_t>(end_us - jack_get_time());
        cycle.deadline_ns = std::min(monotonic_ns() + left_us * 1000, cycle.wake_ns + period_ns);
    } else {
        server_frame = jack_last_frame_time(client);
        cycle.deadline_ns = cycle.wake_ns + period_ns;
    }
    // A late cycle has used its time up; its deadline is still after its beginning.
    cycle.deadline_ns = std::max(cycle.deadline_ns, cycle.wake_ns + 1);
    if ((cycle.flags & rt::kCycleFreewheel) != 0) {
        cycle.deadline_ns = 0;
    }
    account_for_lost_frames(cycle, server_frame);
    next_server_frame_ = server_frame + cycle.frames;
    cycle.device_frame_in = device_frame_;
    device_frame_ += cycle.frames;
}

void JackProcess::account_for_lost_frames(rt::Cycle& cycle, std::uint32_t server_frame) noexcept {
    const std::uint32_t xruns = xruns_.exchange(0, std::memory_order_relaxed);
    if (seen_epoch_ != epoch_) {
        seen_epoch_ = epoch_;
        device_frame_ = 0;
        cycle.flags |= rt::kCycleFirst;
        return;
    }
    // JACK counts in 32 bits, and may count on over an xrun as if nothing had been lost.
    const auto jump = static_cast<std::int32_t>(server_frame - next_server_frame_);
    if (jump > 0) {
        cycle.lost_frames = jump;
        device_frame_ += static_cast<std::uint32_t>(jump);
    } else if (xruns > 0) {
        cycle.lost_frames = -1;
    }
    if (cycle.lost_frames != 0) {
        cycle.flags |= rt::kCycleDiscontinuity;
    }
}

} // namespace jig::audio
