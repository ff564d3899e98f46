// tests/reload/files.hpp: writing files in a folder that is gone after the test.
#pragma once

#include "tests/analysis/temp_folder.hpp"
#include "tests/plugins/test_plugins.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace jig::test {

inline std::filesystem::path fixture(const std::string& name) {
    return std::filesystem::path(JIG_RELOAD_FIXTURES) / (name + ".so");
}
inline std::filesystem::path plain_plugin() {
    return std::filesystem::path(JIG_TEST_PLUGIN_DIR) / "plain.so";
}

/// Opens, writes and closes, as `cp` does over a file that is there.
inline void write_file(const std::filesystem::path& file, std::string_view bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}
inline void copy_over(const std::filesystem::path& from, const std::filesystem::path& to) {
    write_file(to, read_text(from));
}

inline std::vector<std::string> names_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace jig::test
