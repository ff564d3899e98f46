// jig/wire/calibration.hpp: measured round trips, as `dev-server latency` keeps and prints them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace jig::wire {

/// By device id: the measured round trip less the counted one, in frames.
using Calibrations = std::map<std::string, std::int32_t>;

/// What `latency --json` prints.
struct LatencyReport {
    std::string device; ///< kind
    std::string name;
    std::string id;
    double rate_hz = 0;
    std::uint32_t period_frames = 0;
    std::string verdict; ///< "found", "silent", "foreign", "tooQuiet"
    std::optional<double> frames;
    std::uint32_t counted_frames = 0;
    std::optional<std::int32_t> calibration_frames;
    double gain_db = 0;
    double confidence_db = 0;
    double peak_db = 0;
    bool inverted = false;
    std::uint32_t input = 0;
    std::uint32_t restarts = 0;
};

/// An object of numbers, indented, for people to read and edit. [any]
[[nodiscard]] std::string encode_calibrations(const Calibrations& calibrations);
/// Nothing when it is not of that form. "" is an empty one. [any]
[[nodiscard]] std::optional<Calibrations> decode_calibrations(std::string_view text);

[[nodiscard]] std::string encode_latency(const LatencyReport& report);

} // namespace jig::wire
