#include "audio/probe.hpp"
#include "cli/command.hpp"
#include "cli/device_list.hpp"
#include "wire/codec.hpp"

#include <CLI/CLI.hpp>

#include <iomanip>
#include <iostream>
#include <memory>

namespace jig::cli {

namespace {

using audio::alsa::CardSide;
using audio::alsa::Range;

std::string text_of(const Range& range) {
    const auto least = std::to_string(range.least);
    return range.least == range.most ? least : least + " … " + std::to_string(range.most);
}

std::string text_of(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) {
        text += (text.empty() ? "" : " ") + name;
    }
    return text;
}

void print(const char* direction, const std::optional<CardSide>& side) {
    if (!side) {
        return;
    }
    std::cout << "            " << direction << "  ";
    if (!side->usable()) {
        std::cout << side->reason << '\n';
        return;
    }
    const char* const next = "\n                    ";
    std::cout << text_of(side->channels)
              << (side->channels.most == 1 ? " channel, " : " channels, ") << text_of(side->rate_hz)
              << " Hz" << next << "periods of " << text_of(side->period_frames) << " frames, "
              << text_of(side->periods) << " of them" << next << text_of(side->formats) << next
              << text_of(side->accesses) << '\n';
}

void print(const audio::FoundDevice& device) {
    std::cout << (device.available ? "  " : "- ") << std::left << std::setw(10) << device.kind;
    if (device.pcm) {
        std::cout << device.pcm->address.text() << "  " << device.name << ": " << device.description
                  << '\n';
        print("input ", device.pcm->capture);
        print("output", device.pcm->playback);
    } else {
        std::cout << device.name << ": " << (device.available ? device.description : device.reason)
                  << '\n';
    }
}

int list_devices(bool json) {
    const auto found = audio::find_devices({own_executable(), {"probe-jack"}});
    const auto choice = audio::choose_device("auto", found);
    if (!choice) {
        std::cerr << "dev-server: " << choice.error() << '\n';
        return kNoDevice;
    }
    const auto taken = choice->kind + (choice->address.empty() ? "" : ":" + choice->address);
    if (json) {
        std::cout << wire::encode_devices(listed(found), {taken, choice->why}) << '\n';
        return kOk;
    }
    for (const auto& device : found) {
        print(device);
    }
    std::cout << "Without --device: " << taken << "; " << choice->why << '\n';
    return kOk;
}

} // namespace

void add_devices(CLI::App& app, Chosen& chosen) {
    auto json = std::make_shared<bool>(false);
    auto* devices = app.add_subcommand(
        "devices", "List the audio devices that there are, and which one run takes");
    devices->add_flag("--json", *json, "As JSON, in the protocol's form");
    devices->callback([&chosen, json] { chosen = [json] { return list_devices(*json); }; });
}

} // namespace jig::cli
