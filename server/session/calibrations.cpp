#include "session/calibrations.hpp"

#include "base/state_file.hpp"

namespace jig::session {

namespace {

Result<std::string> file() {
    const auto path = state_path("calibrations.json");
    return path ? Result<std::string>(*path)
                : Error{"Neither XDG_STATE_HOME nor HOME names a folder for the calibrations."};
}

Result<wire::Calibrations> load(const std::string& path) {
    const auto text = read_state(path);
    if (!text) {
        return Error{text.error()};
    }
    auto calibrations = wire::decode_calibrations(*text);
    if (!calibrations) {
        return Error{path + " does not hold calibrations: an object of whole numbers of frames; "
                            "correct or remove it."};
    }
    return std::move(*calibrations);
}

} // namespace

Result<wire::Calibrations> load_calibrations() {
    const auto path = file();
    return path ? load(*path) : wire::Calibrations{};
}

Result<void> keep_calibration(const std::string& device_id, std::int32_t frames) {
    const auto path = file();
    if (!path) {
        return Error{path.error()};
    }
    auto calibrations = load(*path);
    if (!calibrations) {
        return Error{calibrations.error()};
    }
    (*calibrations)[device_id] = frames;
    return replace_state(*path, wire::encode_calibrations(*calibrations));
}

Result<std::size_t> forget_calibrations(const std::string& device_id) {
    const auto path = file();
    if (!path) {
        return Error{path.error()};
    }
    auto calibrations = load(*path);
    if (!calibrations) {
        return Error{calibrations.error()};
    }
    const std::size_t before = calibrations->size();
    if (device_id.empty()) {
        calibrations->clear();
    } else {
        calibrations->erase(device_id);
    }
    if (calibrations->size() != before) {
        if (auto replaced = replace_state(*path, wire::encode_calibrations(*calibrations));
            !replaced) {
            return Error{replaced.error()};
        }
    }
    return before - calibrations->size();
}

} // namespace jig::session
