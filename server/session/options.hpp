// jig/session/options.hpp: what `dev-server run` was asked for, checked.
#pragma once

#include "base/assets.hpp"
#include "session/build_control.hpp"
#include "wire/calibration.hpp"
#include "wire/replies.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace jig::session {

struct InputOptions {
    wire::InputKind kind = wire::InputKind::off;
    double hz = 1000;
    double level_db = -18;
    std::filesystem::path file; ///< of kind file
    bool loop = false;
};

struct Options {
    std::filesystem::path plugin; ///< a library, or a folder of them
    std::string plugin_id;        ///< "": the first
    std::string device = "auto";  ///< as audio::choose_device() takes it
    double rate_hz = 48000;
    std::uint32_t period_frames = 128;
    std::uint32_t periods = 2;         ///< of an ALSA ring
    std::uint32_t prefill_periods = 2; ///< of an ALSA start
    bool resample_capture = false;
    wire::Calibrations calibrations;
    bool connect_physical = true;
    InputOptions input;
    double bpm = 120;
    double fade_ms = 30;
    BuildOptions build;
    std::filesystem::path record; ///< "": no recording

    std::uint16_t port = 8765;
    std::vector<std::string> listen;
    std::vector<std::string> allow_hosts;
    std::string token; ///< "": none asked for
    std::string ui_dir;
    Assets assets;
    std::vector<wire::DeviceInfo> devices; ///< what audio.devices tells

    std::string executable; ///< this program, for the engine process
};

} // namespace jig::session
