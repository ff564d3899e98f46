#include "engine/process.hpp"

#include "audio/probe.hpp"
#include "cli/command.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>

namespace jig::cli {

void add_internal(CLI::App& app, Chosen& chosen) {
    // "" groups them away: nobody but the server itself calls these.
    auto* engine = app.add_subcommand("engine", "The engine process")->group("");
    engine->callback([&chosen] { chosen = [] { return engine::run_engine_process(3, 4, 5); }; });
    auto* probe = app.add_subcommand("probe-jack", "Asks for a JACK server")->group("");
    probe->callback([&chosen] { chosen = [] { return audio::probe_jack_main(); }; });
}

std::string own_executable() {
    return std::filesystem::read_symlink("/proc/self/exe").string();
}

} // namespace jig::cli
