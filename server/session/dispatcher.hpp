// jig/session/dispatcher.hpp: a client's request, carried out.
#pragma once

#include "link/messages.hpp"
#include "net/server.hpp"
#include "wire/messages.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace jig::session {

class Session;
struct Client;

/// [net] Lives for one request.
class Dispatcher {
  public:
    explicit Dispatcher(Session& session) : s_(session) {}

    void handle(net::ClientId client, Client& state, std::string_view text);

  private:
    /// The answer comes later, or nobody waits for one.
    struct Later {};
    using Outcome = std::variant<wire::Reply, wire::RpcError, Later>;

    Outcome operator()(const wire::Hello& request);
    Outcome operator()(const wire::Ping& request);
    Outcome operator()(const wire::StateGet& request);
    Outcome operator()(const wire::PluginInfo& request);
    Outcome operator()(const wire::PluginReload& request);
    Outcome operator()(const wire::PluginLoad& request);
    Outcome operator()(const wire::PluginSelect& request);
    Outcome operator()(const wire::ParamList& request);
    Outcome operator()(const wire::ParamGet& request);
    Outcome operator()(const wire::ParamSet& request);
    Outcome operator()(const wire::ParamSetMany& request);
    Outcome operator()(const wire::ParamReset& request);
    Outcome operator()(const wire::PresetLoad& request);
    Outcome operator()(const wire::ParamText& request);
    Outcome operator()(const wire::ParamParse& request);
    Outcome operator()(const wire::ParamBegin& request);
    Outcome operator()(const wire::ParamEnd& request);
    Outcome operator()(const wire::ParamTrigger& request);
    Outcome operator()(const wire::MidiSend& request);
    Outcome operator()(const wire::TransportSet& request);
    Outcome operator()(const wire::MonitorSet& request);
    Outcome operator()(const wire::MonitorPanic& request);
    Outcome operator()(const wire::MonitorRearm& request);
    Outcome operator()(const wire::InputSelect& request);
    Outcome operator()(const wire::BuildRun& request);
    Outcome operator()(const wire::BuildCancel& request);
    Outcome operator()(const wire::BuildOpen& request);
    Outcome operator()(const wire::AudioDevices& request);
    Outcome operator()(const wire::MeterReset& request);
    Outcome operator()(const wire::LoadReset& request);
    Outcome operator()(const wire::EventsSince& request);
    Outcome operator()(const wire::StreamList& request);
    Outcome operator()(const wire::StreamSubscribe& request);
    Outcome operator()(const wire::StreamUpdate& request);
    Outcome operator()(const wire::StreamUnsubscribe& request);
    Outcome operator()(const wire::StreamAck& request);

    template <typename Indices>
    Outcome changed(const Indices& indices);
    Outcome convert(link::Convert request, const std::string& id);
    Outcome gesture(const std::string& id, bool active);

    Session& s_;
    net::ClientId client_ = 0;
    Client* state_ = nullptr;
    wire::RequestId request_id_;
};

} // namespace jig::session
