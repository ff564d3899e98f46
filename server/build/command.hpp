// jig/build/command.hpp: one run of the author's build command, and its end, whatever it started.
#pragma once

#include "base/fd.hpp"
#include "base/loop.hpp"
#include "base/result.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace jig::build {

/// How it ended.
struct CommandEnd {
    int status = 0; ///< its exit status; of a shell that was killed 128 + the signal
    bool killed = false;
};

/// A shell command in a process group of its own. Destroying it kills the group at once, so that
/// nothing that stays in it outlives the server. Lives on the loop's thread.
class Command {
  public:
    using OnLine = std::function<void(std::string_view line)>; ///< without its newline
    using OnEnd = std::function<void(const CommandEnd&)>;

    /// Runs `command` by /bin/sh in `folder`, with standard output and error as one stream of lines
    /// (a line beyond 16 KiB is cut) and nothing to read. `on_end` comes once, after the last line;
    /// it may destroy the command.
    [[nodiscard]] static Result<std::unique_ptr<Command>> start(Loop& loop,
                                                                const std::string& command,
                                                                const std::filesystem::path& folder,
                                                                OnLine on_line, OnEnd on_end);
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;
    ~Command();

    /// Asks the whole group to end, and makes it when it does not; `on_end` comes when it has.
    void terminate();

  private:
    Command(Loop& loop, OnLine on_line, OnEnd on_end);
    [[nodiscard]] bool drain();
    void on_output();
    void on_exit();
    void take(std::string_view bytes);
    void end_if_done();

    Loop& loop_;
    OnLine on_line_;
    OnEnd on_end_;
    pid_t pid_ = -1; ///< of the shell, and its group; −1: reaped
    pid_t group_ = -1;
    UniqueFd output_;
    UniqueFd exited_; ///< a pidfd
    std::string partial_;
    bool closed_ = false; ///< the last line has been read
    CommandEnd end_;
    Loop::HandlePtr on_output_;
    Loop::HandlePtr on_exit_;
    Loop::HandlePtr patience_;
};

} // namespace jig::build
