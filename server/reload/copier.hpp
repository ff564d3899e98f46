// jig/reload/copier.hpp: a private copy of each build, which no linker writes over while it is
// mapped.
#pragma once

#include "base/result.hpp"
#include "reload/file_stamp.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

namespace jig::reload {

/// A copy on disk; destroying it removes the file.
class BuildCopy {
  public:
    BuildCopy(std::filesystem::path path, std::filesystem::path source, FileStamp stamp)
        : path_(std::move(path)), source_(std::move(source)), stamp_(stamp) {}
    BuildCopy(const BuildCopy&) = delete;
    BuildCopy& operator=(const BuildCopy&) = delete;
    ~BuildCopy();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] const std::filesystem::path& source() const { return source_; }
    [[nodiscard]] const FileStamp& stamp() const { return stamp_; } ///< of the source
    [[nodiscard]] bool beside_source() const {
        return path_.parent_path() == source_.parent_path();
    }

  private:
    std::filesystem::path path_;
    std::filesystem::path source_;
    FileStamp stamp_;
};

/// Copies to `.name.<pid>-<n>.so` beside the source, where `$ORIGIN` and resources still work; in a
/// folder of its own under the temporary folder where that is not writable. [any]
class Copier {
  public:
    Copier() = default;
    Copier(const Copier&) = delete;
    Copier& operator=(const Copier&) = delete;
    /// Removes the temporary folder, if there was one; copies in it end with it.
    ~Copier();

    /// Fails also when the source changed while it was read. [slow]
    [[nodiscard]] Result<std::shared_ptr<BuildCopy>> copy(const std::filesystem::path& source);

    /// Removes the copies that ended servers left in `folder` and in the temporary folder; returns
    /// how many. [slow]
    static std::size_t remove_leftovers(const std::filesystem::path& folder);

    /// Whether this is the name of a copy.
    [[nodiscard]] static bool is_copy_name(std::string_view name);

  private:
    [[nodiscard]] Result<std::filesystem::path> temporary_folder();

    std::mutex mutex_;
    std::filesystem::path temporary_;
};

} // namespace jig::reload
