#include "tests/jack/jackd.hpp"
#include "tests/jack/peer.hpp"
#include <array>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <jack/jack.h>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace jig::test {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool server_answers() {
    const KeepSignalMask keep;
    jack_client_t* client = jack_client_open("jig-fixture", JackNoStartServer, nullptr);
    if (client == nullptr) {
        return false;
    }
    // jackd1 lets clients in before its driver is there, and then has no buffers for their ports.
    const char** ports = jack_get_ports(client, nullptr, nullptr, 0);
    jack_client_close(client);
    jack_free(static_cast<void*>(ports));
    return ports != nullptr;
}

void silent(const char* /*message*/) {}

} // namespace

std::string find_program(const std::string& program) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');) {
        const std::string full = folder + "/" + program;
        if (::access(full.c_str(), X_OK) == 0) {
            return full;
        }
    }
    return {};
}

bool Jackd::installed() {
    return !find_program("jackd").empty();
}

bool Jackd::is_jackd1() {
    return std::getenv("JIG_JACKD1") != nullptr;
}

Jackd::Jackd(const JackdOptions& options) : options_(options) {
    static int number = 0;
    name_ = "jigtest" + std::to_string(::getpid()) + "c" + std::to_string(number++);
    setenv("JACK_DEFAULT_SERVER", name_.c_str(), 1);
    setenv("JACK_NO_AUDIO_RESERVATION", "1", 1);
    std::signal(SIGPIPE, SIG_IGN); // jackd1's libjack writes to a server that has died
    jack_set_error_function(silent);
    jack_set_info_function(silent);
    start();
}

Jackd::~Jackd() {
    stop();
    // Only what carries this server's name: others may run.
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/dev/shm", ignored)) {
        if (entry.path().filename().string().find(name_) != std::string::npos) {
            std::filesystem::remove_all(entry.path(), ignored);
        }
    }
}

void Jackd::start() {
    std::vector<std::string> words{"jackd", "-n", name_, "--port-max", "256", "-R"};
    if (!is_jackd1()) {
        words.emplace_back("-S"); // jackd1 always is
    }
    const std::vector<std::string> driver{"-d", "dummy",
                                          "-r", std::to_string(options_.rate_hz),
                                          "-p", std::to_string(options_.period_frames),
                                          "-C", std::to_string(options_.capture),
                                          "-P", std::to_string(options_.playback)};
    words.insert(words.end(), driver.begin(), driver.end());
    std::vector<char*> arguments;
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const int fault = posix_spawnp(&pid_, "jackd", &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ASSERT_EQ(fault, 0) << "jackd cannot be run";
    const auto deadline = steady_clock::now() + std::chrono::seconds(10);
    while (!server_answers()) {
        ASSERT_LT(steady_clock::now(), deadline) << "jackd did not come up";
        std::this_thread::sleep_for(milliseconds(20));
    }
}

void Jackd::end(int number) {
    if (pid_ == 0) {
        return;
    }
    ::kill(pid_, number);
    const auto deadline = steady_clock::now() + std::chrono::seconds(5);
    while (::waitpid(pid_, nullptr, WNOHANG) == 0) {
        if (steady_clock::now() > deadline) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
            break;
        }
        std::this_thread::sleep_for(milliseconds(5));
    }
    pid_ = 0;
}

void Jackd::kill() {
    end(SIGKILL);
}

void Jackd::stop() {
    end(SIGTERM);
}

void Jackd::signal(int number) {
    ::kill(pid_, number);
}

} // namespace jig::test
