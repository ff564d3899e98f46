#include "session/build_control.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace jig::session {

namespace {

/// Of one message; a build that says more at once has its first lines dropped.
constexpr std::size_t kMostLines = 400;
constexpr std::size_t kTailLines = 60;

wire::Diagnostic in_words(const build::Diagnostic& found) {
    return {static_cast<wire::Severity>(found.severity), found.file, found.line, found.column,
            found.message};
}

std::uint32_t count(const build::Progress& progress, build::Severity severity) {
    return static_cast<std::uint32_t>(
        std::count_if(progress.diagnostics.begin(), progress.diagnostics.end(),
                      [&](const auto& found) { return found.severity == severity; }));
}

/// "gain.cpp:12:5: 'foo' was not declared in this scope", of the first error.
std::string first_error(const build::Progress& progress) {
    for (const auto& found : progress.diagnostics) {
        if (found.severity == build::Severity::error) {
            const auto name = std::filesystem::path(found.file).filename().string();
            return (name.empty() ? "" : name + ":" + std::to_string(found.line) + ": ") +
                   found.message;
        }
    }
    return "the command ended with status " + std::to_string(progress.exit_status);
}

void replace(std::string& word, std::string_view placeholder, const std::string& value) {
    for (auto at = word.find(placeholder); at != std::string::npos;
         at = word.find(placeholder, at + value.size())) {
        word.replace(at, placeholder.size(), value);
    }
}

} // namespace

std::vector<std::string> editor_words(const std::string& words, const wire::Diagnostic& place) {
    std::istringstream stream(words);
    std::vector<std::string> filled;
    for (std::string word; stream >> word;) {
        replace(word, "{line}", std::to_string(std::max(1U, place.line)));
        replace(word, "{column}", std::to_string(std::max(1U, place.column)));
        replace(word, "{file}", place.file); // last: a file's name is not looked into
        filled.push_back(std::move(word));
    }
    return filled;
}

BuildControl::BuildControl(Loop& loop, BuildOptions options, Events events)
    : options_(std::move(options)), events_(std::move(events)),
      builder_({loop, options_.command, options_.folder,
                [this](const std::vector<std::string>& lines) { on_output(lines); },
                [this](const build::Progress& progress) { on_progress(progress); }}) {}

Result<std::unique_ptr<BuildControl>> BuildControl::create(Loop& loop, BuildOptions options,
                                                           Events events) {
    std::unique_ptr<BuildControl> made(
        new BuildControl(loop, std::move(options), std::move(events)));
    auto sources = build::Sources::watch(
        loop, made->options_.watch,
        [control = made.get()](const std::filesystem::path&) { control->run(); });
    if (!sources) {
        return Error{sources.error()};
    }
    made->sources_ = std::move(*sources);
    return made;
}

void BuildControl::on_output(const std::vector<std::string>& lines) {
    wire::BuildOutput output;
    output.number = builder_.progress().number;
    if (std::exchange(tail_of_, output.number) != output.number) {
        tail_.clear();
    }
    tail_.insert(tail_.end(), lines.begin(), lines.end());
    tail_.erase(tail_.begin(),
                tail_.end() - static_cast<std::ptrdiff_t>(std::min(tail_.size(), kTailLines)));
    const std::size_t dropped = lines.size() - std::min(lines.size(), kMostLines);
    output.dropped = dropped;
    output.lines.assign(lines.begin() + static_cast<std::ptrdiff_t>(dropped), lines.end());
    events_.output(output);
}

void BuildControl::on_progress(const build::Progress& progress) {
    events_.changed(state());
    const bool succeeded = progress.status == build::Status::succeeded;
    if (!succeeded && progress.status != build::Status::failed) {
        return;
    }
    wire::BuildEnded ended;
    ended.succeeded = succeeded;
    ended.seconds = progress.seconds;
    ended.exit_status = progress.exit_status;
    ended.errors = count(progress, build::Severity::error);
    ended.warnings = count(progress, build::Severity::warning);
    char text[64];
    std::snprintf(text, sizeof text, succeeded ? "built in %.2f s" : "the build failed in %.2f s",
                  progress.seconds);
    events_.ended(ended, succeeded ? text : std::string(text) + ": " + first_error(progress));
}

wire::Build BuildControl::state() const {
    const build::Progress& progress = builder_.progress();
    wire::Build state;
    state.status = progress.status == build::Status::idle      ? wire::BuildStatus::idle
                   : progress.status == build::Status::running ? wire::BuildStatus::running
                   : progress.status == build::Status::failed  ? wire::BuildStatus::failed
                                                               : wire::BuildStatus::succeeded;
    state.command = options_.command;
    state.number = progress.number;
    state.seconds = progress.seconds;
    state.exit_status = progress.exit_status;
    state.cancelled = progress.cancelled;
    state.editor = !options_.editor.empty();
    for (const auto& found : progress.diagnostics) {
        state.diagnostics.push_back(in_words(found));
    }
    state.diagnostics_dropped = progress.diagnostics_dropped;
    if (tail_of_ == progress.number) {
        state.tail.assign(tail_.begin(), tail_.end());
    }
    return state;
}

Result<void> BuildControl::open(std::uint32_t diagnostic) const {
    const auto& all = builder_.progress().diagnostics;
    if (options_.editor.empty()) {
        return Error{"no editor was named; start the server with --editor \"code -g "
                     "{file}:{line}\", or set VISUAL"};
    }
    if (diagnostic >= all.size() || all[diagnostic].file.empty()) {
        return Error{"diagnostic " + std::to_string(diagnostic) +
                     " of the last build names no file; state.get lists them in build"};
    }
    auto words = editor_words(options_.editor, in_words(all[diagnostic]));
    std::vector<char*> arguments;
    std::transform(words.begin(), words.end(), std::back_inserter(arguments),
                   [](std::string& word) { return word.data(); });
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
    pid_t pid = 0;
    const int fault =
        posix_spawnp(&pid, arguments[0], &actions, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (fault != 0) {
        return Error{"the editor \"" + words[0] + "\" does not start: " + std::strerror(fault) +
                     "; name another with --editor"};
    }
    std::thread([pid] { ::waitpid(pid, nullptr, 0); }).detach(); // it lives as long as it likes
    return {};
}

} // namespace jig::session
