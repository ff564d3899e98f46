#include "audio/jack.hpp"

#include "audio/jack_server.hpp"
#include "audio/ports.hpp"
#include "audio/scheduling.hpp"

#include <algorithm>
#include <string>
#include <thread>

namespace jig::audio {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kOpenTimeout{3000};
constexpr milliseconds kCallTimeout{2000};
constexpr milliseconds kSilentCyclesTimeout{500};
/// A server without a cycle for so long, and four periods more, is lost.
constexpr milliseconds kQuietLimit{2000};
/// A poll after a longer pause (the whole machine slept) proves no longer silence.
constexpr milliseconds kWatchStep{250};

Error no_answer() {
    return Error{"The JACK server does not answer; it may be stopped or hung: continue or restart "
                 "it."};
}

} // namespace

JackDevice::Wiring JackDevice::connect_and_look(JackClient& client, const Connections& wanted,
                                                bool with_capture) {
    Wiring wiring;
    wiring.missing = restore_connections(client.handle(), client.ports, wanted, with_capture);
    wiring.present = present_connections(client.handle(), client.ports);
    wiring.hardware = look_at_hardware(client.handle());
    client.process.set_delays(wiring.hardware.capture.delay_frames,
                              wiring.hardware.playback.delay_frames);
    return wiring;
}

template <typename Function>
auto JackDevice::ask(Function function) {
    using Value = decltype(function(*client_));
    if (!client_ || client_->lost() || reported_lost_) {
        return std::optional<Value>();
    }
    return attendant_.call(kCallTimeout, [client = client_, function = std::move(function)] {
        return function(*client);
    });
}

Result<DeviceInfo> JackDevice::open(const DeviceConfig& config) {
    if (const std::optional<Error> fault = check_config(config)) {
        return *fault;
    }
    close();
    auto opened = attendant_.call(kOpenTimeout, [config] { return JackClient::open(config); });
    if (!opened) {
        return no_answer();
    }
    if (!*opened) {
        return Error{opened->error()};
    }
    client_ = std::move(opened->value());
    client_->set_plugin_latency(plugin_latency_);
    config_ = config;
    info_ = {};
    info_.kind = "jack";
    info_.name = jack_server_name();
    info_.max_frames = kMaxFrames;
    wiring_ = {};
    wiring_.missing = config.connections;
    reported_lost_ = false;
    return info();
}

Result<void> JackDevice::start(rt::Callback callback, void* context) {
    if (!client_) {
        return Error{"The JACK device cannot start: it is not open; open it first."};
    }
    auto activated = ask([](JackClient& client) { return client.activate(); });
    if (!activated || !*activated) {
        return activated ? Error{activated->error()} : no_answer();
    }
    if (!wired_) {
        wire();
    }
    wait_for_silent_cycles();
    // Now that it can be heard: a fade-in is heard from its first frame.
    client_->process.begin(callback, context, ++epoch_);
    started_ = true;
    last_watch_ = steady_clock::now();
    quiet_ = {};
    return {};
}

/// Restores the connections of the configuration; without any, the physical ones.
void JackDevice::wire() {
    const bool automatic = config_.connect == Connect::physical && wiring_.missing.empty();
    take_over(ask([automatic, wanted = wiring_.missing,
                   capture = config_.connect_inputs](JackClient& client) {
        if (automatic) {
            connect_physical_outputs(client.handle(), client.ports, {});
            if (capture) {
                connect_physical_inputs(client.handle(), client.ports, {});
            }
        }
        return connect_and_look(client, wanted, capture);
    }));
    wired_ = true;
}

/// A connection is in force a cycle later, and the scheduling of the thread is known from the first
/// one on. A server that has none yet is no error.
void JackDevice::wait_for_silent_cycles() const {
    constexpr std::uint64_t kCycles = 2;
    const auto deadline = steady_clock::now() + kSilentCyclesTimeout;
    const std::uint64_t before = client_->process.cycles();
    while (client_->process.cycles() < before + kCycles && steady_clock::now() < deadline) {
        std::this_thread::sleep_for(milliseconds(1));
    }
}

/// The client stays in the graph, silent: connections outlive a stop.
void JackDevice::stop() {
    if (client_) {
        client_->process.end();
    }
    started_ = false;
}

void JackDevice::close() {
    stop();
    if (client_ && wired_ && client_->take_connections_changed()) {
        look_again();
    }
    wired_ = false;
    if (std::shared_ptr<JackClient> client = std::move(client_)) {
        client_.reset();
        // Whether it returns in time or not, the client is the attendant's now.
        (void)attendant_.call(kCallTimeout, [client = std::move(client)]() mutable {
            client.reset();
            return true;
        });
    }
    info_ = {};
}

