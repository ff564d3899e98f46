// jig/link/messages.hpp: what server and engine say to each other beside the shared regions.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace jig::link {

/// Requests go from the server to the engine and are answered by Done, Failed or their own answer,
/// with the request's id; notices go the other way with id 0.
enum class Kind : std::uint32_t {
    // requests
    load = 1,           ///< Load → Loaded
    install = 2,        ///< Install → Installed
    drop = 3,           ///< Generation → done: forget a build that was loaded and not installed
    open_device = 4,    ///< OpenDevice → DeviceOpened
    watch_taps = 5,     ///< WatchTaps → done
    input_file = 6,     ///< InputFile and a descriptor → done
    connect_inputs = 7, ///< ConnectInputs → done
    convert = 9,        ///< Convert → Converted
    quit = 8,           ///< → done, then the engine fades out and ends
    // answers
    done = 20,
    failed = 21, ///< Failed
    loaded = 22, ///< plugin::PluginInfo, by its own fields()
    installed = 23,
    device_opened = 24,
    converted = 25,
    // notices
    swapped = 40,
    retired = 41,
    device_changed = 42,
    latency_changed = 43
};

struct Load {
    std::uint32_t generation = 0;
    std::string path;
    std::string shown_path; ///< what the author calls it, for messages
    std::string plugin_id;  ///< "": the first
};

struct Generation {
    std::uint32_t generation = 0;
};

enum class Stage : std::uint32_t { open, abi, create, activate, load, device };

struct Failed {
    Stage stage = Stage::load;
    std::string message;
};

struct Install {
    std::uint32_t generation = 0;
    std::vector<std::uint32_t> slots; ///< by parameter index
    std::uint32_t fade_frames = 0;
};

struct Installed {
    std::uint32_t latency_frames = 0;
    bool through_silence = false; ///< both builds at once would not have met the deadline
    std::vector<std::uint32_t>
        in_device; ///< by channel of the plugin: the device's, for the streams
    std::vector<std::uint32_t> out_device;
    std::vector<std::uint32_t> own_text; ///< parameters for which the plugin has words of its own
};

struct OpenDevice {
    std::string device; ///< "jack", "alsa", "virtual"
    std::string address;
    double rate_hz = 48000;
    std::uint32_t period_frames = 128;
    std::uint32_t periods = 2;
    std::uint32_t prefill_periods = 2;
    bool resample_capture = false;
    /// {DeviceInfo::id, measured round trip less the one that the device counts}
    std::vector<std::pair<std::string, std::int32_t>> calibrations;
    bool connect_physical = true;
    bool connect_inputs = false;
    std::string client_name;
    std::uint64_t first_frame = 0; ///< where the time line goes on
    std::vector<std::pair<std::string, std::string>> connections;
};

struct DeviceState {
    std::string kind; ///< the device that runs now
    std::string name;
    double rate_hz = 0;
    std::uint32_t period_frames = 0;
    bool realtime = false;
    std::string realtime_note;
    std::uint32_t round_trip_frames = 0; ///< calibration included
    bool round_trip_exact = false;
    std::int32_t calibration_frames = 0;
    bool calibrated = false; ///< the round trip was measured through a cable
    std::uint32_t resampler_frames = 0;
    std::string id; ///< as in audio::DeviceInfo, with `detail`
    std::string detail;
    bool has_input = true;
    bool has_output = true;
    bool lost = false; ///< the device asked for is away; the virtual one stands in
    std::uint32_t in_channels = 0;
    std::uint32_t out_channels = 0;
    std::vector<std::pair<std::string, std::string>> connections;
};

/// A plain value to the plugin's own text, or back.
struct Convert {
    std::uint32_t generation = 0;
    std::uint32_t param = 0; ///< index
    bool to_text = true;
    double value = 0;
    std::string text;
};

struct Converted {
    bool done = false; ///< false: the plugin has no word for it, or is not there any more
    double value = 0;
    std::string text;
};

struct WatchTaps {
    std::uint64_t mask = 0;
};

struct InputFile {
    std::uint64_t frames = 0;
    std::uint32_t channels = 0; ///< planar float32, in the descriptor that comes along
};

struct ConnectInputs {
    bool connect = false;
};

struct Swapped {
    std::uint32_t generation = 0;
    std::uint64_t begin_frame = 0;
    std::uint32_t fade_frames = 0;
    float largest_step = 0; ///< between two neighbouring output samples during the fade
};

struct Retired {
    std::uint32_t generation = 0;
    bool unmapped = false;
};

struct LatencyChanged {
    std::uint32_t frames = 0;
};

template <class A>
void fields(A& a, Load& m) {
    a(m.generation, m.path, m.shown_path, m.plugin_id);
}
template <class A>
void fields(A& a, Generation& m) {
    a(m.generation);
}
template <class A>
void fields(A& a, Failed& m) {
    a(m.stage, m.message);
}
template <class A>
void fields(A& a, Install& m) {
    a(m.generation, m.slots, m.fade_frames);
}
template <class A>
void fields(A& a, Installed& m) {
    a(m.latency_frames, m.through_silence, m.in_device, m.out_device, m.own_text);
}
template <class A>
void fields(A& a, OpenDevice& m) {
    a(m.device, m.address, m.rate_hz, m.period_frames, m.periods, m.prefill_periods,
      m.resample_capture, m.calibrations, m.connect_physical, m.connect_inputs, m.client_name,
      m.first_frame, m.connections);
}
template <class A>
void fields(A& a, DeviceState& m) {
    a(m.kind, m.name, m.rate_hz, m.period_frames, m.realtime, m.realtime_note, m.round_trip_frames,
      m.round_trip_exact, m.calibration_frames, m.calibrated, m.resampler_frames, m.id, m.detail,
      m.has_input, m.has_output, m.lost, m.in_channels, m.out_channels, m.connections);
}
template <class A>
void fields(A& a, Convert& m) {
    a(m.generation, m.param, m.to_text, m.value, m.text);
}
template <class A>
void fields(A& a, Converted& m) {
    a(m.done, m.value, m.text);
}
template <class A>
void fields(A& a, WatchTaps& m) {
    a(m.mask);
}
template <class A>
void fields(A& a, InputFile& m) {
    a(m.frames, m.channels);
}
template <class A>
void fields(A& a, ConnectInputs& m) {
    a(m.connect);
}
template <class A>
void fields(A& a, Swapped& m) {
    a(m.generation, m.begin_frame, m.fade_frames, m.largest_step);
}
template <class A>
void fields(A& a, Retired& m) {
    a(m.generation, m.unmapped);
}
template <class A>
void fields(A& a, LatencyChanged& m) {
    a(m.frames);
}

} // namespace jig::link
