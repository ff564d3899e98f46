// jig/audio/clock.hpp: CLOCK_MONOTONIC and a thread's own CPU time, in nanoseconds.
#pragma once

#include <cstdint>
#include <ctime>

namespace jig::audio {

inline constexpr std::int64_t kNsPerSecond = 1'000'000'000;

/// [any]
[[nodiscard]] inline std::int64_t monotonic_ns() noexcept {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * kNsPerSecond + now.tv_nsec;
}

/// CPU time that the calling thread has used. A system call, 0.2 µs: once a cycle, on a device's
/// own thread. [any]
[[nodiscard]] inline std::int64_t thread_cpu_ns() noexcept {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return std::int64_t{used.tv_sec} * kNsPerSecond + used.tv_nsec;
}

/// How long `frames` last.
[[nodiscard]] inline std::int64_t duration_ns(std::uint64_t frames, double rate_hz) noexcept {
    return static_cast<std::int64_t>(static_cast<long double>(frames) / rate_hz * kNsPerSecond);
}

} // namespace jig::audio
