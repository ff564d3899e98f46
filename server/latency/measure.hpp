// jig/latency/measure.hpp: plays the sequence through a device and its cable, and times what comes
// back.
#pragma once

#include "audio/device.hpp"
#include "base/result.hpp"
#include "latency/arrival.hpp"

#include <cstdint>
#include <string>

namespace jig::latency {

struct Measurement {
    audio::DeviceInfo device;
    Arrival arrival;
    std::uint32_t input = 0;    ///< the channel on which it was heard best, from 1
    std::uint32_t restarts = 0; ///< the device lost frames, and it began anew

    /// What the device does not count, to the nearest frame.
    [[nodiscard]] std::int32_t calibration_frames() const;
};

/// The device, and how to listen to it.
struct Request {
    std::string kind;    ///< as engine::make_device() takes it
    std::string address; ///< ALSA
    double rate_hz = 48000;
    std::uint32_t period_frames = 128;
    std::uint32_t periods = 2;
    std::uint32_t prefill_periods = 2;
    bool resample_capture = false;
    std::int32_t cable_frames = -1; ///< virtual device
    double level_db = -24;
};

/// Opens the device, plays noise at `level_db` on two outputs for about two seconds, and listens on
/// two inputs. The error is the device's; that nothing came back is a verdict. [main]
[[nodiscard]] Result<Measurement> measure(audio::Device& device, audio::DeviceConfig config,
                                          double level_db);
/// On the engine's device of that kind, with this process's memory locked. [main]
[[nodiscard]] Result<Measurement> measure(const Request& request);

} // namespace jig::latency
