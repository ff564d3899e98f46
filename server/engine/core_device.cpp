// The core's other half: the device it runs on, its loss and its return.
#include "engine/clip.hpp"
#include "engine/core.hpp"
#include "engine/memory.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <sys/mman.h>
#include <sys/stat.h>

namespace jig::engine {

using namespace std::chrono_literals;

namespace {

constexpr auto kReopenEvery = 250ms;
/// A device that is lost again within this time is asked for twice as late each time, up to 8 s.
constexpr auto kShortLived = 5s;
constexpr int kMostShortLives = 6;

std::vector<audio::Port> device_ports(const std::vector<PortName>& ports) {
    std::vector<audio::Port> made;
    for (const auto& port : ports) {
        made.push_back({port.name, port.main});
    }
    return made;
}

void merge_ports(std::vector<PortName>& ports, const std::vector<PortName>& more) {
    for (const auto& port : more) {
        const bool known = std::any_of(ports.begin(), ports.end(),
                                       [&](const PortName& p) { return p.name == port.name; });
        if (!known && ports.size() < link::kMaxChannels) {
            ports.push_back(port);
        }
    }
}

} // namespace

Result<link::DeviceState> Core::open_device(const link::OpenDevice& request) {
    stop_device();
    wanted_ = request;
    const auto build = current_ ? current_.get() : waiting_.get();
    if (build != nullptr) {
        add_ports(*build);
    }
    region_.frame.store(request.first_frame, std::memory_order_release);
    const auto opened = run_device(request.device);
    if (!opened) {
        return Error{opened.error()};
    }
    opened_at_ = now_();
    lost_ = false;
    return device_state();
}

audio::DeviceConfig Core::device_config() const {
    audio::DeviceConfig config;
    config.rate_hz = wanted_.rate_hz;
    config.period_frames = wanted_.period_frames;
    config.address = wanted_.address;
    config.periods = wanted_.periods;
    config.prefill_periods = wanted_.prefill_periods;
    config.resample_capture = wanted_.resample_capture;
    config.in = device_ports(in_ports_);
    config.out = device_ports(out_ports_);
    config.midi_in = midi_in_;
    config.midi_out = midi_out_;
    config.connect = wanted_.connect_physical ? audio::Connect::physical : audio::Connect::none;
    config.connect_inputs = wanted_.connect_inputs;
    config.client_name = wanted_.client_name.empty() ? "jig" : wanted_.client_name;
    config.connections = wanted_.connections;
    return config;
}

Result<std::unique_ptr<audio::Device>> Core::opened(const std::string& kind) const {
    auto device = make_device_(kind);
    auto config = device_config();
    if (lost_ && kind == "virtual") {
        config.rate_hz = rate_hz_; // standing in: as the lost device was
    }
    const auto info = device->open(config);
    if (!info) {
        return Error{info.error()};
    }
    return device;
}

Result<void> Core::run(std::unique_ptr<audio::Device> device) {
    adapt_to_rate(device->info().rate_hz);
    const link::StreamLayout layout{streams_, link::stream_frames(rate_hz_)};
    prefault_streams(rate_hz_);
    engine_->configure(rate_hz_, region_.frame.load(std::memory_order_relaxed), layout);
    const auto started = device->start(&rt::Engine::callback, engine_.get());
    if (!started) {
        device->close();
        return Error{started.error()};
    }
    if (current_) {
        device->set_plugin_latency(current_->rt().latency_frames);
    }
    device_ = std::move(device);
    if (!lost_ && !device_->info().address.empty()) {
        wanted_.address = device_->info().address;
    }
    engine_->set_calibration(calibration_of(device_->info().id).value_or(0));
    return {};
}

Result<void> Core::run_device(const std::string& kind) {
    auto device = opened(kind);
    return device ? run(std::move(*device)) : Result<void>(Error{device.error()});
}

void Core::stop_device() {
    if (device_) {
        device_->stop();
        device_->close();
        device_.reset();
    }
}

void Core::adapt_to_rate(double rate_hz) {
    if (rate_hz == rate_hz_) {
        return;
    }
    rate_hz_ = rate_hz;
    for (auto* build : {current_.get(), leaving_.get()}) {
        if (build != nullptr && !build->change_rate(rate_hz)) {
            build->rt().failed = true; // silent, and the page sees its errors counted
            region_.process_errors.fetch_add(1, std::memory_order_relaxed);
        }
    }
}

void Core::prefault_streams(double rate_hz) {
    const auto frames = link::stream_frames(rate_hz);
    const link::StreamLayout layout{streams_, frames};
    for (std::uint32_t c = 0; c < in_ports_.size(); ++c) {
        make_resident(layout.input(c), frames * sizeof(float));
    }
    for (std::uint32_t c = 0; c < out_ports_.size(); ++c) {
        make_resident(layout.output(c), frames * sizeof(float));
    }
}

void Core::add_ports(const LoadedBuild& build) {
    const auto before = in_ports_.size() + out_ports_.size();
    const bool midi_before = midi_in_ && midi_out_;
    merge_ports(in_ports_, build.in_ports());
    merge_ports(out_ports_, build.out_ports());
    midi_in_ = midi_in_ || build.info().has(JIG_PLUGIN_EVENTS_IN);
    midi_out_ = midi_out_ || build.info().has(JIG_PLUGIN_EVENTS_OUT);
    if (device_ == nullptr || (before == in_ports_.size() + out_ports_.size() && midi_before)) {
        return;
    }
    prefault_streams(rate_hz_);
    // A port that the device refuses is silent; its channels map to nothing.
    static_cast<void>(device_->add_ports(device_config()));
}

std::optional<std::int32_t> Core::calibration_of(const std::string& device_id) const {
    for (const auto& [id, frames] : wanted_.calibrations) {
        if (id == device_id) {
            return frames;
        }
    }
    return std::nullopt;
}

link::DeviceState Core::device_state() const {
    const auto info = device_->info();
    link::DeviceState state;
    state.kind = info.kind;
    state.name = info.name;
    state.rate_hz = info.rate_hz;
    state.period_frames = info.period_frames;
    state.realtime = info.realtime;
    state.realtime_note = info.realtime_note;
    const auto calibration = calibration_of(info.id);
    state.calibrated = calibration.has_value();
    state.calibration_frames = calibration.value_or(0);
    state.round_trip_frames = static_cast<std::uint32_t>(
        std::max<std::int64_t>(0, std::int64_t{info.round_trip_frames} + state.calibration_frames));
    state.round_trip_exact = info.round_trip_exact;
    state.resampler_frames = info.resampler_frames;
    state.id = info.id;
    state.detail = info.detail;
    state.has_input = info.has_input;
    state.has_output = info.has_output;
    state.lost = lost_;
    state.in_channels = static_cast<std::uint32_t>(in_ports_.size());
    state.out_channels = static_cast<std::uint32_t>(out_ports_.size());
    state.connections = lost_ ? wanted_.connections : device_->connections();
    return state;
}

void Core::look_after_device() {
    if (device_ == nullptr) {
        return;
    }
    bool lost = false;
    bool changed = false;
    bool reopen = false;
    for (const auto& event : device_->poll_events()) {
        switch (event.kind) {
        case audio::DeviceEvent::Kind::xrun:
            break; // its cycle's record says more
        case audio::DeviceEvent::Kind::lost:
            lost = true;
            break;
        case audio::DeviceEvent::Kind::rate_changed:
        case audio::DeviceEvent::Kind::reopen:
            reopen = true;
            break;
        case audio::DeviceEvent::Kind::connections_changed:
            wanted_.connections = device_->connections();
            changed = true;
            break;
        case audio::DeviceEvent::Kind::midi_dropped:
            region_.events_dropped.fetch_add(event.value, std::memory_order_relaxed);
            break;
        case audio::DeviceEvent::Kind::message:
            std::fprintf(stderr, "%s\n", event.text.c_str()); // the server shows it in its log
            break;
        case audio::DeviceEvent::Kind::period_changed:
        case audio::DeviceEvent::Kind::freewheel_changed:
        case audio::DeviceEvent::Kind::latency_changed:
            changed = true;
        }
    }
    if (reopen && !lost) {
        fade_out();
        stop_device();
        lost = !run_device(wanted_.device).ok();
        changed = true;
    }
    if (lost) {
        stand_in();
    } else if (lost_ && now_() >= next_attempt_) {
        return_to_device();
    } else if (changed) {
        engine_->set_calibration(calibration_of(device_->info().id).value_or(0));
        notices_.device_changed(device_state());
    }
}

/// The device is gone: the plugin runs on, on the virtual one, until it is back.
void Core::stand_in() {
    if (device_ && !lost_) {
        wanted_.connections = device_->connections();
    }
    stop_device();
    if (!lost_) {
        const bool short_lived = now_() - opened_at_ < kShortLived;
        short_lives_ = short_lived ? std::min(short_lives_ + 1, kMostShortLives) : 0;
    }
    lost_ = true;
    next_attempt_ = now_() + kReopenEvery * (1 << std::max(short_lives_ - 1, 0));
    if (run_device("virtual")) {
        notices_.device_changed(device_state());
    }
}

void Core::return_to_device() {
    next_attempt_ = now_() + kReopenEvery;
    auto device = opened(wanted_.device);
    if (!device) {
        return;
    }
    stop_device();
    lost_ = false;
    opened_at_ = now_();
    if (!run(std::move(*device))) {
        stand_in();
        return;
    }
    notices_.device_changed(device_state());
}

Result<void> Core::set_input_file(const link::InputFile& file, UniqueFd fd) {
    const auto bytes = file.frames * file.channels * sizeof(float);
    struct stat status {};
    if (!fd || file.channels == 0 || file.channels > link::kMaxChannels ||
        file.frames > (std::uint64_t{1} << 40) || ::fstat(fd.get(), &status) != 0 ||
        static_cast<std::uint64_t>(status.st_size) < bytes) {
        return Error{"the input file's memory does not hold what was announced"};
    }
    void* address = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED | MAP_POPULATE, fd.get(), 0);
    if (address == MAP_FAILED) {
        return Error{"cannot map the input file into the engine"};
    }
    ::mlock(address, bytes);
    auto clip = std::make_unique<LoadedClip>();
    clip->memory = link::Mapping(address, bytes);
    clip->clip = {static_cast<const float*>(address), file.frames, file.channels};
    if (clip_) {
        old_clips_.push_back(std::move(clip_));
    }
    clip_ = std::move(clip);
    engine_->source().offer(&clip_->clip);
    return {};
}

} // namespace jig::engine
