// bench/compare/through.hpp: what every peer is given to do: copy a stereo input to the output.
#pragma once

#include <cstdio>
#include <cstring>

namespace jig::compare {

constexpr unsigned kChannels = 2;
constexpr unsigned kRateHz = 48000;

/// Tells the driver to look for the ports; returns at the end of the standard input.
inline void run_until_told() {
    std::puts("ready");
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
}

} // namespace jig::compare

/// These stand for the plugin. They are functions of their own, so that what they cost can be taken
/// off.
extern "C" {

[[gnu::noinline]] inline void through_planar(const float* const* in, float* const* out,
                                             unsigned long frames) {
    for (unsigned c = 0; c < jig::compare::kChannels; ++c) {
        std::memcpy(out[c], in[c], frames * sizeof(float));
    }
}

[[gnu::noinline]] inline void through_interleaved(const float* in, float* out,
                                                  unsigned long frames) {
    std::memcpy(out, in, frames * jig::compare::kChannels * sizeof(float));
}
}
