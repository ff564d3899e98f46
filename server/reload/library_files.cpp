#include "reload/library_files.hpp"

#include "plugin/image.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

namespace jig::reload {

namespace fs = std::filesystem;

bool is_library_name(std::string_view name) {
    return name.size() > 3 && name.front() != '.' && name.ends_with(".so");
}

namespace {

struct Found {
    bool live = false; ///< lies in a folder for finished builds
    fs::file_time_type written;
    fs::path file;
};

std::optional<Found> plugin_at(const fs::path& file) {
    if (!is_library_name(file.filename().string())) {
        return {};
    }
    const auto image = plugin::read_image_file(file);
    std::error_code gone;
    const auto written = fs::last_write_time(file, gone);
    if (!image || !image->exports_entry || gone) {
        return {};
    }
    return Found{file.parent_path().filename() == "live", written, file};
}

/// Goes down `depth` folders, but into no hidden one and not into CMake's own.
Result<std::vector<Found>> find_plugins(const fs::path& folder, int depth) {
    std::error_code error;
    std::vector<Found> found;
    fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied,
                                        error);
    for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
        const auto name = at->path().filename().string();
        if (at.depth() >= depth || name.front() == '.' || name == "CMakeFiles") {
            at.disable_recursion_pending();
        }
        if (auto plugin = plugin_at(at->path())) {
            found.push_back(std::move(*plugin));
        }
    }
    if (error && found.empty()) {
        return Error{"cannot read the folder " + folder.string() + ": " + error.message()};
    }
    std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
        return std::tuple(!a.live, b.written, a.file) < std::tuple(!b.live, a.written, b.file);
    });
    return found;
}

} // namespace

Result<std::vector<fs::path>> plugin_libraries(const fs::path& folder) {
    auto found = find_plugins(folder, 0);
    if (!found) {
        return Error{found.error()};
    }
    std::vector<fs::path> files;
    for (auto& plugin : *found) {
        files.push_back(std::move(plugin.file));
    }
    return files;
}

Result<fs::path> newest_library(const fs::path& folder) {
    constexpr int kDepth = 4;
    auto found = find_plugins(folder, kDepth);
    if (!found) {
        return Error{found.error()};
    }
    if (found->empty()) {
        return Error{"no complete library in " + folder.string() +
                     " exports jig_entry_v1; build the plugin, or name the folder it is built in"};
    }
    return std::move(found->front().file);
}

std::vector<fs::path> libraries_beside(const fs::path& file,
                                       const std::vector<std::string>& needed) {
    std::vector<fs::path> files;
    for (const auto& name : needed) {
        std::error_code error;
        auto beside = file.parent_path() / fs::path(name).filename();
        if (fs::is_regular_file(beside, error)) {
            files.push_back(std::move(beside));
        }
    }
    return files;
}

} // namespace jig::reload
