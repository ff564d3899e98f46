// jig/wire/build.hpp: the author's build command, as the protocol tells of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace jig::wire {

enum class BuildStatus { off, idle, running, failed, succeeded };
enum class Severity { note, warning, error };

struct Diagnostic {
    Severity severity = Severity::error;
    std::string file; ///< "": of no file
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string message;

    bool operator==(const Diagnostic&) const = default;
};

/// The author's build command, where it stands.
struct Build {
    BuildStatus status = BuildStatus::off; ///< off: there is none
    std::string command;
    std::uint32_t number = 0; ///< of the build that runs or ran last
    double seconds = 0.0;     ///< of the build that ended last
    int exit_status = 0;
    std::uint32_t cancelled = 0;
    bool editor = false; ///< build.open works
    std::vector<Diagnostic> diagnostics;
    std::uint64_t diagnostics_dropped = 0;
    std::vector<std::string> tail; ///< the last lines that it said

    bool operator==(const Build&) const = default;
};

struct BuildEnded {
    bool succeeded = false;
    double seconds = 0.0;
    int exit_status = 0;
    std::uint32_t errors = 0;
    std::uint32_t warnings = 0;

    bool operator==(const BuildEnded&) const = default;
};

} // namespace jig::wire
