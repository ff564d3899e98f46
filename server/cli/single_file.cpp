// The build of a plugin that is one source file: a small shell script in the user's cache.
#include "cli/build_option.hpp"
#include "cli/command.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <optional>

namespace jig::cli {

namespace {

namespace fs = std::filesystem;

/// Where the SDK's headers and the version script lie.
struct Sdk {
    std::vector<fs::path> includes;
    fs::path map;

    [[nodiscard]] bool is_there() const {
        std::error_code none;
        return fs::exists(map, none) &&
               std::any_of(includes.begin(), includes.end(), [&](const fs::path& include) {
                   return fs::exists(include / "jig" / "plugin.h", none);
               });
    }
};

std::optional<Sdk> find_sdk() {
    const fs::path prefix = fs::path(own_executable()).parent_path().parent_path();
    const fs::path source = JIG_SOURCE_FOLDER;
    for (Sdk sdk : {Sdk{{prefix / "include"}, prefix / "share/cmake/jig/jig_plugin.map"},
                    Sdk{{source / "plugin-abi/include", source / "sdk/include"},
                        source / "sdk/cmake/jig_plugin.map"}}) {
        if (sdk.is_there()) {
            return sdk;
        }
    }
    return std::nullopt;
}

bool has_program(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::string folders = path != nullptr ? path : "/usr/bin:/bin";
    std::error_code none;
    for (std::size_t at = 0; at <= folders.size();) {
        const std::size_t end = std::min(folders.find(':', at), folders.size());
        if (fs::exists(fs::path(folders.substr(at, end - at)) / name, none)) {
            return true;
        }
        at = end + 1;
    }
    return false;
}

std::optional<std::string> find_compiler(bool is_c) {
    if (const char* chosen = std::getenv(is_c ? "CC" : "CXX"); chosen != nullptr && *chosen != 0) {
        return chosen;
    }
    for (const char* name :
         is_c ? std::array{"gcc", "clang", "cc"} : std::array{"g++", "clang++", "c++"}) {
        if (has_program(name)) {
            return name;
        }
    }
    return std::nullopt;
}

std::string shell_word(const fs::path& path) {
    std::string text = "'";
    for (const char c : path.string()) {
        text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return text + "'";
}

bool is_c(const fs::path& source) {
    return source.extension() == ".c";
}

fs::path cache_folder(const fs::path& source) {
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    const fs::path root = cache != nullptr && *cache == '/' ? fs::path(cache)
                          : home != nullptr                 ? fs::path(home) / ".cache"
                                                            : fs::temp_directory_path();
    char key[20];
    std::snprintf(key, sizeof key, "%016zx", std::hash<std::string>{}(source.string()));
    return root / "jig" / (source.stem().string() + "-" + key);
}

/// The headers are compiled once for all builds (they are half of the time of a small plugin), and
/// again when one of them is newer; the library is moved into place whole.
std::string script(const fs::path& source, const std::string& compiler, const Sdk& sdk,
                   const fs::path& folder, const fs::path& library) {
    const bool c = is_c(source);
    std::string flags = c ? "-std=c11" : "-std=c++20 -fvisibility-inlines-hidden";
    flags += " -O2 -g -fPIC -fvisibility=hidden -Wall -Wextra";
    for (const fs::path& include : sdk.includes) {
        flags += " -I" + shell_word(include);
    }
    std::string text = "set -e\ncd " + shell_word(folder) + "\ncompiler=" + shell_word(compiler) +
                       "\nflags=\"" + flags + "\"\n";
    text += "case $($compiler --version) in *clang*) ;; *) flags=\"$flags " +
            std::string(c ? "" : "-fno-gnu-unique") + "\" ;; esac\n";
    if (!c) {
        text += "headers=" + shell_word(sdk.includes.back() / "jig") + "\n" + R"sh(
if [ ! -e all.hpp.gch ] || [ -n "$(find "$headers" -newer all.hpp.gch -name '*.h*')" ]; then
  echo '#include <jig/jig.hpp>' >all.hpp
  eval "$compiler $flags -x c++-header all.hpp -o all.hpp.gch"
fi
flags="$flags -include all.hpp"
)sh";
    }
    const std::string linker = has_program("mold")      ? " -fuse-ld=mold"
                               : has_program("ld.gold") ? " -fuse-ld=gold"
                                                        : "";
    text += "eval \"$compiler $flags\" " + shell_word(source) + " -shared -o part.so" + linker +
            " -Wl,--version-script=" + shell_word(sdk.map) +
            " -Wl,--build-id -Wl,-z,now -Wl,-z,defs -lm\n";
    return text + "mv part.so " + shell_word(library) + "\n";
}

} // namespace

bool is_plugin_source(const fs::path& file) {
    constexpr std::array<std::string_view, 4> kSources{".cpp", ".cc", ".cxx", ".c"};
    return std::find(kSources.begin(), kSources.end(), file.extension().string()) != kSources.end();
}

Result<SingleFile> single_file_build(const fs::path& source, const BuildWords& words) {
    const auto sdk = find_sdk();
    if (!sdk) {
        return Error{"the SDK's headers, which " + source.filename().string() +
                     " needs, are not installed beside this program; install Jig, or build a "
                     "library by yourself and give that"};
    }
    const auto compiler = find_compiler(is_c(source));
    if (!compiler) {
        return Error{"there is no compiler for " + source.filename().string() +
                     "; install g++ or clang, or name one in " + (is_c(source) ? "CC" : "CXX")};
    }
    const fs::path folder = cache_folder(source);
    SingleFile single;
    single.library = folder / "live" / (source.stem().string() + ".so");
    std::error_code fault;
    fs::create_directories(single.library.parent_path(), fault);
    fs::remove(single.library, fault); // what is heard is always this source
    // Watchers of sources pass by what says that it is a cache (bford.info/cachedir).
    std::ofstream(folder / "CACHEDIR.TAG") << "Signature: 8a477f597d28d172789f06886806bc55\n";
    std::ofstream(folder / "build.sh") << script(source, *compiler, *sdk, folder, single.library);
    if (!fs::exists(folder / "build.sh", fault)) {
        return Error{"cannot write to " + folder.string() +
                     "; make it writable, or set XDG_CACHE_HOME"};
    }
    BuildWords whole = words;
    whole.build = "sh " + shell_word(folder / "build.sh");
    if (whole.watch.empty()) {
        whole.watch = {source.parent_path().string()};
    }
    auto build = parse_build(whole);
    if (!build) {
        return Error{build.error()};
    }
    single.build = std::move(*build);
    return single;
}

} // namespace jig::cli
