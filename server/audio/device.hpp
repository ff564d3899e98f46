// jig/audio/device.hpp: a duplex audio device: one callback for input and output, on one clock.
#pragma once

#include "base/result.hpp"
#include "rt/cycle.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace jig::audio {

inline constexpr std::uint32_t kMaxFrames = 8192; ///< no cycle of any device is longer
inline constexpr std::uint32_t kMaxPorts = 256;   ///< in each direction

/// A channel as a port: its name, and whether it belongs to the main bus (those are connected to
/// the physical ports).
struct Port {
    std::string name; ///< "in_1", "sidechain_2"; unique in its direction
    bool main = true;
};

enum class Connect { physical, none };

struct DeviceConfig {
    double rate_hz = 48000;            ///< virtual: the rate; JACK: ignored, the server's holds
    std::uint32_t period_frames = 128; ///< virtual, ALSA: the period; JACK: ignored
    std::string address;               ///< ALSA: "hw:0", "hw:Loopback,1", "CAPTURE+PLAYBACK"
    std::uint32_t periods = 2;         ///< ALSA: of the ring
    std::uint32_t prefill_periods = 2; ///< ALSA: of silence before the start: the round trip
    bool resample_capture = false;     ///< ALSA: two clocks: bring the input onto the output's
    std::vector<Port> in;
    std::vector<Port> out;
    bool midi_in = false;
    bool midi_out = false;
    Connect connect = Connect::physical;
    /// Live input is a person's microphone: physical capture ports are connected only if this is
    /// set.
    bool connect_inputs = false;
    std::string client_name = "jig"; ///< JACK client
    /// Connections to restore by full port name: {own short name, other's full name}.
    std::vector<std::pair<std::string, std::string>> connections;
    /// Virtual and manual: a simulated cable from output i to input i of this length, at least a
    /// period (or pump); −1: none, inputs are silent.
    std::int32_t cable_frames = -1;
};

struct DeviceInfo {
    std::string kind;    ///< "jack", "alsa", "virtual", "manual"
    std::string name;    ///< as the user knows it: "JACK 1.9.21", "PipeWire 0.3.65 (JACK)"
    std::string address; ///< ALSA: as it stays over a replug: "hw:PCH,0"
    std::string id;      ///< the same for the same hardware and settings: calibrations go by it
    std::string detail;  ///< "S32_LE, mapped, 4 periods, linked": what was negotiated
    double rate_hz = 0;
    std::uint32_t period_frames = 0;
    std::uint32_t max_frames = 0; ///< the largest cycle that may ever come without a reopen
    bool realtime = false;        ///< the thread runs SCHED_FIFO or SCHED_RR; known after start()
    std::string realtime_note;    ///< when not: why, and the remedy
    std::uint32_t round_trip_frames = 0; ///< input to output, as far as the device knows
    bool round_trip_exact = false;       ///< counted in the device's own frames
    std::uint32_t resampler_frames = 0;  ///< of it, what bringing the input over adds
    bool has_input = true;               ///< false: playback only, the plugin hears silence
    bool has_output = true;              ///< false: capture only, the plugin's output is dropped
};

/// Something that happened; collected by the device's threads, read by poll_events().
struct DeviceEvent {
    enum class Kind {
        xrun,                ///< value: how many
        lost,                ///< the device is gone: stop, close, and open again until it is back
        period_changed,      ///< value: frames; the callback goes on
        rate_changed,        ///< value: Hz
        reopen,              ///< what add_ports() asked for takes another opening, and is possible
        connections_changed, ///< ask connections()
        latency_changed,     ///< ask info(): the round trip is another
        midi_dropped,        ///< value: messages that did not fit into a cycle
        freewheel_changed,   ///< value: 1 while cycles come as fast as they can be rendered
        message,             ///< text: the backend's own words, for the log
    };
    Kind kind = Kind::message;
    std::uint32_t value = 0;
    std::string text{};
};

/// open → start → stop → close, each on the main thread of the engine. One at a time is open.
class Device {
  public:
    virtual ~Device() = default;

    /// Opens with the ports of `config`. Fails with one sentence.
    [[nodiscard]] virtual Result<DeviceInfo> open(const DeviceConfig& config) = 0;

    /// Begins to call `callback` on the audio thread.
    [[nodiscard]] virtual Result<void> start(rt::Callback callback, void* context) = 0;

    /// Returns when the callback has ended for good. Idempotent.
    virtual void stop() = 0;
    virtual void close() = 0;

    /// Makes sure that these ports exist, while running: adds what is missing, keeps what is there.
    /// A channel keeps its index in the cycle; what is new comes after the rest, in order.
    [[nodiscard]] virtual Result<void> add_ports(const DeviceConfig& config) = 0;

    /// Connects or disconnects the physical capture ports. A device without such does nothing.
    virtual void set_inputs_connected(bool connected) = 0;

    /// What the plugin adds, for those that compute latency.
    virtual void set_plugin_latency(std::uint32_t frames) = 0;

    /// Present connections, to restore them later (JACK); else empty.
    [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> connections() = 0;

    /// What happened since the last call. Never blocks on the audio thread.
    [[nodiscard]] virtual std::vector<DeviceEvent> poll_events() = 0;

    [[nodiscard]] virtual DeviceInfo info() const = 0;
};

[[nodiscard]] std::unique_ptr<Device> make_jack_device();
[[nodiscard]] std::unique_ptr<Device> make_alsa_device();
[[nodiscard]] std::unique_ptr<Device> make_virtual_device();

} // namespace jig::audio
