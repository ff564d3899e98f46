// jig/cli/embedded.hpp: the files that the program carries, made by jig_embed_assets().
#pragma once

#include "base/assets.hpp"

namespace jig::cli {

/// The page, as in web/. [any]
[[nodiscard]] Assets embedded_page();
/// The projects that `new` writes, as in sdk/templates/. [any]
[[nodiscard]] Assets embedded_templates();

} // namespace jig::cli
