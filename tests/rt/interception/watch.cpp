#include "tests/rt/interception/watch.hpp"

#include "rt/cycle.hpp"
#include "tests/rt/interception/watch.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <execinfo.h>
#include <memory>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include <utility>

namespace jig::tests {

namespace {

// Not in the headers of Debian 12's C library.
constexpr int kSetSyscallUserDispatch = 59;
constexpr char kAllow = 0;
constexpr char kBlock = 1;

/// Raw, because it is filled where nothing may be allocated.
struct Found {
    const char* function;
    long system_call; ///< if `function` is NULL
    int depth;
    std::array<void*, 48> frames;
};

std::array<Found, 32> g_found;
std::atomic<std::uint64_t> g_found_count{0};
std::atomic<std::uint64_t> g_cycles{0};
std::atomic<std::uint64_t> g_faults{0};

thread_local bool t_inside = false;
/// The kernel reads it at each system call of this thread.
thread_local volatile char t_selector = kAllow;
thread_local bool t_dispatching = false;

void note(const char* function, long system_call) {
    const auto place = g_found_count.fetch_add(1);
    if (place < g_found.size()) {
        Found& found = g_found[place];
        found.function = function;
        found.system_call = system_call;
        found.depth = ::backtrace(found.frames.data(), static_cast<int>(found.frames.size()));
    }
}

void enter_callback() {
    t_inside = true;
    t_selector = t_dispatching ? kBlock : kAllow;
}

void leave_callback() {
    t_selector = kAllow;
    t_inside = false;
}

#if defined(__x86_64__)

/// The kernel has left the call undone: notes it, and does it, so that the program goes on. From
/// here to the end of the callback system calls pass: returning from this handler is one.
void on_system_call(int, siginfo_t* info, void* context) {
    t_selector = kAllow;
    const bool inside = std::exchange(t_inside, false);
    note(nullptr, info->si_syscall);
    auto& r = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    const long result = ::syscall(info->si_syscall, r[REG_RDI], r[REG_RSI], r[REG_RDX], r[REG_R10],
                                  r[REG_R8], r[REG_R9]);
    r[REG_RAX] = result == -1 ? -errno : result;
    t_inside = inside;
}

void dispatch_on_this_thread() {
    if (t_dispatching) {
        return;
    }
    struct sigaction action {};
    action.sa_sigaction = on_system_call;
    action.sa_flags = SA_SIGINFO;
    ::sigaction(SIGSYS, &action, nullptr);
    t_dispatching = ::prctl(kSetSyscallUserDispatch, 1, 0, 0, &t_selector) == 0;
}

#else
void dispatch_on_this_thread() {}
#endif

std::uint64_t faults_of_this_thread() {
    rusage usage{};
    ::getrusage(RUSAGE_THREAD, &usage);
    return static_cast<std::uint64_t>(usage.ru_minflt + usage.ru_majflt);
}

std::string name_of(const Found& found) {
    if (found.function != nullptr) {
        return found.function;
    }
    switch (found.system_call) {
    case SYS_lseek:
        return "system call lseek";
    case SYS_futex:
        return "system call futex";
    case SYS_getppid:
        return "system call getppid";
    default:
        return "system call " + std::to_string(found.system_call);
    }
}

std::string words_of(const Found& found) {
    const std::unique_ptr<char*, decltype(&std::free)> lines(
        ::backtrace_symbols(found.frames.data(), found.depth), &std::free);
    std::string text;
    for (int i = 0; i < found.depth; ++i) {
        text += "    " + std::string(lines.get()[i]) + "\n";
    }
    return text;
}

} // namespace

void start_watching() {
    // The first backtrace of a process loads a library.
    std::array<void*, 4> frames{};
    ::backtrace(frames.data(), static_cast<int>(frames.size()));
    dispatch_on_this_thread();
    g_found_count = 0;
    g_cycles = 0;
    g_faults = 0;
}

Watched watched() {
    Watched seen;
    seen.cycles = g_cycles;
    seen.faults = g_faults;
    const auto count = g_found_count.load();
    for (std::size_t i = 0; i < std::min<std::size_t>(count, g_found.size()); ++i) {
        seen.violations.push_back({name_of(g_found[i]), words_of(g_found[i])});
    }
    seen.unnamed = count - seen.violations.size();
    return seen;
}

std::string in_words(const Watched& seen) {
    std::string text;
    for (const Violation& violation : seen.violations) {
        text += violation.what + " inside the callback:\n" + violation.backtrace;
    }
    if (seen.unnamed > 0) {
        text += "… and " + std::to_string(seen.unnamed) + " more\n";
    }
    return text;
}

bool sees_system_calls() {
    dispatch_on_this_thread();
    return t_dispatching;
}

} // namespace jig::tests

using namespace jig::tests;

extern "C" {

int watch_enter(const char* function) {
    if (!t_inside) {
        return 0;
    }
    leave_callback();
    note(function, 0);
    return 1;
}

void watch_leave(int entered) {
    if (entered != 0) {
        enter_callback();
    }
}

// rt::Engine::callback, by the linker's --wrap.
void __real__ZN3jig2rt6Engine8callbackEPvRKNS0_5CycleE(void* self, const jig::rt::Cycle& cycle);
void __wrap__ZN3jig2rt6Engine8callbackEPvRKNS0_5CycleE(void* self, const jig::rt::Cycle& cycle) {
    dispatch_on_this_thread();
    const auto before = faults_of_this_thread();
    enter_callback();
    __real__ZN3jig2rt6Engine8callbackEPvRKNS0_5CycleE(self, cycle);
    leave_callback();
    g_faults += faults_of_this_thread() - before;
    g_cycles += 1;
}
}
