// jig/audio/alsa/sample.hpp: the sample formats of sound cards, to and from planar float32.
#pragma once

#include <alsa/asoundlib.h>

#include <cstddef>
#include <span>

namespace jig::audio::alsa {

/// One format. Integers: full scale is 1.0 = 2^(bits − 1); to the card, rounded to the nearest step
/// and clipped, no dither; what is not a number is silence. A 16 or 24 bit sample comes back as the
/// same bits. [audio]
struct SampleFormat {
    snd_pcm_format_t format;
    std::size_t bytes;
    /// `stride`: bytes from one sample of the channel to its next.
    void (*to_float)(const std::byte* from, std::size_t stride, float* to, std::size_t frames);
    void (*from_float)(const float* from, std::byte* to, std::size_t stride, std::size_t frames);
};

/// All that Jig speaks, what it likes best first: FLOAT, S32, S24_3LE, S24, S16, then big-endian.
[[nodiscard]] std::span<const SampleFormat> sample_formats();

} // namespace jig::audio::alsa
