// One file although it is long: JSON may not stand in a header, and all of this reads JSON.
#include "wire/codec.hpp"
#include "wire/names.hpp"

#include <cmath>
#include <limits>
#include <map>
#include <type_traits>

#include <nlohmann/json.hpp>

namespace jig::wire {

namespace {

using Json = nlohmann::json;

/// JSON numbers are doubles to most clients: beyond this, integers lose their last digits.
constexpr double kMaxExactInteger = 9007199254740992.0;
constexpr double kMaxRateHz = 60.0;

/// Thrown and caught in this file: the way out of a request at its first fault.
struct Fault {
    RpcError error;
};
struct TooDeep {};

[[noreturn]] void refuse(std::string message) {
    throw Fault{{ErrorCode::invalid_params, std::move(message), {}, {}}};
}

/// A name from the client inside a sentence of ours: short enough to read.
std::string in_quotes(std::string_view text) {
    constexpr std::size_t kMaxShown = 64;
    const bool cut = text.size() > kMaxShown;
    return '"' + std::string(text.substr(0, kMaxShown)) + (cut ? "…\"" : "\"");
}

/// The JSON text of a number, short: 1.5, not 1.500000.
std::string shown(double number) {
    return Json(number).dump();
}

struct Range {
    double min;
    double max;
};
constexpr Range kAnyNumber{-std::numeric_limits<double>::max(), std::numeric_limits<double>::max()};

/// The fields of one object, each asked for by its name and type.
class Fields {
  public:
    Fields(const Json& object, std::string where) : object_(object), where_(std::move(where)) {
        if (!object_.is_object()) {
            refuse(where_ + " takes an object of named fields, not " +
                   std::string(object_.type_name()) + ".");
        }
    }

    [[nodiscard]] const std::string& where() const { return where_; }

    /// Null counts as absent.
    [[nodiscard]] const Json* find(const char* name) const {
        const auto found = object_.find(name);
        return found == object_.end() || found->is_null() ? nullptr : &*found;
    }

    [[nodiscard]] const Json& need(const char* name, const char* what) const {
        const Json* json = find(name);
        if (json == nullptr) {
            refuse(where_ + " needs " + in_quotes(name) + ", " + what + ".");
        }
        return *json;
    }

    [[nodiscard]] std::string text(const char* name) const {
        const Json& json = need(name, "a string");
        if (!json.is_string()) {
            wrong(name, "a string", json);
        }
        return json.get<std::string>();
    }

    [[nodiscard]] double number(const char* name, Range range = kAnyNumber) const {
        return checked_number(name, need(name, "a number"), range);
    }

    template <typename Integer>
    [[nodiscard]] Integer integer(const char* name, Range range) const {
        const double value = number(name, range);
        if (value != std::floor(value)) {
            wrong(name, "a whole number", need(name, "a whole number"));
        }
        return static_cast<Integer>(value);
    }

    [[nodiscard]] bool boolean(const char* name) const {
        const Json& json = need(name, "true or false");
        if (!json.is_boolean()) {
            wrong(name, "true or false", json);
        }
        return json.get<bool>();
    }

    template <typename Enum>
    [[nodiscard]] Enum one_of(const char* name) const {
        const std::string given = text(name);
        if (const auto value = value_of<Enum>(given)) {
            return *value;
        }
        std::string choices;
        for (const std::string_view choice : kNames<Enum>) {
            choices += (choices.empty() ? "" : ", ") + std::string(choice);
        }
        refuse(where_ + ": " + in_quotes(name) + " is " + in_quotes(given) + ", but it is one of " +
               choices + ".");
    }

    /// `read(name)` if the field is there.
    template <typename Read>
    [[nodiscard]] auto maybe(const char* name, Read read) const
        -> std::optional<std::decay_t<decltype(read(name))>> {
        if (find(name) == nullptr) {
            return std::nullopt;
        }
        return read(name);
    }
    [[nodiscard]] std::optional<double> maybe_number(const char* name,
                                                     Range range = kAnyNumber) const {
        return maybe(name, [&](const char* field) { return number(field, range); });
    }
    [[nodiscard]] std::optional<bool> maybe_boolean(const char* name) const {
        return maybe(name, [&](const char* field) { return boolean(field); });
    }
    [[nodiscard]] std::optional<std::uint64_t> maybe_frame() const {
        return maybe("frame", [&](const char* field) {
            return integer<std::uint64_t>(field, {0.0, kMaxExactInteger});
        });
    }

