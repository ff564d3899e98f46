#include "audio/scheduling.hpp"

#include <cstddef>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

namespace jig::audio {

bool make_realtime() noexcept {
    sched_param param{};
    param.sched_priority = kAudioPriority;
    return pthread_setschedparam(pthread_self(), SCHED_FIFO | SCHED_RESET_ON_FORK, &param) == 0;
}

bool is_realtime(pid_t tid) noexcept {
    const int policy = sched_getscheduler(tid) & ~SCHED_RESET_ON_FORK;
    return policy == SCHED_FIFO || policy == SCHED_RR;
}

void prefault_stack() noexcept {
    constexpr std::size_t kStackBytes = 256 * 1024;
    constexpr std::size_t kPageBytes = 4096;
    char stack[kStackBytes];
    for (std::size_t i = 0; i < kStackBytes; i += kPageBytes) {
        stack[i] = 0;
    }
    // Nobody reads it; the compiler is not to know.
    asm volatile("" : : "r"(stack) : "memory");
}

std::string realtime_remedy() {
    return "give your user an rtprio limit of " + std::to_string(kAudioPriority) +
           " or more (a file in /etc/security/limits.d, e.g. \"@audio - rtprio 95\", and "
           "membership "
           "of the group audio), then log in again";
}

} // namespace jig::audio
