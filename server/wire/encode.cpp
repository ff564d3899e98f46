// One file although it is long: JSON may not stand in a header, and all of this writes JSON.
#include "wire/codec.hpp"
#include "wire/names.hpp"

#include <type_traits>

#include <nlohmann/json.hpp>

namespace jig::wire {

namespace {

/// Fields stand in the order of PROTOCOL.md.
using Json = nlohmann::ordered_json;

std::string to_text(const Json& json, int indent = -1) {
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

template <typename T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

} // namespace

// nlohmann finds these by the argument's namespace, so they cannot stand in the unnamed one.

template <typename Enum, typename = std::enable_if_t<std::is_enum_v<Enum>>>
static void to_json(Json& json, Enum value) {
    json = name_of(value);
}

static void to_json(Json& json, const Engine& engine) {
    json = {{"status", engine.status}, {"reason", engine.reason}, {"restarts", engine.restarts}};
}

static void to_json(Json& json, const Bus& bus) {
    json = {{"id", bus.id},     {"name", bus.name},           {"direction", bus.direction},
            {"main", bus.main}, {"sidechain", bus.sidechain}, {"channels", bus.channels}};
}

static void to_json(Json& json, const Tap& tap) {
    json = {{"id", tap.id},     {"name", tap.name}, {"unit", tap.unit}, {"kind", tap.kind},
            {"view", tap.view}, {"min", tap.min},   {"max", tap.max}};
}

static void to_json(Json& json, const PluginName& plugin) {
    json = {{"id", plugin.id}, {"name", plugin.name}};
}

static void to_json(Json& json, const PresetName& preset) {
    json = {{"name", preset.name}, {"doc", preset.doc}};
}

static void to_json(Json& json, const Plugin& plugin) {
    json = {{"id", plugin.id},
            {"name", plugin.name},
            {"vendor", plugin.vendor},
            {"version", plugin.version},
            {"doc", plugin.doc},
            {"path", plugin.path},
            {"generation", plugin.generation},
            {"instrument", plugin.instrument},
            {"eventsIn", plugin.events_in},
            {"eventsOut", plugin.events_out},
            {"latencyFrames", plugin.latency_frames},
            {"plugins", plugin.plugins},
            {"buses", plugin.buses},
            {"taps", plugin.taps},
            {"presets", plugin.presets},
            {"toolchain", plugin.toolchain},
            {"sdk", plugin.sdk},
            {"buildId", plugin.build_id},
            {"libraries", plugin.libraries}};
}

static void to_json(Json& json, const ParamFlags& flags) {
    json = Json::array();
    const auto add = [&json](bool set, const char* name) {
        if (set) {
            json.push_back(name);
        }
    };
    add(flags.stepped, "stepped");
    add(flags.enumeration, "enum");
    add(flags.toggle, "toggle");
    add(flags.trigger, "trigger");
    add(flags.output, "output");
    add(flags.hidden, "hidden");
    add(flags.bypass, "bypass");
    add(flags.periodic, "periodic");
    add(flags.restart, "restart");
}

static void to_json(Json& json, const ParamValue& value) {
    json = {
        {"id", value.id}, {"value", value.value}, {"rev", value.rev}, {"touched", value.touched}};
}

static void to_json(Json& json, const Param& param) {
    json = {{"id", param.value.id},
            {"name", param.name},
            {"group", param.group},
            {"unit", param.unit},
            {"doc", param.doc},
            {"min", param.min},
            {"max", param.max},
            {"def", param.def},
            {"step", param.step},
            {"curve", param.curve},
            {"curveArg", param.curve_arg},
            {"flags", param.flags},
            {"labels", param.labels},
            {"smoothMs", param.smooth_ms},
            {"midiCc", param.midi_cc},
            {"ownText", param.own_text},
            {"value", param.value.value},
            {"rev", param.value.rev},
            {"touched", param.value.touched}};
}

static void to_json(Json& json, const RoundTrip& trip) {
    json = {{"frames", trip.frames},
            {"ms", trip.ms},
            {"exact", trip.exact},
            {"calibrated", trip.calibrated},
            {"calibrationFrames", trip.calibration_frames},
            {"resamplerFrames", trip.resampler_frames}};
}

static void to_json(Json& json, const Audio& audio) {
    json = {{"device", audio.device},
            {"name", audio.name},
            {"why", audio.why},
            {"rateHz", audio.rate_hz},
            {"periodFrames", audio.period_frames},
            {"inChannels", audio.in_channels},
            {"outChannels", audio.out_channels},
            {"latencyFrames", audio.latency_frames},
            {"realtime", audio.realtime},
            {"realtimeNote", audio.realtime_note},
            {"state", audio.state},
            {"xruns", audio.xruns},
            {"frame", audio.frame},
            {"id", audio.id},
            {"detail", audio.detail},
            {"hasInput", audio.has_input},
            {"hasOutput", audio.has_output},
            {"roundTrip", audio.round_trip},
            {"ratePpm", or_null(audio.rate_ppm)}};
}

static void to_json(Json& json, const Monitor& monitor) {
    json = {{"mute", monitor.mute},
            {"bypass", monitor.bypass},
            {"trimDb", monitor.trim_db},
            {"tripped", monitor.tripped}};
}

static void to_json(Json& json, const Input& input) {
    json = {{"kind", input.kind},
            {"kinds", input.kinds},
            {"hz", input.hz},
            {"levelDb", input.level_db},
            {"file", input.file},
            {"loop", input.loop},
            {"playing", input.playing},
            {"positionFrames", input.position_frames},
            {"lengthFrames", input.length_frames}};
}

static void to_json(Json& json, const Transport& transport) {
    json = {{"bpm", transport.bpm},
            {"playing", transport.playing},
            {"beat", transport.beat},
            {"source", transport.source}};
}

static void to_json(Json& json, const PluginReloaded& data) {
    json = {{"generation", data.generation},
            {"swapFrame", data.swap_frame},
            {"fadeFrames", data.fade_frames},
            {"fileToSoundMs", data.file_to_sound_ms},
            {"gapFrames", data.gap_frames},
            {"stepDb", data.step_db},
            {"added", data.added},
            {"removed", data.removed},
            {"renamed", data.renamed}};
}

static void to_json(Json& json, const PluginRejected& data) {
    json = {{"stage", data.stage}, {"file", data.file}};
}

static void to_json(Json& json, const PluginRetired& data) {
    json = {{"generation", data.generation},
            {"unmapped", data.unmapped},
            {"residentBuilds", data.resident_builds}};
}

static void to_json(Json& json, const EngineCrashed& data) {
    json = {{"signal", data.signal},          {"signalName", data.signal_name},
            {"exitStatus", data.exit_status}, {"generation", data.generation},
            {"inProcess", data.in_process},   {"hang", data.hang}};
}

static void to_json(Json& json, const EngineRestarted& data) {
    json = {{"generation", data.generation}, {"silentMs", data.silent_ms}};
}

static void to_json(Json& json, const AudioStatus& data) {
    json = data.audio;
}

static void to_json(Json& json, const AudioXrun& data) {
    json = {{"count", data.count},
            {"number", data.number},
            {"frame", data.frame},
            {"frames", or_null(data.frames)},
            {"ms", data.ms},
            {"cause", data.cause},
            {"lateMs", data.late_ms},
            {"busyMs", data.busy_ms},
            {"cpuMs", or_null(data.cpu_ms)}};
}

static void to_json(Json& json, const AudioGuard& data) {
    json = {{"what", data.what}, {"count", data.count}, {"frame", data.frame}};
}

static void to_json(Json& json, const Log& data) {
    json = {{"source", data.source}, {"dropped", data.dropped}};
}

static void to_json(Json& json, const Lost& data) {
    json = {{"what", data.what}, {"count", data.count}};
}

static void to_json(Json& json, const BuildEnded& data) {
    json = {{"succeeded", data.succeeded},
            {"seconds", data.seconds},
            {"exitStatus", data.exit_status},
            {"errors", data.errors},
            {"warnings", data.warnings}};
}

static void to_json(Json& json, const Event& event) {
    json = {{"id", event.id},
            {"frame", event.frame},
            {"timeMs", event.time_ms},
            {"kind", kEventKinds[event.data.index()]},
            {"level", event.level},
            {"text", event.text},
            {"data", std::visit([](const auto& data) { return Json(data); }, event.data)}};
}

static void to_json(Json& json, const Reload& reload) {
    json = {{"state", reload.state},
            {"watching", reload.watching},
            {"residentBuilds", reload.resident_builds},
            {"last", or_null(reload.last)}};
}

static void to_json(Json& json, const Diagnostic& diagnostic) {
    json = {{"severity", diagnostic.severity},
            {"file", diagnostic.file},
            {"line", diagnostic.line},
            {"column", diagnostic.column},
            {"message", diagnostic.message}};
}

static void to_json(Json& json, const Build& build) {
    json = {{"status", build.status},
            {"command", build.command},
            {"number", build.number},
            {"seconds", build.seconds},
            {"exitStatus", build.exit_status},
            {"cancelled", build.cancelled},
            {"editor", build.editor},
            {"diagnostics", build.diagnostics},
            {"diagnosticsDropped", build.diagnostics_dropped},
            {"tail", build.tail}};
}

static void to_json(Json& json, const State& state) {
    json = {{"engine", state.engine},       {"plugin", or_null(state.plugin)},
            {"params", state.params},       {"audio", state.audio},
            {"monitor", state.monitor},     {"input", state.input},
            {"transport", state.transport}, {"reload", state.reload},
            {"build", state.build},         {"lastEventId", state.last_event_id}};
}

static void to_json(Json& json, const LayoutChannel& channel) {
    json = {{"name", channel.name}, {"bus", channel.bus}, {"direction", channel.direction}};
}

static void to_json(Json& json, const Layout& layout) {
    json = {{"stream", layout.stream}, {"channels", layout.channels}, {"fields", layout.fields}};
}

// ---- Replies ---------------------------------------------------------------------------------

static void to_json(Json& json, const Empty&) {
    json = Json::object();
}

static void to_json(Json& json, const HelloReply& hello) {
    json = {{"serverId", hello.server_id},
            {"version", hello.version},
            {"protocol", kProtocol},
            {"capabilities", hello.capabilities},
            {"clientId", hello.client_id},
            {"sampleRate", hello.sample_rate_hz},
            {"blockSize", hello.block_size},
            {"generation", hello.generation},
            {"lastEventId", hello.last_event_id}};
}

static void to_json(Json& json, const PingReply& ping) {
    json = {{"frame", ping.frame}};
}

static void to_json(Json& json, const ParamListReply& reply) {
    json = {{"params", reply.params}};
}

static void to_json(Json& json, const ParamValuesReply& reply) {
    json = {{"values", reply.values}};
}

static void to_json(Json& json, const ParamTextReply& reply) {
    json = {{"id", reply.id}, {"value", reply.value}, {"text", reply.text}};
}

static void to_json(Json& json, const Span& span) {
    json = {{"min", span.min}, {"max", span.max}};
}

static void to_json(Json& json, const DeviceSide& side) {
    json = {{"reason", side.reason},
            {"channels", side.channels},
            {"rateHz", side.rate_hz},
            {"ratesHz", side.rates_hz},
            {"formats", side.formats},
            {"accesses", side.accesses},
            {"periodFrames", side.period_frames},
            {"periods", side.periods}};
}

static void to_json(Json& json, const DeviceInfo& device) {
    json = {{"kind", device.kind},
            {"name", device.name},
            {"description", device.description},
            {"available", device.available},
            {"reason", device.reason},
            {"address", device.address},
            {"duplex", device.duplex},
            {"clock", device.clock},
            {"in", or_null(device.in)},
            {"out", or_null(device.out)}};
}

static void to_json(Json& json, const DeviceTaken& taken) {
    json = {{"device", taken.device}, {"why", taken.why}};
}

static void to_json(Json& json, const DevicesReply& reply) {
    json = {{"devices", reply.devices}};
}

static void to_json(Json& json, const EventsReply& reply) {
    json = {{"events", reply.events}, {"lastEventId", reply.last_event_id}, {"gap", reply.gap}};
}

static void to_json(Json& json, const StreamInfo& stream) {
    json = {{"stream", stream.stream},
            {"channels", stream.channels},
            {"maxRateHz", stream.max_rate_hz}};
}

static void to_json(Json& json, const StreamListReply& reply) {
    json = {{"streams", reply.streams}};
}

static void to_json(Json& json, const SubscribeReply& reply) {
    json = {{"sub", reply.sub}, {"layout", reply.layout}};
}

// ---- Notifications ---------------------------------------------------------------------------

static Json author(const Author& by) {
    return std::visit([](const auto& who) { return Json(who); }, by);
}

static void to_json(Json& json, const ParamChanged& change) {
    json = change.value;
    json["by"] = author(change.by);
}

static void to_json(Json& json, const ParamGesture& gesture) {
    json = {{"id", gesture.id}, {"by", author(gesture.by)}, {"active", gesture.active}};
}

static void to_json(Json& json, const StateChanged& change) {
    json = Json::object();
    const auto add = [&json](const char* name, const auto& member) {
        if (member) {
            json[name] = *member;
        }
    };
    add("engine", change.engine);
    if (change.plugin) {
        json["plugin"] = or_null(*change.plugin);
    }
    add("params", change.params);
    add("audio", change.audio);
    add("monitor", change.monitor);
    add("input", change.input);
    add("transport", change.transport);
    add("reload", change.reload);
    add("build", change.build);
}

static void to_json(Json& json, const BuildOutput& output) {
    json = {{"number", output.number}, {"lines", output.lines}, {"dropped", output.dropped}};
}

static void to_json(Json& json, const EventsGap& gap) {
    json = {{"from", gap.from}, {"to", gap.to}};
}

static void to_json(Json& json, const StreamLayout& change) {
    json = {{"sub", change.sub}, {"layout", change.layout}};
}

namespace {

/// In the order of Notification.
constexpr std::array kNotificationMethods{"param.changed"sv, "param.gesture"sv, "state.changed"sv,
                                          "event"sv,         "events.gap"sv,    "stream.layout"sv,
                                          "build.output"sv};
static_assert(kNotificationMethods.size() == std::variant_size_v<Notification>);

Json response(const RequestId& id) {
    Json json{{"jsonrpc", "2.0"}, {"id", nullptr}};
    if (const auto* number = std::get_if<std::int64_t>(&id)) {
        json["id"] = *number;
    } else if (const auto* text = std::get_if<std::string>(&id)) {
        json["id"] = *text;
    }
    return json;
}

} // namespace

std::string encode_reply(const RequestId& id, const Reply& reply) {
    Json json = response(id);
    json["result"] = std::visit([](const auto& result) { return Json(result); }, reply);
    return to_text(json);
}

std::string encode_error(const RequestId& id, const RpcError& error) {
    Json data{{"kind", error_kind(error.code)}};
    if (error.min) {
        data["min"] = *error.min;
    }
    if (error.max) {
        data["max"] = *error.max;
    }
    Json json = response(id);
    json["error"] = {{"code", static_cast<int>(error.code)},
                     {"message", error.message},
                     {"data", std::move(data)}};
    return to_text(json);
}

std::string encode_notification(const Notification& notification) {
    return to_text(
        {{"jsonrpc", "2.0"},
         {"method", kNotificationMethods[notification.index()]},
         {"params", std::visit([](const auto& params) { return Json(params); }, notification)}});
}

std::string encode_plugin_info(const Plugin& plugin, const std::vector<Param>& params) {
    return to_text({{"plugin", plugin}, {"params", params}}, 2);
}

std::string encode_devices(const std::vector<DeviceInfo>& devices, const DeviceTaken& taken) {
    return to_text({{"devices", devices}, {"taken", taken}}, 2);
}

} // namespace jig::wire
