// jig/audio/virtual.hpp: a device without hardware: a thread that wakes on the clock, at any rate
// and period.
#pragma once

#include "audio/cable.hpp"
#include "audio/channels.hpp"
#include "audio/device.hpp"
#include "audio/event_queue.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace jig::audio {

/// Inputs are silent, or fed by the cable between the ports that open() gave; outputs go nowhere;
/// there is no MIDI. Like a card with two periods: an input period is complete when the cycle is
/// due, its output is played from the deadline on; round_trip_frames counts these two, whatever the
/// length of the cable. A wake-up more than two periods late is an xrun: the frames it missed are
/// lost, and counted; one less late is caught up.
class VirtualDevice final : public Device {
  public:
    ~VirtualDevice() override { close(); }

    [[nodiscard]] Result<DeviceInfo> open(const DeviceConfig& config) override;
    [[nodiscard]] Result<void> start(rt::Callback callback, void* context) override;
    void stop() override;
    void close() override;
    [[nodiscard]] Result<void> add_ports(const DeviceConfig& config) override;
    void set_inputs_connected(bool /*connected*/) override {}
    void set_plugin_latency(std::uint32_t /*frames*/) override {}
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> connections() override {
        return {};
    }
    [[nodiscard]] std::vector<DeviceEvent> poll_events() override;
    [[nodiscard]] DeviceInfo info() const override;

  private:
    void run();
    [[nodiscard]] bool sleep_until(std::int64_t instant_ns) const;
    void begin(rt::Cycle& cycle);
    void skip_lost_periods(rt::Cycle& cycle, std::int64_t late_ns);
    void run_cycle(rt::Cycle& cycle);
    void end(rt::Cycle& cycle) const;
    [[nodiscard]] std::int64_t instant_of(std::uint64_t frame) const;

    DeviceConfig config_;
    DeviceInfo info_;
    Channels in_;
    Channels out_;
    Cable cable_;
    EventQueue events_;
    rt::Callback callback_ = nullptr;
    void* context_ = nullptr;
    std::int64_t start_ns_ = 0;
    std::uint32_t epoch_ = 0;
    std::atomic<bool> running_{false};
    std::atomic<bool> realtime_{false};
    std::thread thread_;
};

} // namespace jig::audio
