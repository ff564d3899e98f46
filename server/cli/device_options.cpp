#include "cli/device_options.hpp"

#include <CLI/CLI.hpp>

#include <cmath>
#include <string>

namespace jig::cli {

namespace {

/// In the form that CLI11 asks for: empty when there is none.
std::string device_fault(const std::string& requested) {
    const auto fault = audio::check_device(requested);
    return fault ? fault->message : std::string();
}

} // namespace

void add_device_options(CLI::App& command, session::Options& options) {
    command
        .add_option("--device", options.device,
                    "The audio device, or alsa:CARD as in alsa:hw:PCH,0, or alsa:CAPTURE+PLAYBACK "
                    "as in alsa:hw:0+hw:1, alsa:none+hw:0")
        ->check(CLI::Validator(device_fault, "{auto,jack,pipewire,alsa,virtual}"))
        ->capture_default_str();
    command.add_option("--rate", options.rate_hz, "Sample rate in Hz (ALSA, virtual device)")
        ->check(CLI::Range(8000.0, 384000.0))
        ->capture_default_str();
    command.add_option("--period", options.period_frames, "Frames a period (ALSA, virtual device)")
        ->check(CLI::Range(8, 8192))
        ->capture_default_str();
    command.add_option("--periods", options.periods, "Periods of a card's ring (ALSA)")
        ->check(CLI::Range(2, 1024))
        ->capture_default_str();
    command
        .add_option("--prefill", options.prefill_periods,
                    "Periods of output ahead of the card: the round trip (ALSA)")
        ->check(CLI::Range(2, 1024))
        ->capture_default_str();
    command.add_flag("--resample-capture", options.resample_capture,
                     "Two cards with two clocks: bring the input onto the output's (ALSA)");
}

std::optional<Error> check_device_options(const session::Options& options) {
    if (options.prefill_periods > options.periods) {
        return Error{"--prefill " + std::to_string(options.prefill_periods) +
                     " does not fit into a ring of --periods " + std::to_string(options.periods) +
                     "; make the ring larger"};
    }
    return std::nullopt;
}

Result<audio::DeviceChoice> choose_device(const session::Options& options,
                                          const std::vector<audio::FoundDevice>& found) {
    return audio::choose_device(
        options.device, found,
        {static_cast<unsigned>(std::lround(options.rate_hz)), options.period_frames});
}

} // namespace jig::cli
