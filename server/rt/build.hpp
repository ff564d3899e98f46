// jig/rt/build.hpp: one loaded build as the audio thread sees it: pointers and buffers made
// elsewhere.
#pragma once

#include "jig/plugin.h"
#include "link/regions.hpp"

#include <cstdint>

namespace jig::rt {

/// Events that a plugin sent during one chunk; the engine clears it before and reads it after.
struct Emitted {
    static constexpr std::uint32_t kCapacity = 512;
    jig_event events[kCapacity];
    std::uint32_t count = 0;
    std::uint32_t offset = 0; ///< of the block under way, from the start of the chunk
};

/// Everything that the audio thread touches of a build. The engine room allocates, fills and frees
/// it; between being offered and being handed back it belongs to the audio thread.
struct Build {
    const jig_plugin* plugin = nullptr;
    jig_instance* instance = nullptr;
    std::uint32_t generation = 0;
    std::uint32_t flags = 0;
    std::uint32_t latency_frames = 0;
    bool failed = false; ///< returned an error: silent from then on

    std::uint32_t param_count = 0;
    const std::uint32_t* slots = nullptr;        ///< by index
    const std::int32_t* index_of_slot = nullptr; ///< kMaxSlots entries, −1: not of this build
    const std::uint32_t* param_flags = nullptr;  ///< by index, JIG_PARAM_…
    float* params = nullptr;
    float* out_params = nullptr;

    std::uint32_t tap_count = 0;
    const jig_tap_kind* tap_kinds = nullptr;
    float* const* tap_buffers = nullptr; ///< kMaxFrames each
    float** taps = nullptr;              ///< what process gets

    std::uint32_t in_bus_count = 0;
    std::uint32_t out_bus_count = 0;
    std::uint32_t in_channels = 0; ///< over all buses
    std::uint32_t out_channels = 0;
    jig_audio_in* in = nullptr; ///< `channels` point into in_pointers
    jig_audio_out* out = nullptr;
    const float** in_pointers = nullptr;
    float** out_pointers = nullptr;
    float* const* out_buffers = nullptr;      ///< kMaxFrames each, for fades
    const std::uint32_t* in_device = nullptr; ///< by channel: the device's channel, or kNoChannel
    const std::uint32_t* out_device = nullptr;

    jig_event* events = nullptr; ///< kMaxBlockEvents
    Emitted* emitted = nullptr;
};

inline constexpr std::uint32_t kNoChannel = 0xffffffffu;
inline constexpr std::uint32_t kMaxBlockEvents = link::kEventRingSize;

} // namespace jig::rt