    [[nodiscard]] const Json& array(const char* name) const {
        const Json& json = need(name, "an array");
        if (!json.is_array()) {
            wrong(name, "an array", json);
        }
        return json;
    }

    double checked_number(const char* name, const Json& json, Range range) const {
        if (!json.is_number()) {
            wrong(name, "a number", json);
        }
        const auto value = json.get<double>();
        if (value < range.min || value > range.max) {
            throw Fault{{ErrorCode::out_of_range,
                         where_ + ": " + in_quotes(name) + " is " + shown(value) +
                             ", but it lies from " + shown(range.min) + " to " + shown(range.max) +
                             ".",
                         range.min, range.max}};
        }
        return value;
    }

    [[noreturn]] void wrong(const char* name, const char* what, const Json& json) const {
        refuse(where_ + ": " + in_quotes(name) + " is " + what + ", not " +
               (json.is_number() ? json.dump() : json.type_name()) + ".");
    }

  private:
    const Json& object_;
    std::string where_;
};

// ---- One function a method that takes something ----------------------------------------------

/// Methods that take nothing.
template <typename T>
Request plain(const Fields&) {
    return T{};
}

/// Methods that take one id.
template <typename T>
Request with_id(const Fields& fields) {
    return T{fields.text("id")};
}

Request hello(const Fields& fields) {
    return Hello{fields.text("client"), fields.integer<std::int64_t>("protocol", {0.0, 1e9})};
}

Request plugin_load(const Fields& fields) {
    PluginLoad load{fields.text("name")};
    if (!is_file_name(load.name)) {
        refuse("plugin.load: " + in_quotes(load.name) +
               " is no file name; it takes one of the plugin's \"libraries\", without a folder.");
    }
    return load;
}

Request param_set(const Fields& fields) {
    return ParamSet{fields.text("id"), fields.number("value")};
}

Request param_set_many(const Fields& fields) {
    ParamSetMany many;
    const Json& values = fields.need("values", "an object of ids and numbers");
    if (!values.is_object()) {
        fields.wrong("values", "an object of ids and numbers", values);
    }
    for (const auto& [id, value] : values.items()) {
        many.values.emplace_back(id, fields.checked_number(id.c_str(), value, kAnyNumber));
    }
    many.frame = fields.maybe_frame();
    return many;
}

Request preset_load(const Fields& fields) {
    return PresetLoad{fields.text("name")};
}

Request param_text(const Fields& fields) {
    return ParamText{fields.text("id"), fields.number("value")};
}

Request param_parse(const Fields& fields) {
    constexpr std::size_t kLongest = 255;
    ParamParse parse{fields.text("id"), fields.text("text")};
    if (parse.text.size() > kLongest) {
        refuse("param.parse: the text has " + std::to_string(parse.text.size()) +
               " bytes; at most " + std::to_string(kLongest) + " are taken.");
    }
    return parse;
}

Request param_reset(const Fields& fields) {
    return ParamReset{fields.maybe("id", [&](const char* name) { return fields.text(name); })};
}

MidiEvent midi_event(const Fields& fields) {
    constexpr Range kSevenBits{0.0, 127.0};
    constexpr Range kUnit{0.0, 1.0};
    const auto velocity = [&] { return static_cast<float>(fields.number("velocity", kUnit)); };
    const std::string type = fields.text("type");
    MidiEvent event;
    if (type == "noteOn") {
        event.what = MidiNoteOn{fields.integer<int>("key", kSevenBits), velocity()};
    } else if (type == "noteOff") {
        event.what = MidiNoteOff{fields.integer<int>("key", kSevenBits),
                                 fields.find("velocity") == nullptr ? 0.0F : velocity()};
    } else if (type == "cc") {
        event.what = MidiController{fields.integer<int>("controller", kSevenBits),
                                    fields.integer<int>("value", kSevenBits)};
    } else if (type == "bend") {
        event.what = MidiBend{static_cast<float>(fields.number("value", {-1.0, 1.0}))};
    } else if (type == "allOff") {
        event.what = MidiAllOff{};
    } else {
        refuse(fields.where() + ": \"type\" is " + in_quotes(type) +
               ", but it is one of noteOn, noteOff, cc, bend, allOff.");
    }
    if (fields.find("channel") != nullptr) {
        event.channel = fields.integer<int>("channel", {0.0, 15.0});
    }
    event.frame = fields.maybe_frame();
    return event;
}

Request midi_send(const Fields& fields) {
    MidiSend send;
    const Json& events = fields.array("events");
    send.events.reserve(events.size());
    for (const Json& event : events) {
        send.events.push_back(midi_event(Fields(event, "a MIDI event")));
    }
    return send;
}

Request transport_set(const Fields& fields) {
    return TransportSet{fields.maybe_number("bpm", {1.0, 999.0}), fields.maybe_boolean("playing"),
                        fields.maybe_number("beat", {0.0, 1e9})};
}

Request monitor_set(const Fields& fields) {
    return MonitorSet{fields.maybe_boolean("mute"), fields.maybe_boolean("bypass"),
                      fields.maybe_number("trimDb", {-60.0, 12.0})};
}

Request input_select(const Fields& fields) {
    return InputSelect{fields.one_of<InputKind>("kind"), fields.maybe_number("hz", {1.0, 192e3}),
                       fields.maybe_number("levelDb", {-120.0, 0.0}), fields.maybe_boolean("loop"),
                       fields.maybe_boolean("playing")};
}

Request meter_reset(const Fields& fields) {
    return MeterReset{fields.maybe("channel", [&](const char* name) {
        return fields.integer<std::uint32_t>(name, {0.0, 65535.0});
    })};
}

Request events_since(const Fields& fields) {
    return EventsSince{fields.integer<std::uint64_t>("id", {0.0, kMaxExactInteger})};
}

double rate_hz(const Fields& fields) {
    return fields.number("rateHz", {0.1, kMaxRateHz});
}

std::uint16_t sub(const Fields& fields) {
    return fields.integer<std::uint16_t>("sub", {0.0, 65535.0});
}

Request stream_subscribe(const Fields& fields) {
    return StreamSubscribe{fields.one_of<Stream>("stream"), rate_hz(fields),
                           fields.find("format") == nullptr ? Format::bin
                                                            : fields.one_of<Format>("format")};
}

Request stream_update(const Fields& fields) {
    return StreamUpdate{sub(fields), rate_hz(fields)};
}

Request stream_unsubscribe(const Fields& fields) {
    return StreamUnsubscribe{sub(fields)};
}

Request stream_ack(const Fields& fields) {
    StreamAck ack;
    const Json& pairs = fields.array("acks");
    ack.acks.reserve(pairs.size());
    for (const Json& pair : pairs) {
        if (!pair.is_array() || pair.size() != 2) {
            refuse("stream.ack: \"acks\" is an array of pairs [sub, seq].");
        }
        const Json named{{"sub", pair[0]}, {"seq", pair[1]}};
        const Fields numbers(named, "stream.ack");
        ack.acks.push_back(
            {sub(numbers), numbers.integer<std::uint32_t>("seq", {0.0, 4294967295.0})});
    }
    return ack;
}

Request build_open(const Fields& fields) {
    return BuildOpen{fields.integer<std::uint32_t>("diagnostic", {0.0, 4294967295.0})};
}

using Decoder = Request (*)(const Fields&);

const std::map<std::string_view, Decoder>& decoders() {
    static const std::map<std::string_view, Decoder> kDecoders{
        {"hello", hello},
        {"ping", plain<Ping>},
        {"state.get", plain<StateGet>},
        {"plugin.info", plain<PluginInfo>},
        {"plugin.reload", plain<PluginReload>},
        {"plugin.load", plugin_load},
        {"plugin.select", with_id<PluginSelect>},
        {"param.list", plain<ParamList>},
        {"param.get", with_id<ParamGet>},
        {"param.set", param_set},
        {"param.setMany", param_set_many},
        {"param.reset", param_reset},
        {"preset.load", preset_load},
        {"param.text", param_text},
        {"param.parse", param_parse},
        {"param.begin", with_id<ParamBegin>},
        {"param.end", with_id<ParamEnd>},
        {"param.trigger", with_id<ParamTrigger>},
        {"midi.send", midi_send},
        {"transport.set", transport_set},
        {"monitor.set", monitor_set},
        {"monitor.panic", plain<MonitorPanic>},
        {"monitor.rearm", plain<MonitorRearm>},
        {"input.select", input_select},
        {"build.run", plain<BuildRun>},
        {"build.cancel", plain<BuildCancel>},
        {"build.open", build_open},
        {"audio.devices", plain<AudioDevices>},
        {"meter.reset", meter_reset},
        {"load.reset", plain<LoadReset>},
        {"events.since", events_since},
        {"stream.list", plain<StreamList>},
        {"stream.subscribe", stream_subscribe},
        {"stream.update", stream_update},
        {"stream.unsubscribe", stream_unsubscribe},
        {"stream.ack", stream_ack},
    };
    return kDecoders;
}

// ---- The envelope ----------------------------------------------------------------------------

/// nlohmann parses any depth and then overflows the stack; only a throw stops it.
Json parse_json(std::string_view text) {
    const auto limit_depth = [](int depth, Json::parse_event_t event, const Json&) {
        const bool opens =
            event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
        if (opens && depth >= kMaxDepth) {
            throw TooDeep{};
        }
        return true;
    };
    return Json::parse(text.begin(), text.end(), limit_depth, false);
}

Refusal bad_envelope(ErrorCode code, std::string message) {
    return {{}, {code, std::move(message), {}, {}}, true};
}

std::variant<Envelope, Refusal> read_envelope(const Json& json) {
    if (json.is_array()) {
        return bad_envelope(ErrorCode::invalid_request,
                            "A batch of requests is not taken; send each as its own message.");
    }
    if (!json.is_object()) {
        return bad_envelope(ErrorCode::invalid_request, "A request is a JSON object.");
    }
    RequestId id;
    if (const auto found = json.find("id"); found != json.end()) {
        if (found->is_string()) {
            id = found->get<std::string>();
        } else if (found->is_number_integer() &&
                   std::abs(found->get<double>()) < kMaxExactInteger) {
            id = found->get<std::int64_t>();
        } else {
            return bad_envelope(ErrorCode::invalid_request,
                                "A request's \"id\" is a whole number or a string.");
        }
    }
    const auto invalid = [&](std::string message) -> Refusal {
        return {id, {ErrorCode::invalid_request, std::move(message), {}, {}}, true};
    };
    const auto version = json.find("jsonrpc");
    if (version == json.end() || *version != "2.0") {
        return invalid("A request carries \"jsonrpc\": \"2.0\".");
    }
    const auto method = json.find("method");
    if (method == json.end() || !method->is_string()) {
        return invalid("A request carries \"method\", a string.");
    }
    const auto name = method->get<std::string>();
    const bool respond = !std::holds_alternative<std::monostate>(id);
    const auto decoder = decoders().find(name);
    if (decoder == decoders().end()) {
        return Refusal{id,
                       {ErrorCode::method_not_found,
                        "There is no method " + in_quotes(name) + "; PROTOCOL.md lists them.",
                        {},
                        {}},
                       respond};
    }
    const auto params = json.find("params");
    const Json none = Json::object();
    try {
        return Envelope{id, decoder->second(Fields(params == json.end() ? none : *params, name))};
    } catch (Fault& fault) {
        return Refusal{id, std::move(fault.error), respond};
    }
}

} // namespace

std::variant<Envelope, Refusal> parse_request(std::string_view text) {
    if (text.size() > kMaxMessageBytes) {
        return bad_envelope(ErrorCode::invalid_request, "A message of " +
                                                            std::to_string(text.size()) +
                                                            " bytes is too long; the most is " +
                                                            std::to_string(kMaxMessageBytes) + ".");
    }
    try {
        const Json json = parse_json(text);
        if (json.is_discarded()) {
            return bad_envelope(ErrorCode::parse_error, "The message is not JSON in UTF-8.");
        }
        return read_envelope(json);
    } catch (const TooDeep&) {
        return bad_envelope(ErrorCode::invalid_request,
                            "The message nests deeper than " + std::to_string(kMaxDepth) + ".");
    }
}

bool is_file_name(std::string_view name) {
    return !name.empty() && name != "." && name != ".." &&
           name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

} // namespace jig::wire
