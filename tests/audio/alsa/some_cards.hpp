// tests/audio/alsa/some_cards.hpp: PCMs as list_cards() would have them.
#pragma once

#include "audio/alsa/cards.hpp"

#include <string>

namespace jig::test {

/// 44.1 to 96 kHz, 32 to 4096 frames a period.
inline audio::alsa::CardSide free_side() {
    audio::alsa::CardSide side;
    side.channels = {2, 2};
    side.rate_hz = {44100, 96000};
    side.rates_hz = {44100, 48000, 88200, 96000};
    side.formats = {"S16_LE", "S32_LE"};
    side.accesses = {"MMAP_INTERLEAVED", "RW_INTERLEAVED"};
    side.period_frames = {32, 4096};
    side.periods = {2, 32};
    return side;
}

inline audio::alsa::CardSide held_side(const std::string& reason) {
    audio::alsa::CardSide side;
    side.reason = reason;
    return side;
}

inline audio::alsa::CardPcm duplex_pcm(const std::string& card, unsigned index = 0) {
    audio::alsa::CardPcm pcm;
    pcm.address = {card, 0, {}};
    pcm.card_index = index;
    pcm.card_name = "Card " + card;
    pcm.pcm_name = "Analog";
    pcm.capture = free_side();
    pcm.playback = free_side();
    pcm.together = true;
    return pcm;
}

inline audio::alsa::CardPcm playback_pcm(const std::string& card, unsigned index = 0) {
    audio::alsa::CardPcm pcm = duplex_pcm(card, index);
    pcm.capture.reset();
    pcm.together = false;
    return pcm;
}

} // namespace jig::test
