// jig/build/builder.hpp: builds when it is asked to, one build at a time, the newest request wins.
#pragma once

#include "build/command.hpp"
#include "build/diagnostics.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace jig::build {

enum class Status { idle, running, failed, succeeded };

/// Where building stands.
struct Progress {
    Status status = Status::idle;
    std::uint32_t number = 0;    ///< of the build that runs or ran last, from 1
    std::uint32_t cancelled = 0; ///< builds that a newer save overtook
    double seconds = 0;          ///< of the last build that ended
    int exit_status = 0;
    std::vector<Diagnostic> diagnostics; ///< of the build that runs or ran last
    std::uint64_t diagnostics_dropped = 0;
};

struct BuilderSetup {
    Loop& loop;
    std::string command; ///< for /bin/sh
    std::filesystem::path folder;
    std::function<void(const std::vector<std::string>& lines)> on_output; ///< plain text
    std::function<void(const Progress&)> on_progress;
    std::function<std::chrono::steady_clock::time_point()> now{}; ///< none: the steady clock
};

/// Lives on the loop's thread.
class Builder {
  public:
    explicit Builder(BuilderSetup setup);

    /// Builds now. A build under way is ended first, with everything that it started, and the new
    /// one begins when it is gone.
    void request();
    /// Ends the build under way, if there is one.
    void cancel();

    [[nodiscard]] const Progress& progress() const { return progress_; }

  private:
    void begin();
    void ended(const CommandEnd& end);
    void collect(std::string_view line);
    void flush();
    void tell();

    BuilderSetup setup_;
    Progress progress_;
    std::optional<DiagnosticReader> reader_;
    std::vector<std::string> lines_; ///< not told yet
    std::chrono::steady_clock::time_point begun_;
    std::unique_ptr<Command> command_;
    Loop::HandlePtr flush_;
    int overtaken_ = 0; ///< in a row
    bool again_ = false;
    bool unwanted_ = false;
};

} // namespace jig::build
