// jig/session/calibrations.hpp: the measured round trips, kept between starts.
#pragma once

#include "base/result.hpp"
#include "wire/calibration.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace jig::session {

/// What `latency` has measured on this machine; empty where nothing was. [main]
[[nodiscard]] Result<wire::Calibrations> load_calibrations();

/// Keeps one more, in the place of what was known of this device. [main]
[[nodiscard]] Result<void> keep_calibration(const std::string& device_id, std::int32_t frames);

/// Forgets the one of a device, or with "" all; tells how many that were. [main]
[[nodiscard]] Result<std::size_t> forget_calibrations(const std::string& device_id);

} // namespace jig::session
