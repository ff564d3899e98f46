#include "audio/virtual.hpp"

#include "audio/clock.hpp"
#include "audio/ports.hpp"
#include "audio/scheduling.hpp"

#include <algorithm>
#include <future>
#include <sys/prctl.h>

namespace jig::audio {

Result<DeviceInfo> VirtualDevice::open(const DeviceConfig& config) {
    if (const std::optional<Error> fault = check_timing(config)) {
        return *fault;
    }
    close();
    config_ = config;
    info_.kind = "virtual";
    info_.name = "Virtual device";
    info_.id = "virtual, " + timing_name(config.rate_hz, config.period_frames);
    info_.rate_hz = config.rate_hz;
    info_.period_frames = config.period_frames;
    info_.max_frames = config.period_frames;
    info_.round_trip_frames = 2 * config.period_frames;
    info_.round_trip_exact = true;
    in_.grow(config.in.size(), config.period_frames);
    out_.grow(config.out.size(), config.period_frames);
    if (config.cable_frames >= 0) {
        info_.detail = "cable of " + std::to_string(config.cable_frames) + " frames";
        cable_ = Cable(std::min(config.in.size(), config.out.size()),
                       static_cast<std::uint32_t>(config.cable_frames));
    }
    return info();
}

Result<void> VirtualDevice::start(rt::Callback callback, void* context) {
    if (info_.kind.empty()) {
        return Error{"The virtual device cannot start: it is not open; open it first."};
    }
    stop();
    callback_ = callback;
    context_ = context;
    ++epoch_;
    running_.store(true, std::memory_order_relaxed); // before the thread begins
    std::promise<void> ready;
    std::future<void> begun = ready.get_future();
    thread_ = std::thread([this, ready = std::move(ready)]() mutable {
        realtime_.store(make_realtime(), std::memory_order_relaxed); // set_value() publishes it
        ready.set_value();
        run();
    });
    begun.wait();
    return {};
}

void VirtualDevice::stop() {
    running_.store(false, std::memory_order_relaxed); // join() orders the rest
    if (thread_.joinable()) {
        thread_.join();
    }
}

void VirtualDevice::close() {
    stop();
    for (Channels* channels : {&in_, &out_}) {
        channels->clear();
    }
    cable_ = {};
    info_ = {};
}

Result<void> VirtualDevice::add_ports(const DeviceConfig& config) {
    Result<DeviceConfig> grown = with_ports(config_, config);
    if (!grown) {
        return Error{grown.error()};
    }
    config_ = std::move(*grown);
    in_.grow(config_.in.size(), info_.period_frames);
    out_.grow(config_.out.size(), info_.period_frames);
    return {};
}

std::vector<DeviceEvent> VirtualDevice::poll_events() {
    std::vector<DeviceEvent> events;
    events_.drain(events);
    return events;
}

DeviceInfo VirtualDevice::info() const {
    DeviceInfo info = info_;
    info.realtime = realtime_.load(std::memory_order_relaxed); // start() waited for it
    if (!info.realtime) {
        info.realtime_note =
            "The virtual device runs without real-time scheduling: " + realtime_remedy() + ".";
    }
    return info;
}

/// When the period that ends before `frame` is complete.
std::int64_t VirtualDevice::instant_of(std::uint64_t frame) const {
    return start_ns_ + duration_ns(frame, info_.rate_hz);
}

/// False when the device was stopped meanwhile.
bool VirtualDevice::sleep_until(std::int64_t instant_ns) const {
    // A period may last seconds; stop() shall not.
    constexpr std::int64_t kSliceNs = kNsPerSecond / 20;
    while (running_.load(std::memory_order_relaxed)) {
        const std::int64_t until = std::min(instant_ns, monotonic_ns() + kSliceNs);
        const timespec wake{until / kNsPerSecond, until % kNsPerSecond};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, nullptr);
        if (monotonic_ns() >= instant_ns) {
            return running_.load(std::memory_order_relaxed);
        }
    }
    return false;
}

