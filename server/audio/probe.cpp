#include "audio/probe.hpp"

#include "audio/probe_line.hpp"
#include "base/fd.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/stat.h>
#include <sys/wait.h>

namespace jig::audio {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr const char* kLibraryPath = "LD_LIBRARY_PATH";

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

/// Our environment, with `library_path` before its LD_LIBRARY_PATH.
std::vector<std::string> child_environment(const std::string& library_path) {
    const std::string prefix = std::string(kLibraryPath) + "=";
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        if (library_path.empty() || std::string_view(*variable).rfind(prefix, 0) != 0) {
            variables.emplace_back(*variable);
        }
    }
    if (!library_path.empty()) {
        variables.push_back(prefix + with_library_path(library_path));
    }
    return variables;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> list;
    for (std::string& string : strings) {
        list.push_back(string.data());
    }
    list.push_back(nullptr);
    return list;
}

/// Reads until the end, or until `deadline`.
std::string read_until(int fd, steady_clock::time_point deadline) {
    std::string output;
    std::array<char, 512> chunk{};
    for (;;) {
        const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now()).count();
        pollfd watched{fd, POLLIN, 0};
        const int ready = left > 0 ? ::poll(&watched, 1, static_cast<int>(left)) : 0;
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        if (ready <= 0) {
            return output;
        }
        const ssize_t size = ::read(fd, chunk.data(), chunk.size());
        if (size <= 0) {
            return output;
        }
        output.append(chunk.data(), static_cast<std::size_t>(size));
    }
}

Result<pid_t> spawn(const ProbeCommand& command, const std::string& library_path, int output) {
    std::vector<std::string> arguments{command.executable};
    arguments.insert(arguments.end(), command.args.begin(), command.args.end());
    std::vector<std::string> variables = child_environment(library_path);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t pid = 0;
    const int fault = posix_spawn(&pid, command.executable.c_str(), &actions, nullptr,
                                  pointers(arguments).data(), pointers(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    if (fault != 0) {
        return Error{"The probe for a JACK server cannot run \"" + command.executable +
                     "\": " + std::strerror(fault) + "."};
    }
    return pid;
}

/// The folder of the library that `symbol` comes from in this process.
fs::path folder_of(const char* symbol) {
    Dl_info info{};
    void* address = dlsym(RTLD_DEFAULT, symbol);
    if (address == nullptr || dladdr(address, &info) == 0 || info.dli_fname == nullptr) {
        return {};
    }
    std::error_code ignored;
    return fs::canonical(info.dli_fname, ignored).parent_path();
}

std::string describe(const JackServer& server) {
    return std::to_string(server.rate_hz) + " Hz, " + std::to_string(server.period_frames) +
           " frames";
}

void fill(FoundDevice& device, const Result<JackServer>& answer, const std::string& library_path) {
    device.available = answer.ok();
    if (!answer) {
        device.reason = answer.error();
        return;
    }
    device.name = answer->name;
    device.description = describe(*answer);
    device.library_path = library_path;
}

void ask_pipewire(FoundDevice& pipewire, const ProbeCommand& command) {
    const std::string folder = pipewire_jack_folder();
    if (folder.empty()) {
        pipewire.reason = "PipeWire's JACK library is not installed (Debian: apt install "
                          "pipewire-jack).";
    } else if (pipewire_socket().empty()) {
        pipewire.reason = "No PipeWire is running for this user.";
    } else {
        fill(pipewire, run_jack_probe(command, folder), folder);
    }
}

void add_cards(std::vector<FoundDevice>& found) {
    const alsa::Cards cards = alsa::list_cards();
    for (const alsa::CardPcm& pcm : cards.pcms) {
        found.push_back(found_pcm(pcm));
    }
    if (cards.pcms.empty()) {
        FoundDevice none;
        none.kind = "alsa";
        none.name = "ALSA";
        none.reason = cards.reason;
        found.push_back(none);
    }
}

} // namespace

std::string with_library_path(const std::string& path) {
    const std::string present = environment(kLibraryPath);
    return present.empty() || path.empty() ? path + present : path + ":" + present;
}

Result<JackServer> run_jack_probe(const ProbeCommand& command, const std::string& library_path) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return Error{std::string("The probe for a JACK server has no pipe: ") +
                     std::strerror(errno) + "."};
    }
    const UniqueFd reader(ends[0]);
    UniqueFd writer(ends[1]);
    const Result<pid_t> pid = spawn(command, library_path, writer.get());
    if (!pid) {
        return Error{pid.error()};
    }
    writer.reset();
    const auto deadline = steady_clock::now() + command.timeout;
    const std::string output = read_until(reader.get(), deadline);
    const bool late = steady_clock::now() >= deadline;
    // It has said all that it will say; a server that does not let it go must not hold us.
    ::kill(*pid, SIGKILL);
    ::waitpid(*pid, nullptr, 0);
    if (late && output.empty()) {
        return Error{"The JACK server gave no answer within " +
                     std::to_string(command.timeout.count()) +
                     " ms; it may be stopped or hung: continue or restart it."};
    }
    return parse_probe_output(output);
}

std::string pipewire_jack_folder() {
    for (const fs::path& libraries :
         {folder_of("jack_client_open"), folder_of("gnu_get_libc_version"), fs::path("/usr/lib64"),
          fs::path("/usr/lib"), fs::path("/usr/local/lib")}) {
        const fs::path folder = libraries / "pipewire-0.3" / "jack";
        std::error_code ignored;
        if (!libraries.empty() && fs::exists(folder / "libjack.so.0", ignored)) {
            return folder.string();
        }
    }
    return {};
}

std::string pipewire_socket() {
    std::string name = environment("PIPEWIRE_REMOTE");
    if (name.empty()) {
        name = "pipewire-0";
    }
    std::string folder = environment("PIPEWIRE_RUNTIME_DIR");
    if (folder.empty()) {
        folder = environment("XDG_RUNTIME_DIR");
    }
    const fs::path path = fs::path(folder) / name; // a name that is a path stands for itself
    struct stat status {};
    const bool there = path.is_absolute() && ::stat(path.c_str(), &status) == 0;
    return there && S_ISSOCK(status.st_mode) ? path.string() : std::string();
}

std::vector<FoundDevice> find_devices(const ProbeCommand& command) {
    FoundDevice jack;
    jack.kind = "jack";
    jack.name = "JACK";
    FoundDevice pipewire;
    pipewire.kind = "pipewire";
    pipewire.name = "PipeWire (JACK)";
    const Result<JackServer> answer = run_jack_probe(command, "");
    if (answer && answer->is_pipewire()) {
        // Some systems make PipeWire's libjack the only one.
        fill(pipewire, answer, "");
        jack.reason = "The JACK library in use is PipeWire's.";
    } else {
        fill(jack, answer, "");
        ask_pipewire(pipewire, command);
    }
    std::vector<FoundDevice> found{jack, pipewire};
    add_cards(found);
    FoundDevice virtual_device;
    virtual_device.kind = "virtual";
    virtual_device.name = "Virtual device";
    virtual_device.description = "no sound card: any rate and period";
    virtual_device.available = true;
    found.push_back(virtual_device);
    return found;
}

} // namespace jig::audio
