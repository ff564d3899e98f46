// jig/audio/ports.hpp: what every device requires of a configuration, and how its ports grow.
#pragma once

#include "audio/device.hpp"

#include <optional>

namespace jig::audio {

inline constexpr std::uint32_t kMaxMidiIn = 1024;  ///< messages of one cycle
inline constexpr std::uint32_t kMaxMidiOut = 1024; ///< messages of one cycle

/// Why no device could be opened with it, if so: the number of ports, doubled names.
[[nodiscard]] std::optional<Error> check_config(const DeviceConfig& config);

/// … or one that keeps its own time: rate, period and cable as well.
[[nodiscard]] std::optional<Error> check_timing(const DeviceConfig& config);

/// "48000 Hz, 128 frames": the part of a DeviceInfo::id that is a setting.
[[nodiscard]] std::string timing_name(double rate_hz, std::uint32_t period_frames);

/// Appends the ports of `wanted` whose names `present` lacks, in order, and MIDI if it is wanted.
void add_missing_ports(DeviceConfig& present, const DeviceConfig& wanted);

/// `present` with what it lacks of `wanted`, or why that cannot be.
[[nodiscard]] Result<DeviceConfig> with_ports(const DeviceConfig& present,
                                              const DeviceConfig& wanted);

} // namespace jig::audio
