#include "audio/alsa/address.hpp"

#include <array>
#include <charconv>
#include <string_view>
#include <vector>

namespace jig::audio::alsa {

namespace {

constexpr const char* kForms =
    "write hw:CARD, hw:CARD,DEVICE, or CAPTURE+PLAYBACK as in hw:0+hw:1 or none+hw:0";

Error bad_address(std::string_view text, const std::string& why) {
    return Error{"The ALSA address \"" + std::string(text) + "\" " + why + "."};
}

std::vector<std::string_view> split(std::string_view text, char mark) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t at = text.find(mark);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(at + 1);
    }
}

std::optional<unsigned> number(std::string_view text) {
    unsigned value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = fault == std::errc() && end == text.data() + text.size();
    return whole ? std::optional(value) : std::nullopt;
}

/// The kernel's ids have no others; a path is none of them.
bool is_card(std::string_view text) {
    constexpr std::string_view kLetters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    return !text.empty() && text.find_first_not_of(kLetters) == std::string_view::npos;
}

/// `text` without "DEV=", if that is how it begins.
std::string_view value_of(std::string_view text, std::string_view key) {
    const bool named =
        text.size() > key.size() && text.substr(0, key.size()) == key && text[key.size()] == '=';
    return named ? text.substr(key.size() + 1) : text;
}

Error not_hardware(std::string_view text) {
    const std::string_view type = text.substr(0, text.find(':'));
    if (type == "null" || type == "file" || type == "tee") {
        return bad_address(text, "runs free, at no device's pace: name a card (hw:…), or take "
                                 "--device virtual");
    }
    return bad_address(text, "is no hardware PCM; " + std::string(kForms) +
                                 " (`dev-server devices` lists the cards)");
}

Result<PcmAddress> parse_pcm(std::string_view text) {
    constexpr std::string_view kMark = "hw:";
    if (text.substr(0, kMark.size()) != kMark) {
        return not_hardware(text);
    }
    const auto parts = split(text.substr(kMark.size()), ',');
    PcmAddress pcm;
    pcm.card = value_of(parts[0], "CARD");
    if (!is_card(pcm.card)) {
        return bad_address(text, "names no card; " + std::string(kForms));
    }
    constexpr std::array kKeys{"CARD", "DEV", "SUBDEV"};
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const auto value = i < kKeys.size() ? number(value_of(parts[i], kKeys[i])) : std::nullopt;
        if (!value) {
            return bad_address(text, "has \"" + std::string(parts[i]) +
                                         "\" where a number of the device belongs; " + kForms);
        }
        (i == 1 ? pcm.device : pcm.subdevice.emplace()) = *value;
    }
    return pcm;
}

} // namespace

std::string PcmAddress::text() const {
    return "hw:" + card + "," + std::to_string(device) +
           (subdevice ? "," + std::to_string(*subdevice) : "");
}

std::string DuplexAddress::text() const {
    if (capture == playback && capture) {
        return capture->text();
    }
    return (capture ? capture->text() : "none") + "+" + (playback ? playback->text() : "none");
}

Result<DuplexAddress> parse_address(const std::string& text) {
    const auto sides = split(text, '+');
    if (sides.size() > 2) {
        return bad_address(text, "has more than two sides; " + std::string(kForms));
    }
    std::array<std::optional<PcmAddress>, 2> pcms;
    for (std::size_t i = 0; i < sides.size(); ++i) {
        if (sides.size() == 2 && sides[i] == "none") {
            continue;
        }
        const auto pcm = parse_pcm(sides[i]);
        if (!pcm) {
            return Error{pcm.error()};
        }
        pcms[i] = *pcm;
    }
    if (sides.size() == 1) {
        return DuplexAddress{pcms[0], pcms[0]};
    }
    if (!pcms[0] && !pcms[1]) {
        return bad_address(text, "has neither input nor output; " + std::string(kForms));
    }
    return DuplexAddress{pcms[0], pcms[1]};
}

} // namespace jig::audio::alsa
