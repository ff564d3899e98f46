#include "audio/jack_process.hpp"

#include "audio/clock.hpp"

#include <algorithm>
#include <thread>
#include <unistd.h>

namespace jig::audio {

namespace {

/// Until then the server's loop has not locked on to the device.
constexpr std::int64_t kSettleNs = 5 * kNsPerSecond;
constexpr double kStandstillSeconds = 0.25;

} // namespace

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
    cycle.cpu_ns = thread_cpu_ns();
    cycle.epoch = epoch_;
    cycle.flags = (freewheel_.load(std::memory_order_relaxed) ? rt::kCycleFreewheel : 0U) |
                  rt::kCycleLinked | rt::kCycleClockShared; // to a client it is one device
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

    ports_.deliver(buffers, frames);
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
    double rate_hz = 0;
    cycle.deadline_ns = cycle.wake_ns + duration_ns(cycle.frames, cycle.rate_hz);
    if (jack_get_cycle_times(client, &server_frame, &begin_us, &end_us, &period_us) == 0) {
        // JACK's clock need not be ours, but runs as fast.
        const std::int64_t ahead_ns =
            monotonic_ns() - static_cast<std::int64_t>(jack_get_time()) * 1000;
        cycle.due_ns = static_cast<std::int64_t>(begin_us) * 1000 + ahead_ns;
        cycle.deadline_ns =
            std::min(cycle.deadline_ns, static_cast<std::int64_t>(end_us) * 1000 + ahead_ns);
        rate_hz = period_us > 0 ? cycle.frames * 1e6 / period_us : 0;
    } else {
        server_frame = jack_last_frame_time(client);
    }
    // A late cycle has used its time up; its deadline is still after its beginning.
    cycle.deadline_ns = std::max(cycle.deadline_ns, cycle.wake_ns + 1);
    account_for_lost_frames(cycle, server_frame);
    next_server_frame_ = server_frame + cycle.frames;
    cycle.cycle = cycle_++;
    cycle.device_frame_in = device_frame_;
    cycle.device_frame_out = device_frame_;
    device_frame_ += cycle.frames;
    if ((cycle.flags & rt::kCycleFreewheel) != 0) {
        cycle.deadline_ns = 0;
    } else if (duration_ns(device_frame_, cycle.rate_hz) > kSettleNs) {
        cycle.rate_measured_hz = rate_hz;
    }
    take_delays(cycle);
}

void JackProcess::take_delays(rt::Cycle& cycle) const noexcept {
    const std::uint32_t in = in_delay_frames_.load(std::memory_order_relaxed);
    const std::uint32_t out = out_delay_frames_.load(std::memory_order_relaxed);
    cycle.in_delay_frames = static_cast<std::int32_t>(in);
    cycle.out_delay_frames = static_cast<std::int32_t>(out);
    if (cycle.due_ns != 0) {
        cycle.capture_ns = cycle.due_ns - duration_ns(in, cycle.rate_hz);
        cycle.playback_ns = cycle.due_ns + duration_ns(out, cycle.rate_hz);
    }
}

void JackProcess::note_xrun(float delay_us) noexcept {
    // A device that stood still for more than a minute came back as another.
    constexpr float kLongest = 60e6F;
    if (delay_us > 0 && delay_us < kLongest) {
        xrun_us_.fetch_add(static_cast<std::uint32_t>(delay_us), std::memory_order_relaxed);
    }
    xruns_.fetch_add(1, std::memory_order_relaxed);
}

void JackProcess::account_for_lost_frames(rt::Cycle& cycle, std::uint32_t server_frame) noexcept {
    const std::uint32_t xruns = xruns_.exchange(0, std::memory_order_relaxed);
    const std::uint32_t stood_us = xrun_us_.exchange(0, std::memory_order_relaxed);
    if (seen_epoch_ != epoch_) {
        seen_epoch_ = epoch_;
        device_frame_ = 0;
        cycle_ = 0;
        cycle.flags |= rt::kCycleFirst;
        return;
    }
    // JACK counts in 32 bits, and may count on over an xrun as if nothing had been lost.
    const auto jump = static_cast<std::int32_t>(server_frame - next_server_frame_);
    const auto stood = static_cast<std::int32_t>(stood_us * 1e-6 * cycle.rate_hz);
    if (jump > 0 || stood > 0) {
        cycle.lost_frames = std::max(jump, stood);
        device_frame_ += static_cast<std::uint32_t>(cycle.lost_frames);
        // A few frames are missed where a server only counts anew; after so many it was silent.
        const bool stood_still = cycle.lost_frames > cycle.rate_hz * kStandstillSeconds;
        if (stood_still && (cycle.flags & rt::kCycleFreewheel) == 0) {
            cycle.flags |= rt::kCycleRestarted;
        }
    } else if (xruns > 0) {
        cycle.lost_frames = -1;
    }
    if (cycle.lost_frames != 0) {
        cycle.flags |= rt::kCycleDiscontinuity;
        // Which direction it was, JACK does not say; the two run as one.
        cycle.xruns_in = std::max(1U, xruns);
        cycle.xruns_out = cycle.xruns_in;
    }
}

} // namespace jig::audio
