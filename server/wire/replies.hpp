// jig/wire/replies.hpp: what the server answers and what it tells unasked.
#pragma once

#include "wire/model.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace jig::wire {

inline constexpr int kProtocol = 1;

// ---- Errors ----------------------------------------------------------------------------------

enum class ErrorCode {
    parse_error = -32700,
    invalid_request = -32600,
    method_not_found = -32601,
    invalid_params = -32602,
    internal_error = -32603,
    not_found = -32001,
    out_of_range = -32002,
    busy_reloading = -32003,
    not_loaded = -32004,
    rate_limited = -32005,
    build_failed = -32006,
    unsupported = -32007,
};

/// `message` is a sentence with the value and the remedy. min and max belong to out_of_range.
struct RpcError {
    ErrorCode code = ErrorCode::internal_error;
    std::string message;
    std::optional<double> min;
    std::optional<double> max;

    bool operator==(const RpcError&) const = default;
};

/// What `data.kind` says: "outOfRange", … [any]
[[nodiscard]] const char* error_kind(ErrorCode code);

// ---- Results of requests ---------------------------------------------------------------------

struct Empty {};

struct HelloReply {
    std::string server_id;
    std::string version;
    std::vector<std::string> capabilities;
    ClientNumber client_id = 0;
    double sample_rate_hz = 0.0;
    std::uint32_t block_size = 0;
    std::uint32_t generation = 0;
    std::uint64_t last_event_id = 0;
};

struct PingReply {
    std::uint64_t frame = 0;
};

struct ParamListReply {
    std::vector<Param> params;
};

struct ParamValuesReply {
    std::vector<ParamValue> values;
};

struct ParamTextReply {
    std::string id;
    double value = 0.0;
    std::string text;
};

/// Both ends included.
struct Span {
    std::uint32_t min = 0;
    std::uint32_t max = 0;
};

/// One direction of a sound card's PCM. When it cannot be used now, only `reason` is known.
struct DeviceSide {
    std::string reason;
    Span channels;
    Span rate_hz;
    std::vector<std::uint32_t> rates_hz; ///< the usual ones
    std::vector<std::string> formats;
    std::vector<std::string> accesses;
    Span period_frames;
    Span periods;
};

/// `one`: the driver says that one clock drives input and output; `card`: they are of one card, and
/// their clocks are compared when they run.
enum class DeviceClock { one, card };

struct DeviceInfo {
    std::string name;
    std::string description;
    bool available = false;
    std::string reason;
    std::string kind{};    ///< "jack", "pipewire", "alsa", "virtual"
    std::string address{}; ///< of kind alsa
    DeviceClock clock = DeviceClock::one;
    bool duplex = true;
    std::optional<DeviceSide> in{}; ///< of kind alsa
    std::optional<DeviceSide> out{};
};

/// What `dev-server run` takes without being told.
struct DeviceTaken {
    std::string device; ///< what to say to --device for the same
    std::string why;
};

struct DevicesReply {
    std::vector<DeviceInfo> devices;
};

struct EventsReply {
    std::vector<Event> events;
    std::uint64_t last_event_id = 0;
    std::uint64_t gap = 0; ///< events that are no longer kept
};

struct StreamInfo {
    Stream stream = Stream::meters;
    std::vector<std::string> channels;
    double max_rate_hz = 60.0;
};

struct StreamListReply {
    std::vector<StreamInfo> streams;
};

struct SubscribeReply {
    std::uint16_t sub = 0;
    Layout layout;
};

using Reply = std::variant<Empty, HelloReply, PingReply, State, Plugin, ParamListReply, ParamValue,
                           ParamValuesReply, ParamTextReply, Transport, Monitor, Input,
                           DevicesReply, EventsReply, StreamListReply, SubscribeReply>;

// ---- Notifications ---------------------------------------------------------------------------

/// Who changed something: a client, or "reload", or "plugin".
using Author = std::variant<ClientNumber, std::string>;

struct ParamChanged {
    ParamValue value;
    Author by;
};

struct ParamGesture {
    std::string id;
    Author by;
    bool active = false;
};

/// Only what changed; `plugin` holds an empty optional when there is none any more.
struct StateChanged {
    std::optional<Engine> engine;
    std::optional<std::optional<Plugin>> plugin;
    std::optional<std::vector<Param>> params;
    std::optional<Audio> audio;
    std::optional<Monitor> monitor;
    std::optional<Input> input;
    std::optional<Transport> transport;
    std::optional<Reload> reload;
    std::optional<Build> build;
};

/// What a build says while it runs.
struct BuildOutput {
    std::uint32_t number = 0;
    std::vector<std::string> lines; ///< plain text
    std::uint64_t dropped = 0;      ///< lines before these that came too fast
};

struct EventsGap {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
};

struct StreamLayout {
    std::uint16_t sub = 0;
    Layout layout;
};

using Notification = std::variant<ParamChanged, ParamGesture, StateChanged, Event, EventsGap,
                                  StreamLayout, BuildOutput>;

} // namespace jig::wire
