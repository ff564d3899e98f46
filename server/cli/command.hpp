// jig/cli/command.hpp: what every command shares: how it joins the program, and what its exit codes
// mean.
#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace jig::cli {

/// What the program returns; stands in --help and the README.
enum ExitCode : int {
    kOk = 0,
    kFailed = 1,   ///< it ran, and ended in failure
    kUsage = 2,    ///< the command line or jig.toml is wrong
    kNoPlugin = 3, ///< the library is missing, is no plugin, or its plugin refused
    kNoDevice = 4, ///< the audio device that was asked for is not there
    kNoPort = 5,   ///< the page's port or address cannot be used
};

/// The command that the command line chose; empty until then.
using Chosen = std::function<int()>;

void add_run(CLI::App& app, Chosen& chosen);
void add_new(CLI::App& app, Chosen& chosen);
void add_devices(CLI::App& app, Chosen& chosen);
void add_info(CLI::App& app, Chosen& chosen);
void add_latency(CLI::App& app, Chosen& chosen);

/// For the server itself: the engine process, and the question whether a JACK server is there.
void add_internal(CLI::App& app, Chosen& chosen);

/// This program's own path.
[[nodiscard]] std::string own_executable();

} // namespace jig::cli
