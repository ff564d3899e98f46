#include "engine/crash.hpp"

#include <array>
#include <csignal>
#include <cstdint>
#include <sys/mman.h>
#include <ucontext.h>

namespace jig::engine {

namespace {

constexpr std::size_t kStackBytes = 64 * 1024;
constexpr std::array kSignals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

// A signal handler has no argument of its own to find the region by.
link::EngineRegion* g_region = nullptr;

std::uint64_t program_counter(const void* context) {
#if defined(__x86_64__)
    const auto* machine = static_cast<const ucontext_t*>(context);
    return static_cast<std::uint64_t>(machine->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
    return static_cast<const ucontext_t*>(context)->uc_mcontext.pc;
#else
    static_cast<void>(context);
    return 0;
#endif
}

void on_signal(int signal, siginfo_t* info, void* context) {
    auto& crash = g_region->crash;
    crash.code = static_cast<std::uint32_t>(info->si_code);
    crash.address = reinterpret_cast<std::uint64_t>(info->si_addr);
    crash.frame = g_region->frame.load(std::memory_order_relaxed);
    crash.program_counter = program_counter(context);
    crash.signal.store(static_cast<std::uint32_t>(signal), std::memory_order_release);
    // SA_RESETHAND has put the default action back: returning meets the fault again; a signal that
    // was sent has to be sent once more.
    if (info->si_code <= 0) {
        ::raise(signal);
    }
}

} // namespace

void install_crash_handler(link::EngineRegion& region) {
    g_region = &region;
    region.crash.signal.store(0, std::memory_order_relaxed);
    for (const int signal : kSignals) {
        struct sigaction action {};
        action.sa_sigaction = on_signal;
        action.sa_flags = static_cast<int>(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND | SA_NODEFER);
        ::sigaction(signal, &action, nullptr);
    }
}

AlternateStack::AlternateStack() {
    memory_ = ::mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory_ != MAP_FAILED) {
        stack_t stack{};
        stack.ss_sp = memory_;
        stack.ss_size = kStackBytes;
        ::sigaltstack(&stack, nullptr);
    }
}

AlternateStack::~AlternateStack() {
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    ::sigaltstack(&none, nullptr);
    if (memory_ != MAP_FAILED) {
        ::munmap(memory_, kStackBytes);
    }
}

} // namespace jig::engine
