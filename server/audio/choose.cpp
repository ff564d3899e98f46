// Which of the devices that were found is taken, and why.
#include "audio/probe.hpp"

#include "audio/alsa/address.hpp"

#include <string_view>

namespace jig::audio {

namespace {

constexpr std::string_view kAlsaMark = "alsa:";

bool is_address(const std::string& requested) {
    return requested.compare(0, kAlsaMark.size(), kAlsaMark) == 0;
}

DeviceChoice choice_of(const FoundDevice& device, std::string why) {
    const bool is_jack = device.kind == "jack" || device.kind == "pipewire";
    return {is_jack ? "jack" : device.kind, device.address, device.library_path, std::move(why)};
}

bool answers_to(const FoundDevice& device, const std::string& requested) {
    return device.kind == requested || (requested == "jack" && device.kind == "pipewire");
}

void add(std::string& reasons, const std::string& reason) {
    reasons += (reasons.empty() ? "" : " ") + reason;
}

/// The first card with input and output that can do what is wanted; `reasons` why others were not
/// taken.
const FoundDevice* duplex_card(const std::vector<FoundDevice>& found, const WantedStream& wanted,
                               std::string& reasons) {
    bool one_sided = false;
    for (const FoundDevice& device : found) {
        if (device.kind != "alsa") {
            continue;
        }
        if (device.pcm && !device.pcm->duplex()) {
            one_sided = true;
            continue;
        }
        const std::string refusal =
            device.pcm ? device.pcm->refusal(wanted.rate_hz, wanted.period_frames) : device.reason;
        if (refusal.empty()) {
            return &device;
        }
        add(reasons, refusal);
    }
    if (one_sided) {
        add(reasons, "Cards that lack input or output are taken only when asked for.");
    }
    return nullptr;
}

const FoundDevice* first_available(const std::vector<FoundDevice>& found,
                                   const std::string& requested, std::string& reasons) {
    for (const FoundDevice& device : found) {
        if (!answers_to(device, requested)) {
            continue;
        }
        if (device.available) {
            return &device;
        }
        add(reasons, device.reason);
    }
    return nullptr;
}

Result<DeviceChoice> choose_unasked(const std::vector<FoundDevice>& found,
                                    const WantedStream& wanted) {
    std::string reasons;
    if (const FoundDevice* server = first_available(found, "jack", reasons)) {
        return choice_of(*server, "Taken because it is running.");
    }
    if (const FoundDevice* card = duplex_card(found, wanted, reasons)) {
        return choice_of(*card,
                         "The first free card with input and output, because no audio server "
                         "is running.");
    }
    std::string none;
    if (const FoundDevice* device = first_available(found, "virtual", none)) {
        return choice_of(*device,
                         "The virtual device, because nothing else can be had: " + reasons);
    }
    return Error{"There is no audio device: " + reasons};
}

Result<DeviceChoice> choose_address(const std::string& address,
                                    const std::vector<FoundDevice>& found) {
    const auto wanted = alsa::parse_address(address);
    if (!wanted) {
        return Error{wanted.error()};
    }
    alsa::Cards cards;
    for (const FoundDevice& device : found) {
        if (device.pcm) {
            cards.pcms.push_back(*device.pcm);
        } else if (device.kind == "alsa") {
            cards.reason = device.reason;
        }
    }
    const auto there = alsa::find_on(cards, *wanted);
    if (!there) {
        return Error{there.error()};
    }
    return DeviceChoice{"alsa", there->text(), "", "As asked for."};
}

Result<DeviceChoice> choose_card(const std::vector<FoundDevice>& found,
                                 const WantedStream& wanted) {
    std::string reasons;
    if (const FoundDevice* card = duplex_card(found, wanted, reasons)) {
        return choice_of(*card, "The first free card with input and output.");
    }
    for (const FoundDevice& device : found) {
        if (device.pcm && device.pcm->playback && device.pcm->playback->usable()) {
            DeviceChoice choice = choice_of(device, "Output only: " + reasons);
            choice.address = alsa::DuplexAddress{std::nullopt, device.pcm->address}.text();
            return choice;
        }
    }
    return Error{"No sound card can be used: " + reasons};
}

} // namespace

FoundDevice found_pcm(const alsa::CardPcm& pcm) {
    FoundDevice device;
    device.kind = "alsa";
    device.name = pcm.card_name + ", " + pcm.pcm_name;
    device.address = pcm.whole().text();
    device.pcm = pcm;
    device.available = true;
    for (const auto* side : {&pcm.capture, &pcm.playback}) {
        if (*side && !(*side)->usable()) {
            device.available = false;
            device.reason = (*side)->reason;
        }
    }
    if (!pcm.playback) {
        device.description = "input only";
    } else if (!pcm.capture) {
        device.description = "output only";
    } else if (!pcm.together) {
        device.description = "input or output, not both at once";
    } else {
        device.description =
            pcm.one_clock ? "input and output on one clock" : "input and output of one card";
    }
    return device;
}

std::optional<Error> check_device(const std::string& requested) {
    for (const char* known : {"auto", "jack", "pipewire", "alsa", "virtual"}) {
        if (requested == known) {
            return std::nullopt;
        }
    }
    if (!is_address(requested)) {
        return Error{"There is no device \"" + requested +
                     "\"; choose auto, jack, pipewire, alsa, alsa:ADDRESS or virtual."};
    }
    const auto address = alsa::parse_address(requested.substr(kAlsaMark.size()));
    return address ? std::nullopt : std::optional(Error{address.error()});
}

Result<DeviceChoice> choose_device(const std::string& requested,
                                   const std::vector<FoundDevice>& found,
                                   const WantedStream& wanted) {
    if (const auto fault = check_device(requested)) {
        return *fault;
    }
    if (requested == "auto") {
        return choose_unasked(found, wanted);
    }
    if (is_address(requested)) {
        return choose_address(requested.substr(kAlsaMark.size()), found);
    }
    if (requested == "alsa") {
        return choose_card(found, wanted);
    }
    std::string reasons;
    if (const FoundDevice* device = first_available(found, requested, reasons)) {
        return choice_of(*device, "As asked for.");
    }
    return Error{"The device \"" + requested + "\" is not available: " + reasons};
}

} // namespace jig::audio
