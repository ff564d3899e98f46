#include "engine/start.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace jig::engine {

namespace {

constexpr int kControlFd = 3;
constexpr int kServerRegionFd = 4;
constexpr int kEngineRegionFd = 5;

std::vector<std::string> environment(const std::string& library_path) {
    constexpr std::string_view name = "LD_LIBRARY_PATH=";
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        if (library_path.empty() || std::string_view(*variable).substr(0, name.size()) != name) {
            variables.emplace_back(*variable);
        }
    }
    if (!library_path.empty()) {
        variables.push_back(std::string(name) + library_path);
    }
    return variables;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> made;
    for (auto& text : strings) {
        made.push_back(text.data());
    }
    made.push_back(nullptr);
    return made;
}

/// Copies of the descriptors above the numbers that the child's get, so that none is overwritten
/// before it has been put in place.
UniqueFd moved_up(int fd) {
    return UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, 64));
}

Result<pid_t> spawn(const EngineCommand& command, int control, const link::Regions& regions) {
    std::vector<std::string> args{command.executable};
    args.insert(args.end(), command.args.begin(), command.args.end());
    auto variables = environment(command.library_path);
    auto argv = pointers(args);
    auto envp = pointers(variables);

    const std::array<std::pair<UniqueFd, int>, 5> plan{
        std::pair{moved_up(control), kControlFd},
        std::pair{moved_up(regions.server_fd()), kServerRegionFd},
        std::pair{moved_up(regions.engine_fd()), kEngineRegionFd},
        std::pair{moved_up(command.stdout_fd >= 0 ? command.stdout_fd : STDOUT_FILENO),
                  STDOUT_FILENO},
        std::pair{moved_up(command.stderr_fd >= 0 ? command.stderr_fd : STDERR_FILENO),
                  STDERR_FILENO}};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (const auto& [fd, number] : plan) {
        posix_spawn_file_actions_adddup2(&actions, fd.get(), number);
    }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);

    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);

    pid_t pid = -1;
    const int failed = posix_spawn(&pid, command.executable.c_str(), &actions, &attributes,
                                   argv.data(), envp.data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failed != 0) {
        return Error{"cannot start the engine process " + command.executable + ": " +
                     std::strerror(failed)};
    }
    return pid;
}

} // namespace

EngineHandle::EngineHandle(Loop& loop, Notice on_notice, Ended on_end)
    : loop_(loop), on_notice_(std::move(on_notice)), on_end_(std::move(on_end)) {}

Result<std::unique_ptr<EngineHandle>> EngineHandle::start(Loop& loop, const EngineCommand& command,
                                                          const link::Regions& regions,
                                                          Notice on_notice, Ended on_end) {
    auto ends = link::Channel::pair();
    if (!ends) {
        return Error{ends.error()};
    }
    auto pid = spawn(command, ends->second.fd(), regions);
    if (!pid) {
        return Error{pid.error()};
    }
    std::unique_ptr<EngineHandle> handle(
        new EngineHandle(loop, std::move(on_notice), std::move(on_end)));
    handle->pid_ = *pid;
    handle->channel_ = std::move(ends->first);
    handle->pidfd_.reset(static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0)));
    if (!handle->pidfd_) {
        return Error{std::string("cannot watch the engine process (pidfd_open): ") +
                     std::strerror(errno)};
    }
    auto* self = handle.get();
    handle->channel_watch_ = loop.watch(handle->channel_.fd(), [self] { self->on_readable(); });
    handle->exit_watch_ = loop.watch(handle->pidfd_.get(), [self] { self->on_exit(); });
    return handle;
}

EngineHandle::~EngineHandle() {
    *alive_ = false;
    kill();
    if (!reaped_ && pid_ > 0) {
        ::waitpid(pid_, nullptr, 0);
    }
}

void EngineHandle::kill() {
    if (pid_ > 0 && !reaped_) {
        killed_ = true;
        ::kill(-pid_, SIGKILL);
        ::kill(pid_, SIGKILL); // should it not have its group yet
    }
}

void EngineHandle::send(link::Kind kind, const std::vector<std::byte>& payload, Answer answer,
                        std::chrono::milliseconds patience, int fd) {
    const auto id = next_id_++;
    const auto sent = channel_.send_bytes(kind, id, payload, fd);
    if (!sent) {
        kill(); // part of a message may be under way: what follows it would make no sense
        loop_.post([answer = std::move(answer), why = sent.error()] { answer(Error{why}); });
        return;
    }
    pending_[id] = {std::move(answer), loop_.after(patience, [this, id] { give_up(id); })};
}

void EngineHandle::give_up(std::uint32_t id) {
    const auto found = pending_.find(id);
    if (found == pending_.end()) {
        return;
    }
    auto answer = std::move(found->second.answer);
    // The timer that calls us lives in the entry: let it go only after the call.
    loop_.post([timer = std::shared_ptr<Loop::Handle>(std::move(found->second.timeout))] {});
    pending_.erase(found);
    unanswered_ = true;
    kill();
    answer(Error{"the engine did not answer in time and was ended"});
}

void EngineHandle::on_readable() {
    std::vector<link::Channel::Message> messages;
    const bool open = channel_.receive(messages);
    const auto alive = alive_;
    for (auto& message : messages) {
        if (message.id == 0) {
            on_notice_(message);
        } else {
            answer(std::move(message));
        }
        if (!*alive) {
            return;
        }
    }
    if (!open) {
        channel_watch_.reset(); // it ends, or speaks nonsense: either way it is over
        kill();
    }
}

void EngineHandle::answer(link::Channel::Message message) {
    const auto found = pending_.find(message.id);
    if (found == pending_.end()) {
        return;
    }
    auto answer = std::move(found->second.answer);
    pending_.erase(found);
    if (message.kind == link::Kind::failed) {
        link::Failed failed;
        if (!message.read(failed)) {
            failed.message = "the engine refused, without words";
        }
        stage_ = failed.stage;
        answer(Error{failed.message});
        return;
    }
    answer(std::move(message));
}

void EngineHandle::on_exit() {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) {
        return;
    }
    reaped_ = true;
    ::kill(-pid_, SIGKILL); // whatever the plugin started
    exit_watch_.reset();
    channel_watch_.reset();
    const auto alive = alive_;
    fail_all("the engine ended");
    if (!*alive) {
        return;
    }
    EngineEnd end;
    end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    end.status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    end.unanswered = unanswered_;
    on_end_(end);
}

void EngineHandle::fail_all(const std::string& why) {
    auto pending = std::move(pending_);
    pending_.clear();
    const auto alive = alive_;
    for (auto& [id, entry] : pending) {
        entry.answer(Error{why});
        if (!*alive) {
            return;
        }
    }
}

} // namespace jig::engine
