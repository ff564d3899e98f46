// jig/audio/alsa/device.hpp: a sound card, or two, as one duplex device.
#pragma once

#include "audio/alsa/duplex.hpp"
#include "audio/alsa/open_pair.hpp"
#include "audio/device.hpp"
#include "base/fd.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <thread>

namespace jig::audio::alsa {

/// Capture and playback in one callback, the round trip exactly the prefill. Two cards with two
/// clocks are refused, unless the config says that the input shall be resampled.
class AlsaDevice final : public Device {
  public:
    explicit AlsaDevice(Api& api = system_api());
    ~AlsaDevice() override { close(); }

    [[nodiscard]] Result<DeviceInfo> open(const DeviceConfig& config) override;
    [[nodiscard]] Result<void> start(rt::Callback callback, void* context) override;
    void stop() override;
    void close() override;
    [[nodiscard]] Result<void> add_ports(const DeviceConfig& config) override;
    void set_inputs_connected(bool connected) override { planes_.open_inputs(connected); }
    void set_plugin_latency(std::uint32_t /*frames*/) override {}
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> connections() override {
        return {};
    }
    [[nodiscard]] std::vector<DeviceEvent> poll_events() override;
    [[nodiscard]] DeviceInfo info() const override;

  private:
    [[nodiscard]] Result<Pair> on_one_clock(Pair pair);
    void describe(const OpenedPair& opened, const DeviceConfig& config);
    void forget_stop();
    void run();

    Api& api_;
    UniqueFd stop_;
    DeviceConfig config_;
    DeviceInfo info_;
    Planes planes_;
    EventQueue events_;
    std::optional<Duplex> duplex_;
    std::atomic<bool> realtime_{false};
    std::thread thread_;
};

} // namespace jig::audio::alsa
