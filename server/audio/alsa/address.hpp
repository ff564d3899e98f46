// jig/audio/alsa/address.hpp: what a user writes for an ALSA device, "hw:PCH,0" or "hw:A+hw:B".
#pragma once

#include "base/result.hpp"

#include <optional>
#include <string>

namespace jig::audio::alsa {

enum class Direction { capture, playback };

/// One PCM of the kernel's.
struct PcmAddress {
    std::string card; ///< its id, "PCH", which stays over a replug; or its index
    unsigned device = 0;
    std::optional<unsigned> subdevice; ///< without it any that is free

    /// What snd_pcm_open() takes: "hw:PCH,0".
    [[nodiscard]] std::string text() const;
    bool operator==(const PcmAddress&) const = default;
};

/// Input and output; one of the two may be missing, not both.
struct DuplexAddress {
    std::optional<PcmAddress> capture;
    std::optional<PcmAddress> playback;

    /// "hw:PCH,0", "hw:A,0+hw:B,0", "none+hw:B,0" or "hw:A,0+none".
    [[nodiscard]] std::string text() const;
    bool operator==(const DuplexAddress&) const = default;
};

/// Reads "hw:CARD[,DEVICE[,SUBDEVICE]]" (also "hw:CARD=PCH,DEV=0"), or two of it, capture first,
/// with a plus between them; "none" is a side that is not used. Refuses everything else with one
/// sentence: a PCM that is no hardware has no clock to go by. [any]
[[nodiscard]] Result<DuplexAddress> parse_address(const std::string& text);

} // namespace jig::audio::alsa
