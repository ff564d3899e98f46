// jig/cli/build_option.hpp: what `run` was told about building, as the session needs it.
#pragma once

#include "base/result.hpp"
#include "session/build_control.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace jig::cli {

struct BuildWords {
    std::string build;              ///< --build
    std::vector<std::string> watch; ///< --watch
    std::string editor;             ///< --editor, or VISUAL
};

/// The command of `--build`, run in the present folder when something in `--watch` (the present
/// folder, unless given) is saved. Fails for `--watch` without `--build`.
[[nodiscard]] Result<session::BuildOptions> parse_build(const BuildWords& words);

/// Whether `file` is a source rather than a library: C++ or C.
[[nodiscard]] bool is_plugin_source(const std::filesystem::path& file);

/// A plugin that is one source file.
struct SingleFile {
    session::BuildOptions build;
    std::filesystem::path library; ///< what the build will make
};

/// A build for `source` in a folder of this user's cache, with the fastest tools there are. Fails
/// where the SDK's headers or a compiler are not found.
[[nodiscard]] Result<SingleFile> single_file_build(const std::filesystem::path& source,
                                                   const BuildWords& words);

} // namespace jig::cli
