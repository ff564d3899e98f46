// jig/cli/device_options.hpp: which audio device, and how: the same words for every command.
#pragma once

#include "audio/probe.hpp"
#include "base/result.hpp"
#include "session/options.hpp"

#include <optional>
#include <vector>

namespace CLI {
class App;
}

namespace jig::cli {

/// --device, --rate, --period, --periods, --prefill, --resample-capture.
void add_device_options(CLI::App& command, session::Options& options);

/// What the options say that cannot be, together.
[[nodiscard]] std::optional<Error> check_device_options(const session::Options& options);

/// The device among those that were found.
[[nodiscard]] Result<audio::DeviceChoice>
choose_device(const session::Options& options, const std::vector<audio::FoundDevice>& found);

} // namespace jig::cli
