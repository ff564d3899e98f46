#include "audio/ports.hpp"

#include <algorithm>
#include <set>

namespace jig::audio {

namespace {

constexpr double kMinRateHz = 1000;
constexpr double kMaxRateHz = 768000;

std::string number(double value) {
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
        text.pop_back();
    }
    return text;
}

std::optional<Error> check_ports(const std::vector<Port>& ports, const char* direction) {
    if (ports.size() > kMaxPorts) {
        return Error{"The device cannot have " + std::to_string(ports.size()) + " " + direction +
                     " ports; it carries " + std::to_string(kMaxPorts) + " at most."};
    }
    std::set<std::string> names;
    for (const Port& port : ports) {
        if (port.name.empty()) {
            return Error{std::string("An ") + direction +
                         " port of the device has no name; give every channel one."};
        }
        if (!names.insert(port.name).second) {
            return Error{"The device's " + std::string(direction) + " port \"" + port.name +
                         "\" is named twice; give every channel its own name."};
        }
    }
    return std::nullopt;
}

void append_missing(std::vector<Port>& present, const std::vector<Port>& wanted) {
    for (const Port& port : wanted) {
        const bool there = std::any_of(present.begin(), present.end(),
                                       [&](const Port& p) { return p.name == port.name; });
        if (!there) {
            present.push_back(port);
        }
    }
}

} // namespace

std::optional<Error> check_config(const DeviceConfig& config) {
    if (std::optional<Error> fault = check_ports(config.in, "input")) {
        return fault;
    }
    return check_ports(config.out, "output");
}

std::optional<Error> check_timing(const DeviceConfig& config) {
    if (std::optional<Error> fault = check_config(config)) {
        return fault;
    }
    if (!(config.rate_hz >= kMinRateHz && config.rate_hz <= kMaxRateHz)) {
        return Error{"The device cannot run at " + number(config.rate_hz) +
                     " Hz; choose a rate from " + number(kMinRateHz) + " to " + number(kMaxRateHz) +
                     " Hz."};
    }
    if (config.period_frames < 1 || config.period_frames > kMaxFrames) {
        return Error{"The device cannot run with a period of " +
                     std::to_string(config.period_frames) + " frames; choose 1 to " +
                     std::to_string(kMaxFrames) + "."};
    }
    if (config.cable_frames >= 0 &&
        static_cast<std::uint32_t>(config.cable_frames) < config.period_frames) {
        return Error{"The simulated cable cannot be " + std::to_string(config.cable_frames) +
                     " frames long; it takes a period (" + std::to_string(config.period_frames) +
                     ") at least."};
    }
    return std::nullopt;
}

std::string timing_name(double rate_hz, std::uint32_t period_frames) {
    return number(rate_hz) + " Hz, " + std::to_string(period_frames) + " frames";
}

void add_missing_ports(DeviceConfig& present, const DeviceConfig& wanted) {
    append_missing(present.in, wanted.in);
    append_missing(present.out, wanted.out);
    present.midi_in = present.midi_in || wanted.midi_in;
    present.midi_out = present.midi_out || wanted.midi_out;
}

Result<DeviceConfig> with_ports(const DeviceConfig& present, const DeviceConfig& wanted) {
    if (const std::optional<Error> fault = check_config(wanted)) {
        return *fault;
    }
    DeviceConfig grown = present;
    add_missing_ports(grown, wanted);
    if (const std::optional<Error> fault = check_config(grown)) {
        return *fault;
    }
    return grown;
}

} // namespace jig::audio
