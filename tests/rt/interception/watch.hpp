// tests/rt/interception/watch.hpp: what the audio callback did that it must not.
//
// The linker puts the watch around rt::Engine::callback wherever a device is given it (--wrap), so
// the chain that is watched is the real one, on any device.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace jig::tests {

/// A forbidden act inside the callback: the function's or the system call's name, and the calls
/// that led to it, innermost first.
struct Violation {
    std::string what;
    std::string backtrace;
};

struct Watched {
    std::uint64_t cycles = 0;
    std::uint64_t faults = 0; ///< page faults, minor and major, inside the callback
    std::vector<Violation> violations;
    std::uint64_t unnamed = 0; ///< violations beyond those that are kept
};

/// Forgets what was seen. Call it before the first cycle and not while one runs.
void start_watching();
/// What was seen since. Not while a cycle runs.
[[nodiscard]] Watched watched();

/// For a failing test: all of it in words; "" if nothing was seen.
[[nodiscard]] std::string in_words(const Watched& seen);

/// Whether the kernel reports system calls to us (Linux 5.11, x86-64).
[[nodiscard]] bool sees_system_calls();

} // namespace jig::tests
