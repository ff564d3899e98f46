#include "latency/measure.hpp"

#include "cli/command.hpp"
#include "cli/device_options.hpp"
#include "session/calibrations.hpp"

#include <CLI/CLI.hpp>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <unistd.h>
#include <vector>

namespace jig::cli {

namespace {

struct LatencyOptions {
    session::Options device;
    std::int32_t cable_frames = -1;
    double level_db = -24;
    bool json = false;
    std::string forget; ///< an id
    CLI::Option* forgets = nullptr;
};

int complain(int code, const std::string& what) {
    std::cerr << "dev-server: " << what << '\n';
    return code;
}

const char* name_of(latency::Verdict verdict) {
    switch (verdict) {
    case latency::Verdict::found:
        return "found";
    case latency::Verdict::silent:
        return "silent";
    case latency::Verdict::foreign:
        return "foreign";
    case latency::Verdict::too_quiet:
        break;
    }
    return "tooQuiet";
}

/// Why there is no figure, and what to do.
std::string remedy(const latency::Measurement& measured) {
    char text[320];
    const auto& arrival = measured.arrival;
    switch (arrival.verdict) {
    case latency::Verdict::silent:
        return "nothing comes back: the inputs are silent; connect output 1 to input 1 by a cable, "
               "and see that neither is muted";
    case latency::Verdict::foreign:
        std::snprintf(text, sizeof text,
                      "what comes back is not the test signal: input %u hears something else, up "
                      "to %.0f dBFS; connect output 1 to input 1 by a cable",
                      measured.input, 20 * std::log10(std::max(arrival.peak, 1e-6)));
        return text;
    case latency::Verdict::too_quiet:
        std::snprintf(text, sizeof text,
                      "the test signal comes back too quiet to be timed: %.0f dB through the "
                      "cable, %.0f dB above the noise; turn input %u up, or play louder by --level",
                      arrival.gain_db, arrival.confidence_db, measured.input);
        return text;
    case latency::Verdict::found:
        break;
    }
    return {};
}

std::string report(const latency::Measurement& measured) {
    const auto& arrival = measured.arrival;
    const bool found = arrival.verdict == latency::Verdict::found;
    wire::LatencyReport report;
    report.device = measured.device.kind;
    report.name = measured.device.name;
    report.id = measured.device.id;
    report.rate_hz = measured.device.rate_hz;
    report.period_frames = measured.device.period_frames;
    report.verdict = name_of(arrival.verdict);
    if (found) {
        report.frames = arrival.frames;
        report.calibration_frames = measured.calibration_frames();
    }
    report.counted_frames = measured.device.round_trip_frames;
    report.gain_db = arrival.gain_db;
    report.confidence_db = arrival.confidence_db;
    report.peak_db = 20 * std::log10(std::max(arrival.peak, 1e-6));
    report.inverted = arrival.inverted;
    report.input = measured.input;
    report.restarts = measured.restarts;
    return wire::encode_latency(report);
}

void print(const latency::Measurement& measured) {
    const auto& arrival = measured.arrival;
    const auto& device = measured.device;
    const bool whole = arrival.frames == std::round(arrival.frames);
    std::printf("Device       %s, %.0f Hz, %u frames a period\n", device.name.c_str(),
                device.rate_hz, device.period_frames);
    std::printf("Round trip   %.*f frames, %.3f ms, on input %u\n", whole ? 0 : 2, arrival.frames,
                arrival.frames * 1e3 / device.rate_hz, measured.input);
    std::printf("Signal       %.1f dB through the cable%s, %.0f dB above all else%s\n",
                std::round(arrival.gain_db * 10) / 10 + 0.0, arrival.inverted ? ", inverted" : "",
                arrival.confidence_db, arrival.peak >= 1 ? "; the input clips" : "");
    std::printf("Counted      %u frames%s\n", device.round_trip_frames,
                device.round_trip_exact ? "" : ", as the driver says");
    std::printf("Calibration  %+d frames, kept for \"%s\"\n", measured.calibration_frames(),
                device.id.c_str());
    if (measured.restarts > 0) {
        std::printf("Note         frames were lost meanwhile; it began anew %u times\n",
                    measured.restarts);
    }
}

int forget(const std::string& id) {
    const auto forgotten = session::forget_calibrations(id);
    if (!forgotten) {
        return complain(kFailed, forgotten.error());
    }
    if (!id.empty() && *forgotten == 0) {
        return complain(kUsage, "there is no calibration of \"" + id + "\" to forget");
    }
    std::cout << *forgotten << (*forgotten == 1 ? " calibration" : " calibrations")
              << " forgotten\n";
    return kOk;
}

/// A libjack is chosen when a process starts: begins this one anew with the one that fits.
int start_again(const std::string& library_path) {
    std::ifstream file("/proc/self/cmdline", std::ios::binary);
    std::vector<std::string> words;
    for (std::string word; std::getline(file, word, '\0');) {
        words.push_back(word);
    }
    std::vector<char*> pointers;
    for (auto& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    ::setenv("LD_LIBRARY_PATH", audio::with_library_path(library_path).c_str(), 1);
    ::execv(own_executable().c_str(), pointers.data());
    return complain(kFailed, "cannot begin anew with the libjack in " + library_path);
}

int measure(const LatencyOptions& options) {
    const auto& wanted = options.device;
    if (const auto fault = check_device_options(wanted)) {
        return complain(kUsage, fault->message);
    }
    const auto choice =
        choose_device(wanted, audio::find_devices({own_executable(), {"probe-jack"}}));
    if (!choice) {
        return complain(kNoDevice, choice.error());
    }
    if (options.cable_frames >= 0 && choice->kind != "virtual") {
        return complain(kUsage, "--cable simulates one for the virtual device; this is " +
                                    choice->kind + ", which needs a real one");
    }
    if (!choice->library_path.empty()) {
        return start_again(choice->library_path);
    }
    latency::Request request;
    request.kind = choice->kind;
    request.address = choice->address;
    request.rate_hz = wanted.rate_hz;
    request.period_frames = wanted.period_frames;
    request.periods = wanted.periods;
    request.prefill_periods = wanted.prefill_periods;
    request.resample_capture = wanted.resample_capture;
    request.cable_frames = options.cable_frames;
    request.level_db = options.level_db;
    const auto measured = latency::measure(request);
    if (!measured) {
        return complain(kNoDevice, measured.error());
    }
    const bool found = measured->arrival.verdict == latency::Verdict::found;
    if (options.json) {
        std::cout << report(*measured) << '\n';
    } else if (found) {
        print(*measured);
    }
    if (!found) {
        return complain(kFailed, remedy(*measured));
    }
    const auto kept =
        session::keep_calibration(measured->device.id, measured->calibration_frames());
    return kept ? kOk : complain(kFailed, kept.error());
}

} // namespace

void add_latency(CLI::App& app, Chosen& chosen) {
    auto options = std::make_shared<LatencyOptions>();
    auto* command = app.add_subcommand(
        "latency", "Measure the round trip through a cable from output to input, and keep it");
    add_device_options(*command, options->device);
    command
        ->add_option("--cable", options->cable_frames,
                     "Length in frames of a simulated cable (virtual device)")
        ->check(CLI::Range(8, 480000));
    command->add_option("--level", options->level_db, "Of the noise that is played, in dBFS")
        ->check(CLI::Range(-80.0, 0.0))
        ->capture_default_str();
    command->add_flag("--json", options->json, "As JSON");
    options->forgets =
        command
            ->add_option("--forget", options->forget,
                         "Forget what was measured of a device, by its id, or of all devices")
            ->expected(0, 1);
    command->callback([&chosen, options] {
        chosen = [options] {
            return options->forgets->count() > 0 ? forget(options->forget) : measure(*options);
        };
    });
}

} // namespace jig::cli
