#include "base/result.hpp"
#include "cli/command.hpp"
#include "cli/embedded.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <vector>

namespace jig::cli {

namespace {

namespace fs = std::filesystem;

struct NewOptions {
    std::string name;
    std::vector<std::string> kinds; ///< folders of sdk/templates; none: effect
};

/// Targets that CMake makes by itself, and libraries that every program links.
constexpr std::array<std::string_view, 13> kTaken{
    "all", "clean",   "depend",         "dl",         "edit_cache",    "help", "install",
    "m",   "package", "package_source", "preinstall", "rebuild_cache", "test"};

Result<void> check_name(const std::string& name) {
    const auto fits = [](unsigned char c) { return (c < 0x80 && std::isalnum(c)) || c == '_'; };
    const bool begins = !name.empty() && std::isalpha(static_cast<unsigned char>(name[0])) != 0;
    if (!begins || name.size() > 64 || !std::all_of(name.begin(), name.end(), fits)) {
        return Error{"\"" + name +
                     "\" cannot name a plugin; take up to 64 letters, digits and "
                     "underscores, a letter first"};
    }
    if (std::find(kTaken.begin(), kTaken.end(), name) != kTaken.end()) {
        return Error{"\"" + name + "\" is a target or a library of every build; take another name"};
    }
    return {};
}

/// "tape_echo": "Tape echo", or "TapeEcho" without spaces.
std::string in_words(const std::string& name, bool spaces) {
    std::string words;
    bool first = true;
    for (const char c : name) {
        if (c == '_') {
            words += spaces ? " " : "";
            first = !spaces;
        } else {
            words += first ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
            first = false;
        }
    }
    return words;
}

std::string replaced(std::string text, std::string_view what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
    return text;
}

/// A template's text with this name for my_plugin. In this order no word that is put in is taken
/// for one to replace.
std::string filled_in(std::string_view text, const std::string& name) {
    auto filled = replaced(std::string(text), "MyPlugin", in_words(name, false) + "Plugin");
    filled = replaced(std::move(filled), "My plugin", in_words(name, true));
    return replaced(std::move(filled), "my_plugin", name);
}

/// Writes the files of one kind into the folder `name`; their names, one after the other.
Result<std::string> write_files(std::string_view kind, const std::string& name) {
    const auto assets = embedded_templates();
    std::string names;
    for (std::size_t i = 0; i < assets.count; ++i) {
        const fs::path path(assets.items[i].path);
        const auto folder = path.parent_path().filename();
        if (folder != kind && folder != "all") {
            continue;
        }
        const auto file = filled_in(path.filename().string(), name);
        std::ofstream out(fs::path(name) / file, std::ios::binary);
        out << filled_in(assets.items[i].bytes, name) << std::flush;
        if (!out) {
            return Error{"cannot write " + name + "/" + file + "; is the disk full?"};
        }
        names += " " + file;
    }
    return names;
}

int refuse(int code, const std::string& why) {
    std::cerr << "dev-server: " << why << '\n';
    return code;
}

int write_project(const NewOptions& options) {
    const auto& [name, kinds] = options;
    if (kinds.size() > 1) {
        return refuse(kUsage, "--" + kinds[0] + " and --" + kinds[1] + " at once; choose one kind");
    }
    if (const auto fits = check_name(name); !fits) {
        return refuse(kUsage, fits.error());
    }
    std::error_code error;
    if (fs::exists(fs::symlink_status(name, error))) {
        return refuse(kUsage, name + " is there already; take another name, or remove it");
    }
    if (!fs::create_directory(name, error)) {
        return refuse(kFailed, "cannot make the folder " + name + ": " + error.message());
    }
    const auto written = write_files(kinds.empty() ? "effect" : kinds.front(), name);
    if (!written) {
        fs::remove_all(name, error);
        return refuse(kFailed, written.error());
    }
    std::cout << "Wrote   " << name << ":" << *written << '\n'
              << "Hear    cd " << name
              << " && cmake -B build && cmake --build build && dev-server run build\n"
              << "Test    ctest --test-dir build\n";
    return kOk;
}

} // namespace

void add_new(CLI::App& app, Chosen& chosen) {
    auto options = std::make_shared<NewOptions>();
    auto* command = app.add_subcommand("new", "Write a project: a plugin, its test, CMake");
    command->add_option("NAME", options->name, "The plugin's name, and the folder's")->required();
    const auto add_kind = [&](const char* kind, const char* what) {
        command->add_flag_callback(
            std::string("--") + kind, [options, kind] { options->kinds.emplace_back(kind); }, what);
    };
    add_kind("effect", "Input to output, in C++; this unless another is given");
    add_kind("instrument", "Notes to sound, in C++");
    add_kind("c", "An effect against the C ABI alone");
    add_kind("faust", "An effect in Faust");
    command->callback(
        [&chosen, options] { chosen = [options] { return write_project(*options); }; });
}

} // namespace jig::cli
