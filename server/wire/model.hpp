// jig/wire/model.hpp: what the server tells about itself, as PROTOCOL.md names it.
#pragma once

#include "wire/build.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace jig::wire {

/// A client as the protocol names it; see `hello`.
using ClientNumber = std::uint32_t;

enum class EngineStatus { starting, running, restarting, silent };

struct Engine {
    EngineStatus status = EngineStatus::starting;
    std::string reason;
    std::uint32_t restarts = 0;

    bool operator==(const Engine&) const = default;
};

enum class Direction { in, out };

struct Bus {
    std::string id;
    std::string name;
    Direction direction = Direction::in;
    bool main = false;
    bool sidechain = false;
    std::uint32_t channels = 0;

    bool operator==(const Bus&) const = default;
};

enum class TapKind { value, audio };
enum class View { automatic, scope, meter, reduction, number };

struct Tap {
    std::string id;
    std::string name;
    std::string unit;
    TapKind kind = TapKind::value;
    View view = View::automatic;
    double min = 0.0;
    double max = 1.0;

    bool operator==(const Tap&) const = default;
};

struct PluginName {
    std::string id;
    std::string name;

    bool operator==(const PluginName&) const = default;
};

struct PresetName {
    std::string name;
    std::string doc;

    bool operator==(const PresetName&) const = default;
};

struct Plugin {
    std::string id;
    std::string name;
    std::string vendor;
    std::string version;
    std::string doc;
    std::string path;
    std::uint32_t generation = 0;
    bool instrument = false;
    bool events_in = false;
    bool events_out = false;
    std::uint32_t latency_frames = 0;
    std::vector<PluginName> plugins;
    std::vector<Bus> buses;
    std::vector<Tap> taps;
    std::vector<PresetName> presets;
    std::string toolchain;
    std::string sdk;
    std::string build_id;
    std::vector<std::string> libraries;

    bool operator==(const Plugin&) const = default;
};

enum class Curve { lin, log, skew, db };

struct ParamFlags {
    bool stepped = false;
    bool enumeration = false;
    bool toggle = false;
    bool trigger = false;
    bool output = false;
    bool hidden = false;
    bool bypass = false;
    bool periodic = false;
    bool restart = false;

    bool operator==(const ParamFlags&) const = default;
};

struct ParamValue {
    std::string id;
    double value = 0.0; ///< plain, in the parameter's unit
    std::uint64_t rev = 0;
    bool touched = false;

    bool operator==(const ParamValue&) const = default;
};

/// A parameter's descriptor and its present value; `value.id` is the parameter's id.
struct Param {
    std::string name;
    std::string group;
    std::string unit;
    std::string doc;
    double min = 0.0;
    double max = 1.0;
    double def = 0.0;
    double step = 0.0;
    Curve curve = Curve::lin;
    double curve_arg = 0.0;
    ParamFlags flags;
    std::vector<std::string> labels;
    double smooth_ms = 0.0;
    std::int32_t midi_cc = -1;
    bool own_text = false;
    ParamValue value;

    bool operator==(const Param&) const = default;
};

enum class Device { jack, alsa, virtual_device };
enum class AudioState { running, lost };

/// Input to output through the device, without the plugin's own latency.
struct RoundTrip {
    std::uint32_t frames = 0;
    double ms = 0.0;
    bool exact = false;      ///< counted in the device's own frames, or measured
    bool calibrated = false; ///< measured through a cable, with calibration_frames as the result
    std::int32_t calibration_frames = 0; ///< of `frames`: measured more than the device counts
    std::uint32_t resampler_frames = 0; ///< of `frames`: to bring the input onto the output's clock

    bool operator==(const RoundTrip&) const = default;
};

struct Audio {
    Device device = Device::virtual_device;
    std::string name;
    std::string why;
    double rate_hz = 0.0;
    std::uint32_t period_frames = 0;
    std::uint32_t in_channels = 0;
    std::uint32_t out_channels = 0;
    std::uint32_t latency_frames = 0;
    bool realtime = false;
    std::string realtime_note;
    AudioState state = AudioState::running;
    std::uint64_t xruns = 0;
    std::uint64_t frame = 0;
    std::string id;
    std::string detail;
    bool has_input = true;
    bool has_output = true;
    RoundTrip round_trip;
    std::optional<double> rate_ppm; ///< of the device's clock against the system's

    bool operator==(const Audio&) const = default;
};

struct Monitor {
    bool mute = false;
    bool bypass = false;
    double trim_db = 0.0;
    bool tripped = false;

    bool operator==(const Monitor&) const = default;
};

enum class InputKind { device, off, file, sine, noise, impulse };

