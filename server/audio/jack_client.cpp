#include "audio/jack_client.hpp"

#include "audio/jack_server.hpp"

#include <algorithm>
#include <chrono>
#include <jack/statistics.h>
#include <thread>

namespace jig::audio {

namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

JackClient& client_of(void* self) {
    return *static_cast<JackClient*>(self);
}

} // namespace

Result<std::shared_ptr<JackClient>> JackClient::open(const DeviceConfig& config) {
    capture_jack_messages();
    jack_status_t status{};
    jack_client_t* handle =
        jack_client_open(config.client_name.c_str(), JackNoStartServer, &status);
    if (handle == nullptr) {
        return no_jack_server(status);
    }
    std::shared_ptr<JackClient> client(new JackClient(handle));
    client->rate_hz_.store(jack_get_sample_rate(handle), kRelaxed);
    client->period_frames_.store(jack_get_buffer_size(handle), kRelaxed);
    client->process.set_rate(client->rate_hz());
    client->set_callbacks();
    if (Result<void> added = client->ports.add(handle, config); !added) {
        return Error{added.error()};
    }
    return client;
}

JackClient::~JackClient() {
    process.end();
    drain_notifications();
    jack_client_close(client_);
}

/// jackd's libjack cancels its notification thread when a client closes, even while that thread
/// holds a process-wide mutex to take note of another client's coming or going; every later open
/// and close would hang (jackd2 1.9.21). Notifications come in order, so when the one about a
/// port of ours is there, those before it are done with.
void JackClient::drain_notifications() {
    using std::chrono::milliseconds;
    const std::vector<jack_port_t*> own = ports.all();
    if (lost()) {
        // The thread ends by itself, after a few last words perhaps.
        std::this_thread::sleep_for(milliseconds(10));
    } else if (active_ && !own.empty()) {
        last_port_.store(own.back(), kRelaxed);
        jack_port_unregister(client_, own.back());
        constexpr int kSteps = 200;
        for (int i = 0; i < kSteps && last_port_.load(kRelaxed) != nullptr && !lost(); ++i) {
            std::this_thread::sleep_for(milliseconds(1));
        }
    }
}

void JackClient::set_callbacks() {
    jack_set_process_callback(client_, on_process, this);
    jack_set_buffer_size_callback(client_, on_period, this);
    jack_set_sample_rate_callback(client_, on_rate, this);
    jack_set_xrun_callback(client_, on_xrun, this);
    jack_set_freewheel_callback(client_, on_freewheel, this);
    jack_set_latency_callback(client_, on_latency, this);
    jack_set_port_connect_callback(client_, on_connect, this);
    jack_set_port_registration_callback(client_, on_port, this);
    jack_on_info_shutdown(client_, on_shutdown, this);
}

Result<void> JackClient::activate() {
    if (!active_ && jack_activate(client_) != 0) {
        return Error{"The JACK server refused to activate the client \"" +
                     std::string(jack_get_client_name(client_)) +
                     "\"; it may be shutting down: see its own messages."};
    }
    active_ = true;
    return {};
}

void JackClient::set_plugin_latency(std::uint32_t frames) {
    plugin_latency_.store(frames, kRelaxed);
}

void JackClient::recompute_latencies() {
    jack_recompute_total_latencies(client_);
}

void JackClient::compute_latency(jack_latency_callback_mode_t mode) const {
    const bool capture = mode == JackCaptureLatency;
    const std::uint32_t own = plugin_latency_.load(kRelaxed);
    jack_latency_range_t total{UINT32_MAX, 0};
    for (jack_port_t* port : capture ? ports.inputs() : ports.outputs()) {
        if (jack_port_connected(port) > 0) {
            jack_latency_range_t range{};
            jack_port_get_latency_range(port, mode, &range);
            total.min = std::min(total.min, range.min);
            total.max = std::max(total.max, range.max);
        }
    }
    total.min = (total.min == UINT32_MAX ? 0 : total.min) + own;
    total.max += own;
    for (jack_port_t* port : capture ? ports.outputs() : ports.inputs()) {
        jack_port_set_latency_range(port, mode, &total);
    }
}

int JackClient::on_process(jack_nframes_t frames, void* self) noexcept {
    client_of(self).process.run(client_of(self).client_, frames);
    return 0;
}

int JackClient::on_period(jack_nframes_t frames, void* self) noexcept {
    if (client_of(self).period_frames_.exchange(frames, kRelaxed) != frames) {
        client_of(self).events.push(DeviceEvent::Kind::period_changed, frames);
    }
    return 0;
}

int JackClient::on_rate(jack_nframes_t rate_hz, void* self) noexcept {
    if (client_of(self).rate_hz_.exchange(rate_hz, kRelaxed) != rate_hz) {
        client_of(self).process.set_rate(rate_hz);
        client_of(self).events.push(DeviceEvent::Kind::rate_changed, rate_hz);
    }
    return 0;
}

int JackClient::on_xrun(void* self) noexcept {
    client_of(self).process.note_xrun(jack_get_xrun_delayed_usecs(client_of(self).client_));
    client_of(self).events.push(DeviceEvent::Kind::xrun, 1);
    return 0;
}

void JackClient::on_freewheel(int on, void* self) noexcept {
    client_of(self).process.set_freewheel(on != 0);
    client_of(self).events.push(DeviceEvent::Kind::freewheel_changed, on != 0 ? 1 : 0);
}

void JackClient::on_latency(jack_latency_callback_mode_t mode, void* self) noexcept {
    client_of(self).compute_latency(mode);
    client_of(self).latencies_changed_.store(true, kRelaxed);
}

void JackClient::on_connect(jack_port_id_t /*a*/, jack_port_id_t /*b*/, int /*connected*/,
                            void* self) noexcept {
    client_of(self).connections_changed_.store(true, kRelaxed);
}

void JackClient::on_port(jack_port_id_t port, int registered, void* self) noexcept {
    JackClient& client = client_of(self);
    if (registered != 0) {
        client.ports_appeared_.store(true, kRelaxed);
    } else if (jack_port_by_id(client.client_, port) == client.last_port_.load(kRelaxed)) {
        client.last_port_.store(nullptr, kRelaxed);
    }
}

void JackClient::on_shutdown(jack_status_t /*code*/, const char* reason, void* self) noexcept {
    client_of(self).lost_.store(true, kRelaxed);
    client_of(self).events.push(DeviceEvent::Kind::lost, 0,
                                reason != nullptr ? reason : "The JACK server ended.");
}

} // namespace jig::audio
