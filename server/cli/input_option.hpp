// jig/cli/input_option.hpp: the forms that --input takes.
#pragma once

#include "base/result.hpp"
#include "session/options.hpp"

#include <string>

namespace jig::cli {

/// "device", "off", "file:X.wav[,loop]", "sine:HZ[,DBFS]", "noise[:DBFS]", "impulse[:HZ[,DBFS]]".
[[nodiscard]] Result<session::InputOptions> parse_input(const std::string& text);

} // namespace jig::cli
