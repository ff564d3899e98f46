// Picks a command and runs it.
#include "cli/command.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

namespace {

constexpr const char* kExamples = R"(Examples:
  dev-server new echo
  dev-server run build/live/echo.so
  dev-server run build --input file:drums.wav,loop
  dev-server run echo.so --device jack --input device --record out.wav
  dev-server info echo.so --json
  dev-server devices
  dev-server latency --device jack

Exit codes: 0 well, 1 failed while running, 2 wrong usage, 3 no plugin, 4 no such audio device,
5 port or address not usable.)";

} // namespace

int main(int argc, char** argv) {
    CLI::App app{
        "Jig, a dev server for DSP: plays a plugin's library live, shows it in the browser, "
        "swaps it on each rebuild."};
    app.name("dev-server");
    app.set_version_flag("--version", std::string("jig ") + JIG_VERSION);
    app.footer(kExamples);
    app.require_subcommand(1);
    app.set_config("--config", "jig.toml",
                   "Options by command, [run] and so on; read if it is there");
    app.failure_message([](const CLI::App*, const CLI::Error& error) {
        return std::string("dev-server: ") + error.what() + "; see --help\n";
    });
    app.allow_config_extras(CLI::config_extras_mode::error);
    jig::cli::Chosen chosen;
    jig::cli::add_run(app, chosen);
    jig::cli::add_new(app, chosen);
    jig::cli::add_devices(app, chosen);
    jig::cli::add_info(app, chosen);
    jig::cli::add_latency(app, chosen);
    jig::cli::add_internal(app, chosen);
    try {
        app.parse(argc, argv);
        return chosen();
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? jig::cli::kOk : jig::cli::kUsage;
    } catch (const std::exception& error) {
        std::cerr << "dev-server: " << error.what() << '\n';
        return jig::cli::kFailed;
    }
}
