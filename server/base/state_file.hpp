// jig/base/state_file.hpp: small files that outlive the program, in the user's state folder.
#pragma once

#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace jig {

/// `$XDG_STATE_HOME/jig/NAME`, or `~/.local/state/jig/NAME`; nothing when neither is set.
[[nodiscard]] std::optional<std::string> state_path(std::string_view name);

/// All of a regular file; "" when there is none. More than a megabyte is refused.
[[nodiscard]] Result<std::string> read_state(const std::string& path);

/// Puts `text` in the place of the file at once, with its folders: a reader sees the old one or the
/// new one, whole. It is the user's own, 0600.
[[nodiscard]] Result<void> replace_state(const std::string& path, std::string_view text);

} // namespace jig
