// jig/cli/device_list.hpp: the devices that were found, in the words of the protocol.
#pragma once

#include "audio/probe.hpp"
#include "wire/codec.hpp"

#include <vector>

namespace jig::cli {

[[nodiscard]] std::vector<wire::DeviceInfo> listed(const std::vector<audio::FoundDevice>& found);

} // namespace jig::cli
