// jig/audio/alsa/negotiate.hpp: one direction of a card, set up as asked, or one sentence why not.
#pragma once

#include "audio/alsa/pcm.hpp"
#include "audio/alsa/sample.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <string>

namespace jig::audio::alsa {

struct Wanted {
    unsigned channels = 2; ///< the card may have more, or fewer
    unsigned rate_hz = 48000;
    std::uint32_t period_frames = 128;
    unsigned periods = 2; ///< of the ring, at least; the card may insist on more
};

/// What was installed, and read back.
struct Setup {
    snd_pcm_access_t access = SND_PCM_ACCESS_RW_INTERLEAVED;
    const SampleFormat* format = nullptr;
    unsigned channels = 0;
    unsigned most_channels = 0; ///< that the card could have had
    unsigned rate_hz = 0;
    unsigned periods = 0;
    std::uint32_t period_frames = 0;
    std::uint32_t buffer_frames = 0;
    bool can_resume = false;

    [[nodiscard]] bool mapped() const { return access != SND_PCM_ACCESS_RW_INTERLEAVED; }
    /// "S32_LE, 2 channels, mapped, 4 periods"
    [[nodiscard]] std::string describe() const;
};

/// Installs hardware parameters: mapped access before read/write, the best format, rate and period
/// exactly as asked; the ring is as long as asked or the next longer that the card takes, which
/// costs no latency. Reads everything back. [main]
[[nodiscard]] Result<Setup> negotiate(const Pcm& pcm, const Wanted& wanted);

/// Installs software parameters: explicit start, stop at an xrun (never hidden), and a wake-up when
/// a whole period is there. `prefill_periods` counts for playback only. [main]
[[nodiscard]] Result<void> install_thresholds(const Pcm& pcm, const Setup& setup,
                                              std::uint32_t prefill_periods);

} // namespace jig::audio::alsa
