#include "audio/probe.hpp"
#include "cli/command.hpp"

#include <CLI/CLI.hpp>

#include <iomanip>
#include <iostream>

namespace jig::cli {

namespace {

int list_devices() {
    const auto found = audio::find_devices({own_executable(), {"probe-jack"}});
    const auto choice = audio::choose_device("auto", found);
    for (const auto& device : found) {
        std::cout << (device.available ? "  " : "- ") << std::left << std::setw(10) << device.kind
                  << device.name << ": " << (device.available ? device.description : device.reason)
                  << '\n';
    }
    if (choice) {
        std::cout << "Without --device: " << choice->kind << "; " << choice->why << '\n';
    }
    return kOk;
}

} // namespace

void add_devices(CLI::App& app, Chosen& chosen) {
    auto* devices = app.add_subcommand(
        "devices", "List the audio devices that there are, and which one run takes");
    devices->callback([&chosen] { chosen = list_devices; });
}

} // namespace jig::cli
