#include "wire/calibration.hpp"

#include <cstdlib>

#include <nlohmann/json.hpp>

namespace jig::wire {

namespace {

/// Longer than any path through a converter, in frames.
constexpr std::int64_t kMost = 1'000'000;

} // namespace

std::string encode_calibrations(const Calibrations& calibrations) {
    const nlohmann::json json = calibrations;
    return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::optional<Calibrations> decode_calibrations(std::string_view text) {
    Calibrations calibrations;
    if (text.empty()) {
        return calibrations;
    }
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) {
        return std::nullopt;
    }
    for (const auto& [id, value] : json.items()) {
        if (!value.is_number_integer() || std::abs(value.get<double>()) > kMost) {
            return std::nullopt;
        }
        calibrations[id] = value.get<std::int32_t>();
    }
    return calibrations;
}

std::string encode_latency(const LatencyReport& report) {
    nlohmann::ordered_json json{{"device", report.device},
                                {"name", report.name},
                                {"id", report.id},
                                {"rateHz", report.rate_hz},
                                {"periodFrames", report.period_frames},
                                {"verdict", report.verdict},
                                {"frames", nullptr},
                                {"ms", nullptr},
                                {"countedFrames", report.counted_frames},
                                {"calibrationFrames", nullptr},
                                {"gainDb", report.gain_db},
                                {"confidenceDb", report.confidence_db},
                                {"peakDb", report.peak_db},
                                {"inverted", report.inverted},
                                {"input", report.input},
                                {"restarts", report.restarts}};
    if (report.frames) {
        json["frames"] = *report.frames;
        json["ms"] = *report.frames * 1e3 / report.rate_hz;
    }
    if (report.calibration_frames) {
        json["calibrationFrames"] = *report.calibration_frames;
    }
    return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace jig::wire
