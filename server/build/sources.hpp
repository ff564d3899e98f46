// jig/build/sources.hpp: tells when something that a build reads was saved.
#pragma once

#include "base/fd.hpp"
#include "base/loop.hpp"
#include "base/result.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace jig::build {

/// Whether a build might read it: C, C++, assembler, Faust, Rust, CMake, Make, Meson and their like
/// by name; not what editors put beside a file while they save it.
[[nodiscard]] bool is_source(const std::filesystem::path& file);

/// Watches folders and all beneath them, but hidden ones and those that CMake, Ninja or Cargo build
/// in, for sources that are written, moved into
/// place or removed; folders that come later are watched too. One word for a burst of events. Lives
/// on the loop's thread.
class Sources {
  public:
    /// `roots`: folders, or single files. Fails for one that does not exist, and where inotify has
    /// no room for so many folders.
    [[nodiscard]] static Result<std::unique_ptr<Sources>>
    watch(Loop& loop, std::vector<std::filesystem::path> roots,
          std::function<void(const std::filesystem::path& first)> on_change);
    Sources(const Sources&) = delete;
    Sources& operator=(const Sources&) = delete;

    static constexpr std::chrono::milliseconds kQuiet{20};

  private:
    Sources(Loop& loop, std::function<void(const std::filesystem::path&)> on_change);
    [[nodiscard]] Result<void> add(const std::filesystem::path& folder);
    [[nodiscard]] bool is_wanted(const std::filesystem::path& file) const;
    void on_events();
    void saved(const std::filesystem::path& file);
    void tell();

    Loop& loop_;
    std::function<void(const std::filesystem::path&)> on_change_;
    std::vector<std::filesystem::path> files_; ///< roots that are files
    std::map<int, std::filesystem::path> folders_;
    std::map<int, bool> whole_; ///< by watch: every source in it, or the root files only
    UniqueFd inotify_;
    std::filesystem::path first_;
    Loop::HandlePtr readable_;
    Loop::HandlePtr quiet_;
};

} // namespace jig::build
