// jig/audio/alsa/capture_bridge.hpp: from a capture card with a clock of its own into the cycles of
// the playback card.
#pragma once

#include "audio/alsa/stream.hpp"
#include "audio/alsa/timeline.hpp"
#include "audio/clocks/capture_resampler.hpp"

#include <cstdint>
#include <vector>

namespace jig::audio::alsa {

/// Takes every period of the capture card as it is complete, and hands out as many frames as a
/// cycle of the playback card has.
class CaptureBridge {
  public:
    /// Both have the same nominal rate and period. [main]
    explicit CaptureBridge(const Setup& capture);

    /// Both cards were started anew. [audio]
    void restart() noexcept { resampler_.restart(); }

    /// Reads all whole periods that are in the card's ring: how many, or a negative code of
    /// alsa-lib's. [audio]
    int fetch(Stream& capture, const Sighting& seen) noexcept;

    /// The input of the cycle that was due at that instant; a null channel is not wanted. False: it
    /// lost its place and begins anew, here with silence. [audio]
    [[nodiscard]] bool deliver(float* const* channels, std::int64_t due_ns) noexcept;

    /// What it adds to the round trip.
    [[nodiscard]] static std::uint32_t added_frames(const Setup& capture) noexcept;

  private:
    std::uint32_t period_frames_;
    double ns_per_frame_;
    CaptureResampler resampler_;
    std::uint32_t gaps_ = 0;
    std::vector<float> samples_;
    std::vector<float*> channels_;
};

} // namespace jig::audio::alsa
