// jig/wire/requests.hpp: what a client may ask, one struct a method, checked and typed.
#pragma once

#include "wire/model.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace jig::wire {

/// A JSON-RPC id; none for a request that wants no answer.
using RequestId = std::variant<std::monostate, std::int64_t, std::string>;

struct Hello {
    std::string client;
    std::int64_t protocol = 0;
};
struct Ping {};
struct StateGet {};

struct PluginInfo {};
struct PluginReload {};
struct PluginLoad {
    std::string name; ///< a file name; never a path, that is checked here
};
struct PluginSelect {
    std::string id;
};

struct ParamList {};
struct ParamGet {
    std::string id;
};
struct ParamSet {
    std::string id;
    double value = 0.0; ///< finite
};
struct ParamSetMany {
    std::vector<std::pair<std::string, double>> values; ///< each id once, finite
    std::optional<std::uint64_t> frame;
};
struct ParamReset {
    std::optional<std::string> id; ///< none: all
};
struct PresetLoad {
    std::string name;
};
struct ParamText {
    std::string id;
    double value = 0.0; ///< finite
};
struct ParamParse {
    std::string id;
    std::string text; ///< at most 255 bytes
};
struct ParamBegin {
    std::string id;
};
struct ParamEnd {
    std::string id;
};
struct ParamTrigger {
    std::string id;
};

struct MidiNoteOn {
    int key = 0;
    float velocity = 0.0F;
};
struct MidiNoteOff {
    int key = 0;
    float velocity = 0.0F;
};
struct MidiController {
    int controller = 0;
    int value = 0;
};
struct MidiBend {
    float value = 0.0F; ///< −1…1
};
struct MidiAllOff {};

struct MidiEvent {
    std::variant<MidiNoteOn, MidiNoteOff, MidiController, MidiBend, MidiAllOff> what;
    int channel = 0;
    std::optional<std::uint64_t> frame;
};
struct MidiSend {
    std::vector<MidiEvent> events;
};

struct TransportSet {
    std::optional<double> bpm;
    std::optional<bool> playing;
    std::optional<double> beat;
};

struct MonitorSet {
    std::optional<bool> mute;
    std::optional<bool> bypass;
    std::optional<double> trim_db;
};
struct MonitorPanic {};
struct MonitorRearm {};

struct InputSelect {
    InputKind kind = InputKind::device;
    std::optional<double> hz;
    std::optional<double> level_db;
    std::optional<bool> loop;
    std::optional<bool> playing;
};

struct BuildRun {};
struct BuildCancel {};
/// Shows a diagnostic in the author's editor.
struct BuildOpen {
    std::uint32_t diagnostic = 0; ///< index in Build
};

struct AudioDevices {};
struct MeterReset {
    std::optional<std::uint32_t> channel; ///< none: all
};
struct LoadReset {};
struct EventsSince {
    std::uint64_t id = 0;
};

struct StreamList {};
struct StreamSubscribe {
    Stream stream = Stream::meters;
    double rate_hz = 60.0;
    Format format = Format::bin;
};
struct StreamUpdate {
    std::uint16_t sub = 0;
    double rate_hz = 60.0;
};
struct StreamUnsubscribe {
    std::uint16_t sub = 0;
};
struct StreamAck {
    struct Ack {
        std::uint16_t sub = 0;
        std::uint32_t seq = 0;
    };
    std::vector<Ack> acks;
};

using Request =
    std::variant<Hello, Ping, StateGet, PluginInfo, PluginReload, PluginLoad, PluginSelect,
                 ParamList, ParamGet, ParamSet, ParamSetMany, ParamReset, PresetLoad, ParamText,
                 ParamParse, ParamBegin, ParamEnd, ParamTrigger, MidiSend, TransportSet, MonitorSet,
                 MonitorPanic, MonitorRearm, InputSelect, AudioDevices, MeterReset, LoadReset,
                 EventsSince, StreamList, StreamSubscribe, StreamUpdate, StreamUnsubscribe,
                 StreamAck, BuildRun, BuildCancel, BuildOpen>;

struct Envelope {
    RequestId id;
    Request request;

    /// Whether the client waits for a response.
    [[nodiscard]] bool wants_reply() const { return !std::holds_alternative<std::monostate>(id); }
};

} // namespace jig::wire
