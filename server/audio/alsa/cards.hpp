// jig/audio/alsa/cards.hpp: the sound cards of this machine, and what each of their PCMs can do.
#pragma once

#include "audio/alsa/address.hpp"

#include <optional>
#include <string>
#include <vector>

namespace jig::audio::alsa {

/// Both ends included.
struct Range {
    unsigned least = 0;
    unsigned most = 0;
    [[nodiscard]] bool has(unsigned value) const { return least <= value && value <= most; }
    bool operator==(const Range&) const = default;
};

/// One direction of a PCM. When it could not be opened, only `reason` is known.
struct CardSide {
    std::string reason; ///< why it cannot be used now: who holds it; empty: it can
    Range channels;
    Range rate_hz;
    std::vector<unsigned> rates_hz;    ///< of the usual ones those that it runs at
    std::vector<std::string> formats;  ///< as ALSA calls them: "S32_LE"
    std::vector<std::string> accesses; ///< "MMAP_INTERLEAVED"
    /// With two channels (or the nearest number) at 48 kHz (or the nearest rate).
    Range period_frames;
    Range periods;

    [[nodiscard]] bool usable() const { return reason.empty(); }
};

/// A PCM of a card: input, output or both.
struct CardPcm {
    PcmAddress address; ///< by the card's id
    unsigned card_index = 0;
    std::string card_name;  ///< "HDA Intel PCH"
    std::string pcm_name;   ///< "ALC257 Analog"
    bool simulated = false; ///< nobody hears it: snd-aloop, snd-dummy
    std::optional<CardSide> capture;
    std::optional<CardSide> playback;
    bool together = false;  ///< both directions can be open at once
    bool one_clock = false; ///< the driver says that one clock drives both; else running shows it

    [[nodiscard]] bool duplex() const { return capture && playback && together; }
    /// All that it has, as an address of a device.
    [[nodiscard]] DuplexAddress whole() const;
    /// Why a duplex stream of that rate and period cannot be had now; empty: it can, as far as a
    /// card tells before it is asked for just that.
    [[nodiscard]] std::string refusal(unsigned rate_hz, unsigned period_frames) const;
};

struct Cards {
    std::vector<CardPcm> pcms; ///< by card, simulated ones last
    std::string reason;        ///< why there is none
};

/// Asks every PCM of every card, without waiting: one that is held by a program is listed with its
/// owner. Starts nothing, makes no sound. Not from two threads at once.
[[nodiscard]] Cards list_cards();

/// `wanted` with its cards by id, for those that were named by index; fails when `cards` has no
/// such PCM, when it lacks that direction, or when that is in use, with one sentence.
[[nodiscard]] Result<DuplexAddress> find_on(const Cards& cards, const DuplexAddress& wanted);

} // namespace jig::audio::alsa