void VirtualDevice::skip_lost_periods(rt::Cycle& cycle, std::int64_t late_ns) {
    const std::int64_t period_ns = duration_ns(cycle.frames, info_.rate_hz);
    if (late_ns >= period_ns) {
        cycle.flags |= rt::kCycleCatchup;
    }
    if (late_ns <= 2 * period_ns) {
        return;
    }
    // What the ring of a real device would have lost; the remainder is caught up.
    const auto whole_periods = static_cast<std::uint64_t>(late_ns / period_ns);
    const std::uint64_t lost = whole_periods * cycle.frames;
    cycle.device_frame_in += lost;
    cycle.xruns_in = 1;
    cycle.xruns_out = 1;
    cycle.lost_frames = static_cast<std::int32_t>(std::min<std::uint64_t>(lost, INT32_MAX));
    cycle.flags = (cycle.flags & ~rt::kCycleCatchup) | rt::kCycleDiscontinuity;
    events_.push(DeviceEvent::Kind::xrun, 1);
}

void VirtualDevice::run_cycle(rt::Cycle& cycle) {
    cycle.in_count = in_.count();
    cycle.out_count = out_.count();
    if (cable_.plugged()) {
        for (std::uint32_t i = 0; i < cycle.in_count; ++i) {
            cable_.read(i, in_.buffers()[i], cycle.frames);
        }
    }
    callback_(context_, cycle);
    if (cable_.plugged()) {
        for (std::uint32_t i = 0; i < cycle.out_count; ++i) {
            cable_.write(i, out_.buffers()[i], cycle.frames);
        }
        cable_.advance(cycle.frames);
    }
}

void VirtualDevice::run() {
    prctl(PR_SET_TIMERSLACK, 1UL);
    prefault_stack();
    rt::Cycle cycle;
    cycle.frames = info_.period_frames;
    cycle.rate_hz = info_.rate_hz;
    cycle.in = in_.buffers();
    cycle.out = out_.buffers();
    cycle.epoch = epoch_;
    cycle.flags = rt::kCycleFirst;
    cycle.rate_measured_hz = info_.rate_hz; // the clock that it would be measured by is its own
    cycle.in_delay_frames = static_cast<std::int32_t>(cycle.frames);
    cycle.out_delay_frames = cycle.in_delay_frames;
    start_ns_ = monotonic_ns();
    while (sleep_until(instant_of(cycle.device_frame_in + cycle.frames))) {
        begin(cycle);
        run_cycle(cycle);
        end(cycle);
    }
}

void VirtualDevice::begin(rt::Cycle& cycle) {
    constexpr std::uint32_t kAlways =
        rt::kCycleLinked | rt::kCycleClockShared | rt::kCycleDelayExact;
    cycle.flags |= kAlways;
    cycle.wake_ns = monotonic_ns();
    cycle.cpu_ns = thread_cpu_ns();
    cycle.due_ns = instant_of(cycle.device_frame_in + cycle.frames);
    skip_lost_periods(cycle, cycle.wake_ns - cycle.due_ns);
    cycle.device_frame_out = cycle.device_frame_in;
    cycle.capture_ns = instant_of(cycle.device_frame_in);
    cycle.playback_ns = instant_of(cycle.device_frame_in + 2 * std::uint64_t{cycle.frames});
    // A late cycle has used its time up; its deadline is still after its beginning.
    cycle.deadline_ns = std::max(cycle.wake_ns + 1, cycle.playback_ns);
}

void VirtualDevice::end(rt::Cycle& cycle) const {
    ++cycle.cycle;
    cycle.device_frame_in += cycle.frames;
    cycle.lost_frames = 0;
    cycle.xruns_in = 0;
    cycle.xruns_out = 0;
    cycle.flags = 0;
}

std::unique_ptr<Device> make_virtual_device() {
    return std::make_unique<VirtualDevice>();
}

} // namespace jig::audio
