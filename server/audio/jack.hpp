// jig/audio/jack.hpp: the JACK device: one client, watched, its connections remembered.
#pragma once

#include "audio/attendant.hpp"
#include "audio/device.hpp"
#include "audio/jack_client.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace jig::audio {

/// Works with jackd and with PipeWire's libjack; a server that stops answering is lost like one
/// that ended: no call here waits for it longer than a few seconds.
class JackDevice final : public Device {
  public:
    ~JackDevice() override { close(); }

    [[nodiscard]] Result<DeviceInfo> open(const DeviceConfig& config) override;
    [[nodiscard]] Result<void> start(rt::Callback callback, void* context) override;
    void stop() override;
    void close() override;
    [[nodiscard]] Result<void> add_ports(const DeviceConfig& config) override;
    void set_inputs_connected(bool connected) override;
    void set_plugin_latency(std::uint32_t frames) override;
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> connections() override;
    [[nodiscard]] std::vector<DeviceEvent> poll_events() override;
    [[nodiscard]] DeviceInfo info() const override;

  private:
    /// What a control thread does to the client and finds out by it.
    struct Wiring {
        Connections present;
        Connections missing;
        Hardware hardware;
        [[nodiscard]] std::uint32_t round_trip_frames() const {
            return hardware.capture.delay_frames + hardware.playback.delay_frames;
        }
    };

    /// Runs `function(JackClient&)` on the attendant; nothing if there is no client or no answer.
    template <typename Function>
    auto ask(Function function);
    [[nodiscard]] static Wiring connect_and_look(JackClient& client, const Connections& wanted,
                                                 bool with_capture);
    void wire();
    void take_over(std::optional<Wiring> wiring);
    void look_again();
    void watch_cycles(std::vector<DeviceEvent>& events);
    void wait_for_silent_cycles() const;

    DeviceConfig config_;
    DeviceInfo info_;
    Wiring wiring_; ///< as last seen; `missing` is connected as soon as it appears
    std::uint32_t epoch_ = 0;
    std::uint32_t plugin_latency_ = 0;
    bool wired_ = false;   ///< active and connected; stays so over stop() and start()
    bool started_ = false; ///< cycles are the callback's
    bool reported_lost_ = false;
    std::uint64_t last_cycles_ = 0;
    std::chrono::steady_clock::time_point last_watch_;
    std::chrono::steady_clock::duration quiet_{};
    std::shared_ptr<JackClient> client_;
    Attendant attendant_; ///< destroyed first; a call that hangs keeps the client
};

} // namespace jig::audio
