#include "build/command.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <utility>

namespace jig::build {

namespace {

constexpr std::size_t kLongestLine = 16 * 1024;
/// A group that was asked to end has this long to do so.
constexpr int kGraceMs = 500;

} // namespace

Command::Command(Loop& loop, OnLine on_line, OnEnd on_end)
    : loop_(loop), on_line_(std::move(on_line)), on_end_(std::move(on_end)) {}

Result<std::unique_ptr<Command>> Command::start(Loop& loop, const std::string& command,
                                                const std::filesystem::path& folder, OnLine on_line,
                                                OnEnd on_end) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        return Error{std::string("The build cannot be run, for want of a pipe: ") +
                     std::strerror(errno) + "."};
    }
    std::unique_ptr<Command> made(new Command(loop, std::move(on_line), std::move(on_end)));
    made->output_ = UniqueFd(ends[0]);
    const UniqueFd writer(ends[1]);
    ::fcntl(writer.get(), F_SETFL, 0); // compilers expect to wait

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, writer.get(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, writer.get(), STDERR_FILENO);
    posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t ours;
    sigemptyset(&none);
    sigemptyset(&ours);
    sigaddset(&ours, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &ours);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    std::string shell = "/bin/sh";
    std::string flag = "-c";
    std::string text = command;
    char* arguments[] = {shell.data(), flag.data(), text.data(), nullptr};
    const int fault =
        posix_spawn(&made->pid_, "/bin/sh", &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (fault != 0) {
        made->pid_ = -1;
        return Error{"The build cannot be run in " + folder.string() + ": " + std::strerror(fault) +
                     "."};
    }
    made->group_ = made->pid_;
    made->exited_ = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, made->pid_, 0)));
    made->on_output_ =
        loop.watch(made->output_.get(), [command = made.get()] { command->on_output(); });
    made->on_exit_ =
        loop.watch(made->exited_.get(), [command = made.get()] { command->on_exit(); });
    return made;
}

Command::~Command() {
    on_output_.reset();
    on_exit_.reset();
    if (pid_ > 0) {
        ::kill(-group_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
}

void Command::terminate() {
    if (pid_ > 0 && !patience_) {
        ::kill(-group_, SIGTERM);
        patience_ = loop_.after(std::chrono::milliseconds(kGraceMs),
                                [group = group_] { ::kill(-group, SIGKILL); });
    }
}

/// Whether the other end is closed.
bool Command::drain() {
    char bytes[4096];
    for (;;) {
        const ssize_t size = ::read(output_.get(), bytes, sizeof bytes);
        if (size <= 0) {
            return size == 0 || (errno != EAGAIN && errno != EINTR);
        }
        take({bytes, static_cast<std::size_t>(size)});
    }
}

void Command::on_output() {
    if (drain()) {
        closed_ = true;
        on_output_.reset();
        end_if_done();
    }
}

void Command::take(std::string_view bytes) {
    for (const char c : bytes) {
        if (c == '\n') {
            on_line_(partial_);
            partial_.clear();
        } else if (partial_.size() < kLongestLine) {
            partial_ += c;
        }
    }
}

void Command::on_exit() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    on_exit_.reset();
    patience_.reset();
    ::kill(-group_, SIGKILL); // what it left running in the background of its group
    end_.killed = WIFSIGNALED(status);
    end_.status = end_.killed ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    // A daemon that the build started may hold the pipe for ever (ccache's, gradle's): what is in
    // it now is all that belongs to this build.
    if (!closed_) {
        static_cast<void>(drain());
        closed_ = true;
        on_output_.reset();
    }
    end_if_done();
}

void Command::end_if_done() {
    if (!closed_ || pid_ > 0 || !on_end_) {
        return;
    }
    if (!partial_.empty()) {
        on_line_(std::exchange(partial_, {}));
    }
    const auto on_end = std::exchange(on_end_, nullptr);
    on_end(end_);
}

} // namespace jig::build
