// jig/session/describe.hpp: what a plugin says of itself, in the protocol's words.
#pragma once

#include "plugin/info.hpp"
#include "wire/model.hpp"

namespace jig::session {

/// Everything but what only the session knows: path, generation, latency, libraries.
[[nodiscard]] wire::Plugin describe(const plugin::PluginInfo& info);

/// The descriptor with its default as the value, untouched.
[[nodiscard]] wire::Param describe(const plugin::ParamInfo& param);

} // namespace jig::session
