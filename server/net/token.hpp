// jig/net/token.hpp: the secret that a WebSocket needs, kept between starts.
#pragma once

#include "base/result.hpp"

#include <string>

namespace jig::net {

/// 128 random bits as 32 hexadecimal digits. [any]
[[nodiscard]] Result<std::string> make_token();

/// `$XDG_STATE_HOME/jig/token`, or `~/.local/state/jig/token`. [main]
[[nodiscard]] Result<std::string> default_token_path();

/// The token in `path`, made (with its folders) when there is no such file. The file is 0600 and
/// the user's own; one that others may read is refused, and so is a text that is no token. [main]
[[nodiscard]] Result<std::string> load_or_create_token(const std::string& path);

} // namespace jig::net
