// jig/audio/alsa/trouble.hpp: what an error code and a state of alsa-lib's mean for the loop.
#pragma once

#include <alsa/asoundlib.h>

#include <cerrno>

namespace jig::audio::alsa {

enum class Trouble {
    none,
    xrun,      ///< drop, prepare, prefill, start
    suspended, ///< resume if it can, else as an xrun
    lost,      ///< the card is gone: close
    other,     ///< as an xrun, but it is not one
};

/// The code counts before the state: the state of a card that was pulled out may still read
/// RUNNING. `code` 0: none came, the state alone decides.
[[nodiscard]] constexpr Trouble trouble_of(int code, snd_pcm_state_t state) {
    if (code == -ENODEV || code == -ENXIO || state == SND_PCM_STATE_DISCONNECTED) {
        return Trouble::lost;
    }
    if (code == -ESTRPIPE || state == SND_PCM_STATE_SUSPENDED) {
        return Trouble::suspended;
    }
    if (code == -EPIPE || state == SND_PCM_STATE_XRUN) {
        return Trouble::xrun;
    }
    return code != 0 || state != SND_PCM_STATE_RUNNING ? Trouble::other : Trouble::none;
}

} // namespace jig::audio::alsa
