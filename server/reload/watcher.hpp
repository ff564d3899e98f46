// jig/reload/watcher.hpp: tells when a plugin's library, or a library it needs, was written.
#pragma once

#include "base/fd.hpp"
#include "base/loop.hpp"
#include "base/result.hpp"
#include "reload/file_stamp.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jig::reload {

using Time = std::chrono::steady_clock::time_point;

/// One burst of writes, after it has gone quiet.
struct Changes {
    std::vector<std::filesystem::path> files; ///< as they were named to the watcher, no duplicates
    Time first_event;
};

struct WatchOptions {
    std::chrono::milliseconds quiet{20};       ///< without an event, then the burst is over
    std::chrono::milliseconds longest{500};    ///< a burst that does not end is told by now
    std::chrono::milliseconds poll_every{250}; ///< where the file system does not report
    std::optional<bool> poll;                  ///< none: find out from the file system
    std::function<Time()> now;                 ///< none: the steady clock
};

/// Watches by inotify: a file that is written and closed, moved or linked into place, in a folder
/// that may vanish and come back. On a file system that does not report remote writes it looks
/// every 250 ms too, and says so. Lives on the loop's thread.
class Watcher {
  public:
    /// `target` is a library, or a folder of which every library is watched; neither need exist
    /// yet. `on_change` comes after each burst; it may destroy the watcher.
    /// Fails for a target that is neither.
    [[nodiscard]] static Result<std::unique_ptr<Watcher>>
    create(Loop& loop, std::filesystem::path target, std::function<void(const Changes&)> on_change,
           WatchOptions options = {});
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;
    ~Watcher();

    /// Libraries to watch beside the target, instead of those named before.
    void set_libraries(std::vector<std::filesystem::path> libraries);

    /// One sentence when it polls, else empty.
    [[nodiscard]] const std::string& note() const { return note_; }

  private:
    Watcher(Loop& loop, std::filesystem::path target, std::function<void(const Changes&)> on_change,
            WatchOptions options);
    void collect();
    void arm();
    void arm_folder(const std::filesystem::path& folder);
    void add_watch(const std::filesystem::path& folder, std::uint32_t mask);
    void poll_if_needed();
    void poll_because(const std::string& reason);
    void read_events();
    [[nodiscard]] bool handle(int watch, std::uint32_t mask, const char* name);
    [[nodiscard]] bool is_watched(const std::vector<std::filesystem::path>& parents,
                                  const char* name) const;
    [[nodiscard]] const std::filesystem::path* announced(const std::filesystem::path& file) const;
    void scan(bool announce);
    void look_at(const std::filesystem::path& file, bool announce);
    void touched(const std::filesystem::path& file);
    void tell();

    Loop& loop_;
    std::filesystem::path target_;
    bool target_is_folder_ = false;
    std::function<void(const Changes&)> on_change_;
    WatchOptions options_;
    std::vector<std::filesystem::path> libraries_;
    std::string note_;

    UniqueFd inotify_;
    /// Files to watch, and the names they are announced by: a symbolic link's file by the link's.
    std::map<std::filesystem::path, std::filesystem::path> wanted_;
    std::map<int, std::vector<std::filesystem::path>> folders_; ///< by watch: a folder's names
    std::map<std::filesystem::path, FileStamp> known_;
    std::vector<std::filesystem::path> pending_;
    Time first_event_;
    Loop::HandlePtr readable_;
    Loop::HandlePtr quiet_;
    Loop::HandlePtr poll_;
};

} // namespace jig::reload
