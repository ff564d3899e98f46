#include "reload/library_files.hpp"

#include "plugin/image.hpp"

#include <algorithm>
#include <utility>

namespace jig::reload {

namespace fs = std::filesystem;

bool is_library_name(std::string_view name) {
    return name.size() > 3 && name.front() != '.' && name.ends_with(".so");
}

Result<std::vector<fs::path>> plugin_libraries(const fs::path& folder) {
    std::error_code error;
    std::vector<std::pair<fs::file_time_type, fs::path>> found;
    fs::directory_iterator entries(folder, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
        const fs::path& file = entries->path();
        if (!is_library_name(file.filename().string())) {
            continue;
        }
        const auto image = plugin::read_image_file(file);
        std::error_code gone;
        const auto written = fs::last_write_time(file, gone);
        if (image && image->exports_entry && !gone) {
            found.emplace_back(written, file);
        }
    }
    if (error) {
        return Error{"cannot read the folder " + folder.string() + ": " + error.message()};
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    std::vector<fs::path> files;
    for (auto& [written, file] : found) {
        files.push_back(std::move(file));
    }
    return files;
}

Result<fs::path> newest_library(const fs::path& folder) {
    auto files = plugin_libraries(folder);
    if (!files) {
        return Error{files.error()};
    }
    if (files->empty()) {
        return Error{"no complete library in " + folder.string() +
                     " exports jig_entry_v1; build the plugin, or name the folder it is built in"};
    }
    return files->front();
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
