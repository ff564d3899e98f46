#include "plugin/info.hpp"
#include "cli/command.hpp"
#include "plugin/library.hpp"
#include "session/describe.hpp"
#include "wire/codec.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

namespace jig::cli {

namespace {

struct InfoOptions {
    std::string path;
    std::string id;
    bool json = false;
};

void print(const plugin::PluginInfo& info) {
    std::cout << info.name << (info.version.empty() ? "" : " " + info.version) << " (" << info.id
              << ")";
    std::cout << (info.vendor.empty() ? "" : " by " + info.vendor) << '\n';
    if (!info.doc.empty()) {
        std::cout << info.doc << '\n';
    }
    for (const auto& bus : info.buses) {
        std::cout << (bus.has(JIG_BUS_IN) ? "  input   " : "  output  ") << bus.id << ": "
                  << bus.def_channels << " channels\n";
    }
    for (const auto& param : info.params) {
        std::cout << "  param   " << param.id << ": " << param.min << " … " << param.max << ' '
                  << param.unit << ", default " << param.def << '\n';
    }
    for (const auto& tap : info.taps) {
        std::cout << "  tap     " << tap.id << ": " << tap.name << '\n';
    }
    for (const auto& preset : info.presets) {
        std::cout << "  preset  " << preset.name << (preset.doc.empty() ? "" : ": ") << preset.doc
                  << '\n';
    }
    if (info.library_plugins.size() > 1) {
        std::cout << "  The library holds:";
        for (const auto& id : info.library_plugins) {
            std::cout << ' ' << id;
        }
        std::cout << '\n';
    }
}

int show_info(const InfoOptions& options) {
    const auto library = plugin::Library::open(options.path);
    if (!library) {
        std::cerr << library.error() << '\n';
        return kNoPlugin;
    }
    const auto chosen = library->select(options.id);
    if (!chosen) {
        std::cerr << chosen.error() << '\n';
        return kNoPlugin;
    }
    const auto info = plugin::describe(**chosen, library->entry());
    if (!options.json) {
        print(info);
        return kOk;
    }
    auto described = session::describe(info);
    described.path = options.path;
    std::vector<wire::Param> params;
    for (const auto& param : info.params) {
        params.push_back(session::describe(param));
    }
    std::cout << wire::encode_plugin_info(described, params) << '\n';
    return kOk;
}

} // namespace

void add_info(CLI::App& app, Chosen& chosen) {
    auto options = std::make_shared<InfoOptions>();
    auto* info = app.add_subcommand("info", "Show what a library's plugin says of itself");
    info->add_option("PLUGIN", options->path, "The library")->required();
    info->add_option("--plugin", options->id, "Which plugin of the library; without it the first");
    info->add_flag("--json", options->json, "As JSON, in the protocol's form");
    info->callback([&chosen, options] { chosen = [options] { return show_info(*options); }; });
}

} // namespace jig::cli
