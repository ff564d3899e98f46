// jig/audio/probe_line.hpp: the one line that a probe's child says to its parent.
#pragma once

#include "audio/probe.hpp"

#include <string>

namespace jig::audio {

[[nodiscard]] std::string format_probe_line(const JackServer& server);
[[nodiscard]] std::string format_probe_error(const std::string& sentence);

/// Finds the line in all that the child printed; the library may have spoken too.
[[nodiscard]] Result<JackServer> parse_probe_output(const std::string& output);

} // namespace jig::audio
