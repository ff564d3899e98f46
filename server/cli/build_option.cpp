#include "cli/build_option.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace jig::cli {

namespace {

/// How editors with a window take a line; of others, and of those in a terminal, which a server has
/// not, nothing is known.
std::string editor_from_environment() {
    const char* visual = std::getenv("VISUAL");
    const std::string words = visual != nullptr ? visual : "";
    const auto program =
        std::filesystem::path(words.substr(0, words.find(' '))).filename().string();
    constexpr std::array<std::string_view, 3> kCode{"code", "codium", "cursor"};
    constexpr std::array<std::string_view, 6> kPlus{"emacs", "emacsclient",       "gvim",
                                                    "gedit", "gnome-text-editor", "subl"};
    if (std::find(kCode.begin(), kCode.end(), program) != kCode.end()) {
        return words + " -g {file}:{line}:{column}";
    }
    if (std::find(kPlus.begin(), kPlus.end(), program) != kPlus.end()) {
        return words + (program == "subl" ? " {file}:{line}" : " +{line} {file}");
    }
    return program == "kate" ? words + " -l {line} {file}" : "";
}

} // namespace

Result<session::BuildOptions> parse_build(const BuildWords& words) {
    session::BuildOptions options;
    options.command = words.build;
    options.folder = std::filesystem::current_path();
    options.editor = words.editor.empty() ? editor_from_environment() : words.editor;
    options.watch.assign(words.watch.begin(), words.watch.end());
    if (options.command.empty() && !options.watch.empty()) {
        return Error{"--watch " + words.watch.front() +
                     " says when to build, but not how; add --build \"cmake --build build\""};
    }
    if (options.watch.empty()) {
        options.watch = {options.folder};
    }
    return options;
}

} // namespace jig::cli
