// jig/rt/runner.hpp: runs one build over one chunk: splits it, hands over buffers, events and taps.
#pragma once

#include "base/thread_role.hpp"
#include "rt/build.hpp"
#include "rt/events.hpp"

#include <cstdint>

namespace jig::rt {

/// What a chunk brings to every build that runs in it.
struct Chunk {
    std::uint64_t frame = 0;
    std::uint32_t frames = 0;
    std::uint32_t flags = 0;          ///< JIG_BLOCK_…
    const float* const* in = nullptr; ///< by the device's channels
    std::uint32_t in_count = 0;
    const float* silence = nullptr;           ///< for a channel that the device lacks
    const jig_transport* transport = nullptr; ///< at the first frame
    double rate_hz = 48000;
    const DueEvent* events = nullptr;
    const DueEvent* events_end = nullptr;
    std::uint64_t watched_taps = 0;
};

/// Runs `build` into `out` (a pointer for each of its channels), which it poisons first and
/// cleanses afterwards. `leaving`: the build fades out, new notes are not for it. Faults are
/// counted in `engine`.
void run(Build& build, const Chunk& chunk, float* const* out, bool leaving,
         link::EngineRegion& engine) NONBLOCKING ON_AUDIO_THREAD;

} // namespace jig::rt
