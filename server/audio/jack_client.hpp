// jig/audio/jack_client.hpp: a client of a JACK server: its ports, its process, and what the server
// tells it.
#pragma once

#include "audio/device.hpp"
#include "audio/event_queue.hpp"
#include "audio/jack_connections.hpp"
#include "audio/jack_ports.hpp"
#include "audio/jack_process.hpp"

#include <atomic>
#include <cstdint>
#include <jack/jack.h>
#include <memory>

namespace jig::audio {

/// Lives from jack_client_open() to jack_client_close(), both of which may take as long as the
/// server likes: create and destroy it on an Attendant.
class JackClient {
  public:
    /// Registers the ports; nothing runs before activate(). Never starts a server.
    [[nodiscard]] static Result<std::shared_ptr<JackClient>> open(const DeviceConfig& config);
    JackClient(const JackClient&) = delete;
    JackClient& operator=(const JackClient&) = delete;
    ~JackClient();

    /// Idempotent; active until it is destroyed.
    [[nodiscard]] Result<void> activate();
    [[nodiscard]] jack_client_t* handle() const { return client_; }

    /// For the latency callback.
    void set_plugin_latency(std::uint32_t frames);
    /// Asks the server for latencies anew.
    void recompute_latencies();

    /// [any]
    [[nodiscard]] std::uint32_t rate_hz() const { return rate_hz_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint32_t period_frames() const {
        return period_frames_.load(std::memory_order_relaxed);
    }
    /// The server ended, or threw us out.
    [[nodiscard]] bool lost() const { return lost_.load(std::memory_order_relaxed); }
    /// Something was connected or disconnected since the last call.
    [[nodiscard]] bool take_connections_changed() {
        return connections_changed_.exchange(false, std::memory_order_relaxed);
    }
    /// A latency somewhere in the graph may be another since the last call.
    [[nodiscard]] bool take_latencies_changed() {
        return latencies_changed_.exchange(false, std::memory_order_relaxed);
    }
    /// A port of another client came since the last call.
    [[nodiscard]] bool take_ports_appeared() {
        return ports_appeared_.exchange(false, std::memory_order_relaxed);
    }

    JackPorts ports;
    EventQueue events;
    JackProcess process{ports, events};

  private:
    explicit JackClient(jack_client_t* client) : client_(client) {}
    void set_callbacks();
    void drain_notifications();
    void compute_latency(jack_latency_callback_mode_t mode) const;

    // JACK calls these on threads of its own; some on the audio thread.
    static int on_process(jack_nframes_t frames, void* self) noexcept;
    static int on_period(jack_nframes_t frames, void* self) noexcept;
    static int on_rate(jack_nframes_t rate_hz, void* self) noexcept;
    static int on_xrun(void* self) noexcept;
    static void on_freewheel(int on, void* self) noexcept;
    static void on_latency(jack_latency_callback_mode_t mode, void* self) noexcept;
    static void on_connect(jack_port_id_t a, jack_port_id_t b, int connected, void* self) noexcept;
    static void on_port(jack_port_id_t port, int registered, void* self) noexcept;
    static void on_shutdown(jack_status_t code, const char* reason, void* self) noexcept;

    jack_client_t* client_;
    bool active_ = false;
    // Each of these is a fact on its own; no other data hangs on it, hence relaxed throughout.
    std::atomic<std::uint32_t> rate_hz_{0};
    std::atomic<std::uint32_t> period_frames_{0};
    std::atomic<std::uint32_t> plugin_latency_{0};
    std::atomic<bool> lost_{false};
    std::atomic<bool> connections_changed_{false};
    std::atomic<bool> latencies_changed_{false};
    std::atomic<bool> ports_appeared_{false};
    std::atomic<jack_port_t*> last_port_{nullptr}; ///< unregistered, its notification awaited
};

} // namespace jig::audio
