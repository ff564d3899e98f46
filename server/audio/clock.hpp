// jig/audio/clock.hpp: CLOCK_MONOTONIC in nanoseconds.
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

} // namespace jig::audio