struct Input {
    InputKind kind = InputKind::device;
    std::vector<InputKind> kinds; ///< what input.select takes
    double hz = 0.0;
    double level_db = 0.0;
    std::string file; ///< base name
    bool loop = false;
    bool playing = false;
    std::uint64_t position_frames = 0;
    std::uint64_t length_frames = 0;

    bool operator==(const Input&) const = default;
};

enum class TransportSource { internal, jack };

struct Transport {
    double bpm = 120.0;
    bool playing = false;
    double beat = 0.0;
    TransportSource source = TransportSource::internal;

    bool operator==(const Transport&) const = default;
};

// ---- Events: the kind of one is the type of its data -----------------------------------------

struct PluginReloaded {
    std::uint32_t generation = 0;
    std::uint64_t swap_frame = 0;
    std::uint32_t fade_frames = 0;
    double file_to_sound_ms = 0.0;
    std::uint64_t gap_frames = 0;
    double step_db = 0.0;
    std::vector<std::string> added;
    std::vector<std::string> removed;
    std::vector<std::string> renamed;

    bool operator==(const PluginReloaded&) const = default;
};

enum class RejectStage { image, open, abi, create, activate, load };

struct PluginRejected {
    RejectStage stage = RejectStage::image;
    std::string file;

    bool operator==(const PluginRejected&) const = default;
};

struct PluginRetired {
    std::uint32_t generation = 0;
    bool unmapped = false;
    std::uint32_t resident_builds = 0;

    bool operator==(const PluginRetired&) const = default;
};

struct EngineCrashed {
    int signal = 0;
    std::string signal_name;
    int exit_status = 0;
    std::uint32_t generation = 0;
    bool in_process = false;
    bool hang = false;

    bool operator==(const EngineCrashed&) const = default;
};

struct EngineRestarted {
    std::uint32_t generation = 0;
    double silent_ms = 0.0;

    bool operator==(const EngineRestarted&) const = default;
};

struct AudioStatus {
    Audio audio;

    bool operator==(const AudioStatus&) const = default;
};

enum class XrunCause { plugin, scheduler, driver };

struct AudioXrun {
    std::uint64_t count = 0;             ///< since the start, of all causes
    std::uint64_t number = 1;            ///< of those that this event tells of
    std::uint64_t frame = 0;             ///< the first after the first gap
    std::optional<std::uint64_t> frames; ///< lost in all; none: not known
    double ms = 0.0;
    XrunCause cause = XrunCause::driver;
    // Of the worst one:
    double late_ms = 0.0;
    double busy_ms = 0.0;
    std::optional<double> cpu_ms;

    bool operator==(const AudioXrun&) const = default;
};

enum class GuardKind { nan, trip, unwritten };

struct AudioGuard {
    GuardKind what = GuardKind::nan;
    std::uint64_t count = 0;
    std::uint64_t frame = 0;

    bool operator==(const AudioGuard&) const = default;
};

enum class LogSource { out, err, plugin, host };

struct Log {
    LogSource source = LogSource::host;
    std::uint64_t dropped = 0; ///< lines lost before this one

    bool operator==(const Log&) const = default;
};

enum class LostKind { meter_frames, log, events, record };

struct Lost {
    LostKind what = LostKind::log;
    std::uint64_t count = 0;

    bool operator==(const Lost&) const = default;
};

using EventData =
    std::variant<PluginReloaded, PluginRejected, PluginRetired, EngineCrashed, EngineRestarted,
                 AudioStatus, AudioXrun, AudioGuard, Log, Lost, BuildEnded>;

enum class Level { info, warn, error };

struct Event {
    std::uint64_t id = 0;
    std::uint64_t frame = 0;
    std::int64_t time_ms = 0; ///< Unix time
    Level level = Level::info;
    std::string text;
    EventData data;

    bool operator==(const Event&) const = default;
};

enum class ReloadState { watching, building, probing, loading, swapping };

struct Reload {
    ReloadState state = ReloadState::watching;
    std::string watching; ///< what is watched: a file or a folder
    std::uint32_t resident_builds = 0;
    std::optional<Event> last;

    bool operator==(const Reload&) const = default;
};

struct State {
    Engine engine;
    std::optional<Plugin> plugin;
    std::vector<Param> params;
    Audio audio;
    Monitor monitor;
    Input input;
    Transport transport;
    Reload reload;
    Build build;
    std::uint64_t last_event_id = 0;
};

// ---- Streams ---------------------------------------------------------------------------------

enum class Stream { meters, load, taps };
enum class Format { bin, json };

struct LayoutChannel {
    std::string name;
    std::string bus;
    Direction direction = Direction::in;

    bool operator==(const LayoutChannel&) const = default;
};

struct Layout {
    Stream stream = Stream::meters;
    std::vector<LayoutChannel> channels;
    std::vector<std::string> fields;

    bool operator==(const Layout&) const = default;
};

} // namespace jig::wire
