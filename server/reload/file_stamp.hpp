// jig/reload/file_stamp.hpp: tells one write of a file from the next.
#pragma once

#include <cstdint>
#include <filesystem>
#include <sys/stat.h>

namespace jig::reload {

struct FileStamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = -1; ///< −1: there is no such file
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0; ///< what no tool can set back

    [[nodiscard]] bool exists() const { return size >= 0; }
    bool operator==(const FileStamp&) const = default;
};

[[nodiscard]] inline FileStamp stamp_of(const struct stat& status) {
    const auto ns = [](const timespec& t) {
        return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
    };
    return {status.st_dev, status.st_ino, status.st_size, ns(status.st_mtim), ns(status.st_ctim)};
}

/// Of what the path leads to, symbolic links followed.
[[nodiscard]] inline FileStamp stamp_of(const std::filesystem::path& file) {
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? stamp_of(status) : FileStamp{};
}

} // namespace jig::reload
