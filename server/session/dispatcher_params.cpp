// What a client may ask about parameters.
#include "session/dispatcher.hpp"
#include "session/session.hpp"
#include "wire/codec.hpp"

#include <algorithm>

namespace jig::session {

namespace {

using wire::ErrorCode;
using wire::RpcError;

RpcError error(ErrorCode code, std::string message) {
    return {code, std::move(message), {}, {}};
}

RpcError error(const ParamStore::Fault& fault) {
    switch (fault.kind) {
    case ParamStore::Fault::Kind::not_found:
        return error(ErrorCode::not_found, fault.message);
    case ParamStore::Fault::Kind::out_of_range:
        return {ErrorCode::out_of_range, fault.message, fault.min, fault.max};
    case ParamStore::Fault::Kind::unsupported:
        return error(ErrorCode::unsupported, fault.message);
    case ParamStore::Fault::Kind::full:
        break;
    }
    return error(ErrorCode::rate_limited, fault.message);
}

RpcError no_such_parameter(const std::string& id) {
    return error(ErrorCode::not_found,
                 "there is no parameter \"" + id + "\"; param.list names those there are");
}

} // namespace

Dispatcher::Outcome Dispatcher::operator()(const wire::ParamList&) {
    return wire::ParamListReply{s_.params()};
}

Dispatcher::Outcome Dispatcher::operator()(const wire::ParamGet& request) {
    const auto index = s_.params_.find(request.id);
    if (!index) {
        return no_such_parameter(request.id);
    }
    return s_.param_value(*index);
}

Dispatcher::Outcome Dispatcher::operator()(const wire::ParamSet& request) {
    ParamStore::Index index = 0;
    if (const auto fault = s_.params_.set(request.id, request.value, index)) {
        return error(*fault);
    }
    s_.notify_param(index, client_);
    return s_.param_value(index);
}

template <typename Indices>
Dispatcher::Outcome Dispatcher::changed(const Indices& indices) {
    wire::ParamValuesReply reply;
    for (const auto index : indices) {
        s_.notify_param(index, client_);
        reply.values.push_back(s_.param_value(index));
    }
    return reply;
}

Dispatcher::Outcome Dispatcher::operator()(const wire::ParamSetMany& request) {
    std::vector<ParamStore::Index> indices;
    if (const auto fault = s_.params_.set_many(request.values, request.frame, indices)) {
        return error(*fault);
    }
    return changed(indices);
}

Dispatcher::Outcome Dispatcher::operator()(const wire::ParamReset& request) {
    std::vector<ParamStore::Index> indices;
    for (ParamStore::Index i = 0; i < s_.params_.info().params.size(); ++i) {
        if (!request.id || s_.params_.info().params[i].id == *request.id) {
            indices.push_back(i);
        }
    }
    if (request.id && indices.empty()) {
        return no_such_parameter(*request.id);
    }
    if (const auto fault = s_.params_.reset(indices)) {
        return error(*fault);
    }
    return changed(indices);
}

Dispatcher::Outcome Dispatcher::operator()(const wire::PresetLoad& request) {
    const auto values = s_.params_.preset(request.name);
    if (!values) {
        return error(ErrorCode::not_found, "there is no preset \"" + request.name +
                                               "\"; plugin.info lists those there are");
    }
    std::vector<ParamStore::Index> indices;
    if (const auto fault = s_.params_.set_many(*values, {}, indices)) {
        return error(*fault);
    }
    return changed(indices);
}

Dispatcher::Outcome Dispatcher::operator()(const wire::ParamText& request) {
    return convert({0, 0, true, request.value, ""}, request.id);
}

Dispatcher::Outcome Dispatcher::operator()(const wire::ParamParse& request) {
    return convert({0, 0, false, 0, request.text}, request.id);
}

Dispatcher::Outcome Dispatcher::convert(link::Convert request, const std::string& id) {
    const auto index = s_.params_.find(id);
    if (!index) {
        return no_such_parameter(id);
    }
    if (std::holds_alternative<std::monostate>(request_id_)) {
        return Later{}; // it was asked so that nobody hears the answer
    }
    request.generation = s_.generation_;
    request.param = static_cast<std::uint32_t>(*index);
    s_.engine_.convert(request, [&session = s_, client = client_, rpc = request_id_, request,
                                 id](const std::optional<link::Converted>& converted) {
        const auto what = request.to_text ? std::to_string(request.value) : request.text;
        auto answer =
            converted
                ? wire::encode_reply(
                      rpc,
                      wire::ParamTextReply{id, request.to_text ? request.value : converted->value,
                                           request.to_text ? converted->text : request.text})
                : wire::encode_error(rpc,
                                     error(ErrorCode::unsupported,
                                           "the plugin has no meaning of its own for \"" + what +
                                               "\" of parameter \"" + id + "\"; use its unit"));
        session.send(client, net::Message::text(std::move(answer)));
    });
    return Later{};
}

Dispatcher::Outcome Dispatcher::gesture(const std::string& id, bool active) {
    if (!s_.params_.find(id)) {
        return no_such_parameter(id);
    }
    if (active) {
        state_->gestures.insert(id);
    } else {
        state_->gestures.erase(id);
    }
    s_.notify(wire::ParamGesture{id, client_, active});
    return wire::Empty{};
}

Dispatcher::Outcome Dispatcher::operator()(const wire::ParamBegin& request) {
    return gesture(request.id, true);
}

Dispatcher::Outcome Dispatcher::operator()(const wire::ParamEnd& request) {
    return gesture(request.id, false);
}

Dispatcher::Outcome Dispatcher::operator()(const wire::ParamTrigger& request) {
    if (const auto fault = s_.params_.trigger(request.id)) {
        return error(*fault);
    }
    return wire::Empty{};
}

} // namespace jig::session
