#include "audio/alsa/cards.hpp"

#include <algorithm>

namespace jig::audio::alsa {

namespace {

std::string refusal_of(const CardSide& side, unsigned rate_hz, unsigned period_frames) {
    if (!side.rate_hz.has(rate_hz)) {
        return " does not run at " + std::to_string(rate_hz) + " Hz.";
    }
    if (!side.period_frames.has(period_frames)) {
        return " has no periods of " + std::to_string(period_frames) + " frames.";
    }
    return {};
}

const CardPcm* find_pcm(const Cards& cards, const PcmAddress& wanted) {
    const auto found = std::find_if(cards.pcms.begin(), cards.pcms.end(), [&](const CardPcm& pcm) {
        return pcm.address.device == wanted.device &&
               (pcm.address.card == wanted.card || std::to_string(pcm.card_index) == wanted.card);
    });
    return found != cards.pcms.end() ? &*found : nullptr;
}

Result<PcmAddress> find_side(const Cards& cards, const PcmAddress& wanted,
                             std::optional<CardSide> CardPcm::*direction, const char* name) {
    const CardPcm* pcm = find_pcm(cards, wanted);
    if (pcm == nullptr) {
        return Error{cards.reason.empty() ? "There is no " + wanted.text() +
                                                "; `dev-server devices` lists what there is."
                                          : cards.reason};
    }
    const std::optional<CardSide>& side = pcm->*direction;
    if (!side) {
        return Error{wanted.text() + " has no " + name + "; " + pcm->whole().text() +
                     " is what it can be used as."};
    }
    // Of many subdevices another one may be free.
    if (!side->usable() && !wanted.subdevice) {
        return Error{side->reason};
    }
    PcmAddress address = wanted;
    address.card = pcm->address.card;
    return address;
}

} // namespace

DuplexAddress CardPcm::whole() const {
    return {capture ? std::optional(address) : std::nullopt,
            playback ? std::optional(address) : std::nullopt};
}

std::string CardPcm::refusal(unsigned rate_hz, unsigned period_frames) const {
    if (!duplex()) {
        return address.text() + " cannot have input and output at once.";
    }
    for (const auto* side : {&capture, &playback}) {
        if (!(*side)->usable()) {
            return (*side)->reason;
        }
        if (const auto why = refusal_of(**side, rate_hz, period_frames); !why.empty()) {
            return address.text() + why;
        }
    }
    return {};
}

Result<DuplexAddress> find_on(const Cards& cards, const DuplexAddress& wanted) {
    DuplexAddress found;
    if (wanted.capture) {
        const auto side = find_side(cards, *wanted.capture, &CardPcm::capture, "input");
        if (!side) {
            return Error{side.error()};
        }
        found.capture = *side;
    }
    if (wanted.playback) {
        const auto side = find_side(cards, *wanted.playback, &CardPcm::playback, "output");
        if (!side) {
            return Error{side.error()};
        }
        found.playback = *side;
    }
    return found;
}

} // namespace jig::audio::alsa
