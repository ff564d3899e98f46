// jig/reload/library_files.hpp: which files of a folder are plugins' libraries.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace jig::reload {

/// A name that a plugin's library may have: ends in ".so" and is not hidden, as our copies are.
[[nodiscard]] bool is_library_name(std::string_view name);

/// The complete libraries in `folder` that export a plugin entry, newest first. [any, slow]
[[nodiscard]] Result<std::vector<std::filesystem::path>>
plugin_libraries(const std::filesystem::path& folder);

/// The newest one in `folder` or up to four folders beneath; those in a folder `live`, where
/// jig_add_plugin puts finished builds, go before all others. [any, slow]
[[nodiscard]] Result<std::filesystem::path> newest_library(const std::filesystem::path& folder);

/// Of the libraries that `file` needs (DT_NEEDED), those that lie beside it. [any, slow]
[[nodiscard]] std::vector<std::filesystem::path>
libraries_beside(const std::filesystem::path& file, const std::vector<std::string>& needed);

} // namespace jig::reload
