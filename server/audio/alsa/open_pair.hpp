// jig/audio/alsa/open_pair.hpp: opens, sets up and links the two directions of a duplex device.
#pragma once

#include "audio/alsa/address.hpp"
#include "audio/alsa/duplex.hpp"

#include <optional>

namespace jig::audio::alsa {

struct OpenedPair {
    Pair pair;
    std::optional<Identity> capture; ///< whose they are
    std::optional<Identity> playback;
    DuplexAddress address; ///< by card ids, without the side that the card does not have
};

/// Fails with one sentence: no such card, no permission, in use and by whom, or what the card does
/// not take. A card named once may have one direction only; of two cards both have to be there.
/// Nothing runs yet. [main]
[[nodiscard]] Result<OpenedPair> open_pair(Api& api, const DuplexAddress& address,
                                           const Wanted& capture, const Wanted& playback,
                                           std::uint32_t prefill_periods);

} // namespace jig::audio::alsa
