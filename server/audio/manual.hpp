// jig/audio/manual.hpp: a device pumped by hand, for tests and offline use: no thread, no clock, no
// sleep.
#pragma once

#include "audio/cable.hpp"
#include "audio/device.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace jig::audio {

/// MIDI that goes into or came out of a pumped cycle.
struct PumpedMidi {
    std::uint32_t frame = 0;
    std::vector<std::uint8_t> bytes;
};

/// What one pumped cycle gave back.
struct Pumped {
    std::vector<std::vector<float>> out; ///< [channel][frame]; NaN where the callback wrote nothing
    std::vector<PumpedMidi> midi;        ///< as sent, in the callback's order
};

/// Every call is made on one thread; pump() plays the audio thread. `deadline_ns` is 0 (none),
/// `wake_ns` is the time of the call.
class ManualDevice final : public Device {
  public:
    [[nodiscard]] Result<DeviceInfo> open(const DeviceConfig& config) override;
    [[nodiscard]] Result<void> start(rt::Callback callback, void* context) override;
    void stop() override;
    void close() override;
    [[nodiscard]] Result<void> add_ports(const DeviceConfig& config) override;
    void set_inputs_connected(bool connected) override { inputs_connected_ = connected; }
    void set_plugin_latency(std::uint32_t frames) override { plugin_latency_ = frames; }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> connections() override;
    [[nodiscard]] std::vector<DeviceEvent> poll_events() override;
    [[nodiscard]] DeviceInfo info() const override { return info_; }

    /// Runs one cycle of `frames` (≤ info().max_frames). `input` is [channel][frame]; channels that
    /// it lacks are silent, or fed by the cable. `midi` is sorted by frame. The device is started,
    /// else the outputs are NaN. What is returned lives until the next pump.
    const Pumped& pump(std::uint32_t frames);
    const Pumped& pump(std::uint32_t frames, const std::vector<std::vector<float>>& input,
                       const std::vector<PumpedMidi>& midi = {});
    /// As long as the input is.
    const Pumped& pump(const std::vector<std::vector<float>>& input,
                       const std::vector<PumpedMidi>& midi = {});

    /// Holds for the cycles that follow.
    void set_transport(const rt::DeviceTransport& transport) { transport_ = transport; }
    void set_freewheel(bool on) { freewheel_ = on; }
    /// The next cycle is discontinuous: `frames` were lost before it (−1: not known). Posts an
    /// xrun.
    void lose_frames(std::int32_t frames);
    /// … because the device was started again: its output was silent meanwhile.
    void restart(std::int32_t lost_frames) {
        lose_frames(lost_frames);
        restarted_ = true;
    }
    /// What poll_events() returns next, e.g. `lost`.
    void post(DeviceEvent event) { events_.push_back(std::move(event)); }

    [[nodiscard]] bool started() const { return callback_ != nullptr; }
    [[nodiscard]] bool inputs_connected() const { return inputs_connected_; }
    [[nodiscard]] std::uint32_t plugin_latency() const { return plugin_latency_; }
    [[nodiscard]] const DeviceConfig& config() const { return config_; }

  private:
    void fill_inputs(std::uint32_t frames, const std::vector<std::vector<float>>& input);
    void run_cycle(std::uint32_t frames);

    DeviceConfig config_;
    DeviceInfo info_;
    rt::Callback callback_ = nullptr;
    void* context_ = nullptr;
    rt::DeviceTransport transport_;
    std::vector<DeviceEvent> events_;
    std::vector<std::vector<float>> in_;
    std::vector<rt::MidiMessage> midi_in_;
    std::vector<rt::MidiOut::Message> midi_out_;
    Pumped pumped_;
    Cable cable_;
    std::uint64_t device_frame_ = 0;
    std::uint64_t cycles_ = 0;
    std::uint32_t epoch_ = 0;
    std::int32_t lost_frames_ = 0;
    std::uint32_t plugin_latency_ = 0;
    bool discontinuity_ = false;
    bool restarted_ = false;
    bool first_ = false;
    bool freewheel_ = false;
    bool inputs_connected_ = false;
};

} // namespace jig::audio