Result<void> JackDevice::add_ports(const DeviceConfig& config) {
    if (const std::optional<Error> fault = check_config(config)) {
        return *fault;
    }
    add_missing_ports(config_, config);
    if (!client_) {
        return Error{"No ports can be added: the JACK device is not open; open it first."};
    }
    const bool automatic = config_.connect == Connect::physical && wired_;
    const auto added = ask([automatic, wanted = config_](JackClient& client) -> Result<void> {
        const Wired before = count_ports(client.ports);
        if (Result<void> result = client.ports.add(client.handle(), wanted); !result) {
            return result;
        }
        if (automatic) {
            connect_physical_outputs(client.handle(), client.ports, before);
            if (wanted.connect_inputs) {
                connect_physical_inputs(client.handle(), client.ports, before);
            }
        }
        return {};
    });
    return added ? *added : no_answer();
}

void JackDevice::set_inputs_connected(bool connected) {
    config_.connect_inputs = connected;
    if (config_.connect == Connect::none || !wired_) {
        return;
    }
    (void)ask([connected](JackClient& client) {
        if (connected) {
            connect_physical_inputs(client.handle(), client.ports, {});
        } else {
            disconnect_physical_inputs(client.handle(), client.ports);
        }
        return true;
    });
}

void JackDevice::set_plugin_latency(std::uint32_t frames) {
    if (std::exchange(plugin_latency_, frames) == frames || !client_) {
        return;
    }
    client_->set_plugin_latency(frames);
    if (wired_) {
        (void)ask([](JackClient& client) {
            client.recompute_latencies();
            return true;
        });
    }
}

std::vector<std::pair<std::string, std::string>> JackDevice::connections() {
    if (client_ && wired_ && client_->take_connections_changed()) {
        look_again();
    }
    Connections all = wiring_.present;
    all.insert(all.end(), wiring_.missing.begin(), wiring_.missing.end());
    return all;
}

/// Connects what was missing and has appeared, and looks again.
void JackDevice::look_again() {
    take_over(ask([missing = wiring_.missing, capture = config_.connect_inputs](
                      JackClient& client) { return connect_and_look(client, missing, capture); }));
}

void JackDevice::take_over(std::optional<Wiring> wiring) {
    // A server that went away meanwhile has disconnected us; that is not what is to be remembered.
    if (wiring && !client_->lost()) {
        wiring_ = std::move(*wiring);
    }
}

std::vector<DeviceEvent> JackDevice::poll_events() {
    std::vector<DeviceEvent> events;
    take_jack_messages(events);
    if (!client_) {
        return events;
    }
    if (wired_) {
        const bool changed = client_->take_connections_changed();
        const bool appeared = client_->take_ports_appeared() && !wiring_.missing.empty();
        const bool latencies = client_->take_latencies_changed();
        if (changed || appeared || latencies) {
            const Wiring before = wiring_;
            look_again();
            if (wiring_.present != before.present) {
                events.push_back({DeviceEvent::Kind::connections_changed});
            }
            if (wiring_.round_trip_frames() != before.round_trip_frames()) {
                events.push_back({DeviceEvent::Kind::latency_changed});
            }
        }
        watch_cycles(events);
    }
    client_->events.drain(events);
    reported_lost_ = reported_lost_ || client_->lost();
    return events;
}

/// A stopped server gives no cycle and no notice.
void JackDevice::watch_cycles(std::vector<DeviceEvent>& events) {
    const auto now = steady_clock::now();
    const auto step = std::min<steady_clock::duration>(now - last_watch_, kWatchStep);
    last_watch_ = now;
    quiet_ = client_->process.cycles() == std::exchange(last_cycles_, client_->process.cycles())
                 ? quiet_ + step
                 : steady_clock::duration{};
    const auto four_periods = std::chrono::duration<double>(4.0 * client_->period_frames() /
                                                            std::max(1U, client_->rate_hz()));
    if (!reported_lost_ && !client_->lost() && quiet_ > kQuietLimit + four_periods) {
        reported_lost_ = true;
        events.push_back({DeviceEvent::Kind::lost, 0, no_answer().message});
    }
}

DeviceInfo JackDevice::info() const {
    DeviceInfo info = info_;
    if (!client_) {
        return info;
    }
    info.rate_hz = client_->rate_hz();
    info.period_frames = client_->period_frames();
    info.round_trip_frames = wiring_.round_trip_frames();
    info.id = info_.name + ", " + wiring_.hardware.capture.name + ", " +
              wiring_.hardware.playback.name + ", " + timing_name(info.rate_hz, info.period_frames);
    const pid_t thread = client_->process.thread();
    info.realtime = thread != 0 && is_realtime(thread);
    if (!info.realtime) {
        info.realtime_note = "JACK runs without real-time scheduling: start jackd with -R and " +
                             realtime_remedy() + ".";
    }
    return info;
}

std::unique_ptr<Device> make_jack_device() {
    return std::make_unique<JackDevice>();
}

} // namespace jig::audio
