// jig/audio/probe.hpp: which audio device is there, and which one to take.
#pragma once

#include "audio/alsa/cards.hpp"
#include "base/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace jig::audio {

/// How to run probe_jack_main() in a child process: the libjack in use is decided when a process
/// starts, and a stopped server must not stop us.
struct ProbeCommand {
    std::string executable;        ///< absolute, e.g. what /proc/self/exe points to
    std::vector<std::string> args; ///< what makes it call probe_jack_main()
    std::chrono::milliseconds timeout{2000};
};

/// What a JACK server says of itself.
struct JackServer {
    std::uint32_t rate_hz = 0;
    std::uint32_t period_frames = 0;
    bool realtime = false; ///< as it was asked to; what a thread got is in DeviceInfo
    std::string name;      ///< "JACK 1.9.21 (server default)", "PipeWire 0.3.65 (JACK)"
    [[nodiscard]] bool is_pipewire() const { return name.rfind("PipeWire", 0) == 0; }
};

/// A device as `devices` lists it.
struct FoundDevice {
    std::string kind;        ///< "jack", "pipewire", "alsa" or "virtual"
    std::string name;        ///< "JACK 1.9.21 (server default)"
    std::string description; ///< "48000 Hz, 256 frames"
    bool available = false;
    std::string reason;       ///< why it is not
    std::string library_path; ///< for the engine's LD_LIBRARY_PATH, if it is not the default
    std::string address;      ///< ALSA: what stands after "alsa:" to take it
    std::optional<alsa::CardPcm> pcm; ///< ALSA: nothing when there is no card at all
};

struct DeviceChoice {
    std::string kind;         ///< what to make: "jack", "alsa" or "virtual"
    std::string address;      ///< ALSA: which card, or which two
    std::string library_path; ///< put it before the engine's LD_LIBRARY_PATH, unless empty
    std::string why;          ///< one sentence
};

/// Connects to the server that this process's libjack finds (never starts one), prints one line for
/// run_jack_probe() on stdout, what it found or why not, and returns the exit code, 0 or 1.
[[nodiscard]] int probe_jack_main();

/// Runs probe_jack_main() in a child with `library_path` (may be empty) before its LD_LIBRARY_PATH.
[[nodiscard]] Result<JackServer> run_jack_probe(const ProbeCommand& command,
                                                const std::string& library_path);

/// `path` before the present LD_LIBRARY_PATH; what the engine's environment gets.
[[nodiscard]] std::string with_library_path(const std::string& path);

/// Where PipeWire's own libjack lies, empty if it is not installed.
[[nodiscard]] std::string pipewire_jack_folder();

/// The socket of a running PipeWire of this user, empty if there is none.
[[nodiscard]] std::string pipewire_socket();

/// A PCM as a device: usable when all that it has can be opened now. [any]
[[nodiscard]] FoundDevice found_pcm(const alsa::CardPcm& pcm);

/// jackd, PipeWire, the cards and the virtual device, in order of preference, present or not. Takes
/// as long as two probes at most. [main]
[[nodiscard]] std::vector<FoundDevice> find_devices(const ProbeCommand& command);

/// What a device has to be able to do to be taken unasked.
struct WantedStream {
    unsigned rate_hz = 48000;
    unsigned period_frames = 128;
};

/// Nothing when `requested` has a form that choose_device() takes, else the sentence that says so.
/// [any]
[[nodiscard]] std::optional<Error> check_device(const std::string& requested);

/// `requested` is "auto", "jack" (jackd, else PipeWire), "pipewire", "virtual", "alsa" (the first
/// duplex card that can do what is wanted, else the first with an output), or "alsa:" with an
/// address. "auto" takes a running server, else such a duplex card, else the virtual device. Fails
/// when it is not there.
[[nodiscard]] Result<DeviceChoice> choose_device(const std::string& requested,
                                                 const std::vector<FoundDevice>& found,
                                                 const WantedStream& wanted = {});

} // namespace jig::audio
