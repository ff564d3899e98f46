#include "session/dispatcher.hpp"

#include "session/midi.hpp"
#include "session/session.hpp"
#include "wire/codec.hpp"

#include <algorithm>
#include <cmath>

namespace jig::session {

namespace {

using wire::ErrorCode;
using wire::RpcError;

constexpr const char* kNoBuild = "the server was started without a build command; see --build";

RpcError error(ErrorCode code, std::string message) {
    return {code, std::move(message), {}, {}};
}

} // namespace

void Dispatcher::handle(net::ClientId client, Client& state, std::string_view text) {
    client_ = client;
    state_ = &state;
    const auto say = [&](std::string answer) {
        s_.send(client_, net::Message::text(std::move(answer)));
    };
    auto parsed = wire::parse_request(text);
    auto* envelope = std::get_if<wire::Envelope>(&parsed);
    const bool is_ack =
        envelope != nullptr && std::holds_alternative<wire::StreamAck>(envelope->request);
    if (!is_ack && !state.requests.take(std::chrono::steady_clock::now())) {
        const auto id = envelope != nullptr ? envelope->id : std::get<wire::Refusal>(parsed).id;
        return say(wire::encode_error(
            id, error(ErrorCode::rate_limited,
                      "more than 500 requests a second; wait until this client is below it")));
    }
    if (envelope == nullptr) {
        const auto& refusal = std::get<wire::Refusal>(parsed);
        return refusal.respond ? say(wire::encode_error(refusal.id, refusal.error)) : void();
    }
    if (!state.greeted && !std::holds_alternative<wire::Hello>(envelope->request)) {
        return envelope->wants_reply()
                   ? say(wire::encode_error(envelope->id,
                                            error(ErrorCode::invalid_request,
                                                  "say hello first: {\"method\":\"hello\"}")))
                   : void();
    }
    request_id_ = envelope->id;
    const Outcome outcome =
        std::visit([this](const auto& request) { return (*this)(request); }, envelope->request);
    if (!envelope->wants_reply()) {
        return;
    }
    if (const auto* failed = std::get_if<RpcError>(&outcome)) {
        say(wire::encode_error(envelope->id, *failed));
    } else if (const auto* reply = std::get_if<wire::Reply>(&outcome)) {
        say(wire::encode_reply(envelope->id, *reply));
    }
}

Dispatcher::Outcome Dispatcher::operator()(const wire::Hello& request) {
    if (request.protocol != wire::kProtocol) {
        return error(ErrorCode::unsupported, "protocol " + std::to_string(request.protocol) +
                                                 " is not spoken here; this server speaks " +
                                                 std::to_string(wire::kProtocol));
    }
    state_->greeted = true;
    wire::HelloReply reply;
    reply.server_id = s_.server_id_;
    reply.version = JIG_VERSION;
    reply.capabilities = {"params", "streams", "midi", "transport", "input", "reload", "build"};
    reply.client_id = client_;
    reply.sample_rate_hz = s_.device_.rate_hz;
    reply.block_size = s_.device_.period_frames;
    reply.generation = s_.generation_;
    reply.last_event_id = s_.events_.last_id();
    return reply;
}

Dispatcher::Outcome Dispatcher::operator()(const wire::Ping&) {
    return wire::PingReply{s_.engine_.frame()};
}

Dispatcher::Outcome Dispatcher::operator()(const wire::StateGet&) {
    return s_.state();
}

Dispatcher::Outcome Dispatcher::operator()(const wire::PluginInfo&) {
    if (!s_.plugin_) {
        return error(ErrorCode::not_loaded, "no plugin is loaded yet");
    }
    return *s_.plugin_;
}

Dispatcher::Outcome Dispatcher::operator()(const wire::PluginReload&) {
    s_.reloader_->reload();
    return wire::Empty{};
}

Dispatcher::Outcome Dispatcher::operator()(const wire::PluginLoad& request) {
    const auto& known = s_.libraries_;
    if (std::find(known.begin(), known.end(), request.name) == known.end()) {
        return error(ErrorCode::not_found, "\"" + request.name +
                                               "\" is no plugin library of the watched folder; "
                                               "plugin.info lists them in libraries");
    }
    s_.reloader_->load(s_.reloader_->file().parent_path() / request.name);
    return wire::Empty{};
}

Dispatcher::Outcome Dispatcher::operator()(const wire::PluginSelect& request) {
    const auto& ids = s_.params_.info().library_plugins;
    if (std::find(ids.begin(), ids.end(), request.id) == ids.end()) {
        return error(ErrorCode::not_found, "the library holds no plugin \"" + request.id +
                                               "\"; plugin.info lists those it holds");
    }
    s_.reloader_->load(s_.reloader_->file(), request.id);
    return wire::Empty{};
}

Dispatcher::Outcome Dispatcher::operator()(const wire::MidiSend& request) {
    if (!s_.params_.info().has(JIG_PLUGIN_EVENTS_IN)) {
        return error(ErrorCode::unsupported, "the plugin takes no events");
    }
    if (!s_.params_.send(ring_events(request))) {
        return error(ErrorCode::rate_limited,
                     "the engine did not take these events; send fewer, or wait until it runs");
    }
    return wire::Empty{};
}

Dispatcher::Outcome Dispatcher::operator()(const wire::TransportSet& request) {
    auto& server = s_.regions_.server();
    if (s_.transport().source == wire::TransportSource::jack && (request.playing || request.beat)) {
        return error(ErrorCode::unsupported, "the transport is JACK's; start and stop it there");
    }
    if (request.bpm && !(*request.bpm >= 1 && *request.bpm <= 999)) {
        return RpcError{ErrorCode::out_of_range, "bpm takes 1 to 999", 1, 999};
    }
    if (request.bpm) {
        server.bpm.store(*request.bpm, std::memory_order_relaxed);
    }
    if (request.beat) {
        server.locate_beat.store(*request.beat, std::memory_order_relaxed);
        server.locate_count.fetch_add(1, std::memory_order_release); // partner: rt::Transport::run
    }
    if (request.playing) {
        server.playing.store(*request.playing ? 1 : 0, std::memory_order_relaxed);
    }
    s_.look_at_transport();
    return s_.transport();
}

Dispatcher::Outcome Dispatcher::operator()(const wire::MonitorSet& request) {
    auto& server = s_.regions_.server();
    if (request.trim_db && !(*request.trim_db >= -60 && *request.trim_db <= 12)) {
        return RpcError{ErrorCode::out_of_range, "trimDb takes -60 to 12 dB", -60, 12};
    }
    if (request.mute) {
        server.mute.store(*request.mute ? 1 : 0, std::memory_order_relaxed);
    }
    if (request.bypass) {
        server.bypass.store(*request.bypass ? 1 : 0, std::memory_order_relaxed);
    }
    if (request.trim_db) {
        s_.monitor_trim_db_ = *request.trim_db;
        server.trim_gain.store(static_cast<float>(std::pow(10.0, *request.trim_db / 20.0)),
                               std::memory_order_relaxed);
    }
    wire::StateChanged changed;
    changed.monitor = s_.monitor();
    s_.notify(changed);
    return s_.monitor();
}

Dispatcher::Outcome Dispatcher::operator()(const wire::MonitorPanic&) {
    s_.regions_.server().panic_count.fetch_add(1, std::memory_order_relaxed);
    return wire::Empty{};
}

Dispatcher::Outcome Dispatcher::operator()(const wire::MonitorRearm&) {
    s_.regions_.server().rearm_count.fetch_add(1, std::memory_order_relaxed);
    return s_.monitor();
}

Dispatcher::Outcome Dispatcher::operator()(const wire::InputSelect& request) {
    if (auto failed = s_.input_.select(request)) {
        return *failed;
    }
    wire::StateChanged changed;
    changed.input = s_.input_.state();
    s_.notify(changed);
    return s_.input_.state();
}

Dispatcher::Outcome Dispatcher::operator()(const wire::BuildRun&) {
    if (!s_.build_) {
        return error(ErrorCode::unsupported, kNoBuild);
    }
    s_.build_->run();
    return wire::Empty{};
}

Dispatcher::Outcome Dispatcher::operator()(const wire::BuildCancel&) {
    if (!s_.build_) {
        return error(ErrorCode::unsupported, kNoBuild);
    }
    s_.build_->cancel();
    return wire::Empty{};
}

Dispatcher::Outcome Dispatcher::operator()(const wire::BuildOpen& request) {
    if (!s_.build_) {
        return error(ErrorCode::unsupported, kNoBuild);
    }
    const auto opened = s_.build_->open(request.diagnostic);
    return opened ? Outcome(wire::Empty{}) : error(ErrorCode::not_found, opened.error());
}

Dispatcher::Outcome Dispatcher::operator()(const wire::AudioDevices&) {
    return wire::DevicesReply{s_.options_.devices};
}

Dispatcher::Outcome Dispatcher::operator()(const wire::MeterReset& request) {
    s_.analysis_->reset_meters(request.channel);
    return wire::Empty{};
}

Dispatcher::Outcome Dispatcher::operator()(const wire::LoadReset&) {
    s_.analysis_->reset_load();
    return wire::Empty{};
}

Dispatcher::Outcome Dispatcher::operator()(const wire::EventsSince& request) {
    return s_.events_.since(request.id);
}

Dispatcher::Outcome Dispatcher::operator()(const wire::StreamList&) {
    wire::StreamListReply reply;
    for (const auto stream : {wire::Stream::meters, wire::Stream::load, wire::Stream::taps}) {
        wire::StreamInfo info{stream, {}, Subscriptions::kMaxRateHz};
        for (const auto& channel : s_.subscriptions_.layout(stream).channels) {
            info.channels.push_back(channel.name);
        }
        reply.streams.push_back(std::move(info));
    }
    return reply;
}

Dispatcher::Outcome Dispatcher::operator()(const wire::StreamSubscribe& request) {
    auto reply =
        s_.subscriptions_.subscribe(client_, request.stream, request.rate_hz, request.format);
    if (!reply) {
        return error(ErrorCode::rate_limited, "this client has " +
                                                  std::to_string(Subscriptions::kMostOfOneClient) +
                                                  " subscriptions; end one before the next");
    }
    s_.watch_taps();
    return *reply;
}

Dispatcher::Outcome Dispatcher::operator()(const wire::StreamUpdate& request) {
    auto reply = s_.subscriptions_.update(client_, request.sub, request.rate_hz);
    if (!reply) {
        return error(ErrorCode::not_found,
                     "this client has no subscription " + std::to_string(request.sub));
    }
    return *reply;
}

Dispatcher::Outcome Dispatcher::operator()(const wire::StreamUnsubscribe& request) {
    if (!s_.subscriptions_.unsubscribe(client_, request.sub)) {
        return error(ErrorCode::not_found,
                     "this client has no subscription " + std::to_string(request.sub));
    }
    s_.watch_taps();
    return wire::Empty{};
}

Dispatcher::Outcome Dispatcher::operator()(const wire::StreamAck& request) {
    s_.subscriptions_.acknowledge(client_, request.acks);
    return wire::Empty{};
}

} // namespace jig::session
