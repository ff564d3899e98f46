#include "audio/manual.hpp"

#include "audio/clock.hpp"
#include "audio/ports.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <optional>

namespace jig::audio {

Result<DeviceInfo> ManualDevice::open(const DeviceConfig& config) {
    if (const std::optional<Error> fault = check_timing(config)) {
        return *fault;
    }
    config_ = config;
    info_ = {};
    info_.kind = "manual";
    info_.name = "Manual device";
    info_.id = "manual, " + timing_name(config.rate_hz, config.period_frames);
    info_.rate_hz = config.rate_hz;
    info_.period_frames = config.period_frames;
    info_.max_frames = kMaxFrames;
    info_.realtime_note = "a manual device runs on its caller's thread";
    cable_ = {};
    if (config.cable_frames >= 0) {
        const auto delay = static_cast<std::uint32_t>(config.cable_frames);
        cable_ = Cable(std::min(config.in.size(), config.out.size()), delay);
        info_.round_trip_frames = delay;
        info_.round_trip_exact = true;
        info_.max_frames = std::min(kMaxFrames, delay);
    }
    inputs_connected_ = config.connect_inputs;
    return info_;
}

Result<void> ManualDevice::start(rt::Callback callback, void* context) {
    if (info_.kind.empty()) {
        return Error{"The manual device cannot start: it is not open; open it first."};
    }
    callback_ = callback;
    context_ = context;
    first_ = true;
    device_frame_ = 0;
    cycles_ = 0;
    lost_frames_ = 0;
    discontinuity_ = false;
    ++epoch_;
    return {};
}

void ManualDevice::stop() {
    callback_ = nullptr;
}

void ManualDevice::close() {
    stop();
    info_ = {};
    events_.clear();
}

Result<void> ManualDevice::add_ports(const DeviceConfig& config) {
    if (const std::optional<Error> fault = check_config(config)) {
        return *fault;
    }
    add_missing_ports(config_, config);
    return {};
}

std::vector<std::pair<std::string, std::string>> ManualDevice::connections() {
    return config_.connections;
}

std::vector<DeviceEvent> ManualDevice::poll_events() {
    return std::exchange(events_, {});
}

void ManualDevice::lose_frames(std::int32_t frames) {
    lost_frames_ = frames;
    discontinuity_ = true;
    device_frame_ += static_cast<std::uint64_t>(std::max(frames, 0));
    post({DeviceEvent::Kind::xrun, 1});
}

const Pumped& ManualDevice::pump(std::uint32_t frames) {
    return pump(frames, {}, {});
}

const Pumped& ManualDevice::pump(const std::vector<std::vector<float>>& input,
                                 const std::vector<PumpedMidi>& midi) {
    return pump(input.empty() ? 0U : static_cast<std::uint32_t>(input.front().size()), input, midi);
}

const Pumped& ManualDevice::pump(std::uint32_t frames, const std::vector<std::vector<float>>& input,
                                 const std::vector<PumpedMidi>& midi) {
    assert(frames <= info_.max_frames);
    pumped_.out.resize(config_.out.size());
    for (std::vector<float>& channel : pumped_.out) {
        channel.assign(frames, std::numeric_limits<float>::quiet_NaN());
    }
    pumped_.midi.clear();
    if (callback_ == nullptr || frames == 0) {
        return pumped_;
    }
    fill_inputs(frames, input);
    midi_in_.clear();
    for (const PumpedMidi& message : midi) {
        midi_in_.push_back({message.frame, static_cast<std::uint32_t>(message.bytes.size()),
                            message.bytes.data()});
    }
    run_cycle(frames);
    for (std::size_t channel = 0; channel < pumped_.out.size(); ++channel) {
        cable_.write(channel, pumped_.out[channel].data(), frames);
    }
    cable_.advance(frames);
    return pumped_;
}

void ManualDevice::fill_inputs(std::uint32_t frames, const std::vector<std::vector<float>>& input) {
    in_.resize(config_.in.size());
    for (std::size_t channel = 0; channel < in_.size(); ++channel) {
        in_[channel].resize(frames);
        if (channel < input.size()) {
            assert(input[channel].size() >= frames);
            std::copy_n(input[channel].begin(), frames, in_[channel].begin());
        } else {
            cable_.read(channel, in_[channel].data(), frames);
        }
    }
}

void ManualDevice::run_cycle(std::uint32_t frames) {
    std::array<const float*, kMaxPorts> in{};
    std::array<float*, kMaxPorts> out{};
    std::transform(in_.begin(), in_.end(), in.begin(), [](const auto& c) { return c.data(); });
    std::transform(pumped_.out.begin(), pumped_.out.end(), out.begin(),
                   [](auto& c) { return c.data(); });
    midi_out_.resize(kMaxMidiOut);
    rt::MidiOut midi_out{midi_out_.data(), kMaxMidiOut, 0};

    rt::Cycle cycle;
    cycle.frames = frames;
    cycle.flags = (first_ ? rt::kCycleFirst : 0U) | (freewheel_ ? rt::kCycleFreewheel : 0U) |
                  (discontinuity_ ? rt::kCycleDiscontinuity : 0U) |
                  (restarted_ ? rt::kCycleRestarted : 0U) |
                  (cable_.plugged() ? rt::kCycleDelayExact : 0U);
    cycle.rate_hz = info_.rate_hz;
    cycle.in = in.data();
    cycle.out = out.data();
    cycle.in_count = static_cast<std::uint32_t>(in_.size());
    cycle.out_count = static_cast<std::uint32_t>(pumped_.out.size());
    cycle.midi = midi_in_.data();
    cycle.midi_count = static_cast<std::uint32_t>(midi_in_.size());
    cycle.midi_out = config_.midi_out ? &midi_out : nullptr;
    cycle.transport = transport_;
    cycle.wake_ns = monotonic_ns();
    cycle.cycle = cycles_;
    cycle.device_frame_in = device_frame_;
    cycle.device_frame_out = device_frame_;
    cycle.out_delay_frames = static_cast<std::int32_t>(cable_.delay_frames());
    cycle.xruns_in = discontinuity_ ? 1 : 0;
    cycle.xruns_out = cycle.xruns_in;
    cycle.epoch = epoch_;
    cycle.lost_frames = lost_frames_;
    callback_(context_, cycle);

    for (std::uint32_t i = 0; i < midi_out.count; ++i) {
        const rt::MidiOut::Message& sent = midi_out_[i];
        pumped_.midi.push_back({sent.frame, {sent.bytes, sent.bytes + sent.size}});
    }
    device_frame_ += frames;
    ++cycles_;
    lost_frames_ = 0;
    discontinuity_ = false;
    restarted_ = false;
    first_ = false;
}

} // namespace jig::audio
