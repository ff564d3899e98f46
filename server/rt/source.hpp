// jig/rt/source.hpp: what the plugin hears: the device, a file, a generator, or nothing.
#pragma once

#include "base/thread_role.hpp"
#include "link/regions.hpp"

#include <atomic>
#include <cstdint>

namespace jig::rt {

/// A decoded file: planar, `channels` × `frames`. Made and freed by the engine's main thread.
struct Clip {
    const float* samples = nullptr;
    std::uint64_t frames = 0;
    std::uint32_t channels = 0;
};

/// Gives one pointer a channel for each chunk. Changing the source fades out and in within 5 ms
/// each.
class Source {
  public:
    Source(const link::ServerRegion& server, link::EngineRegion& engine)
        : server_(server), engine_(engine) {}

    /// [main, not running]
    void configure(double rate_hz);

    /// Offers a clip; the audio thread takes it at its next chunk. [main] One at a time: the clip
    /// before is free once taken() says so.
    void offer(const Clip* clip) { offered_.store(clip, std::memory_order_release); }
    /// The clip that the audio thread uses now. [main]
    [[nodiscard]] const Clip* taken() const { return taken_.load(std::memory_order_acquire); }

    /// Fills `channels` pointers with `frames` samples each; `device` has as many.
    void read(const float* const* device, std::uint32_t channels, std::uint32_t frames,
              const float** out) NONBLOCKING ON_AUDIO_THREAD;

    [[nodiscard]] const float* silence() const { return silence_; }

  private:
    void generate(std::uint32_t channels, std::uint32_t frames);
    void sine(std::uint32_t frames);
    void noise(std::uint32_t channels, std::uint32_t frames);
    void impulse(std::uint32_t frames);
    void file(std::uint32_t channels, std::uint32_t frames);
    void fade(std::uint32_t channels, std::uint32_t frames, const float** out);

    const link::ServerRegion& server_;
    link::EngineRegion& engine_;
    std::atomic<const Clip*> offered_{nullptr};
    std::atomic<const Clip*> taken_{nullptr};

    double rate_hz_ = 48000;
    link::InputKind kind_ = link::InputKind::device;
    bool first_ = true;
    float gain_ = 1; ///< of the fade
    float fade_step_ = 0;
    double phase_ = 0; ///< in cycles
    double since_impulse_ = 0;
    std::uint64_t position_ = 0;
    std::uint64_t random_[link::kMaxChannels] = {};
    float silence_[link::kMaxFrames] = {};
    float buffers_[link::kMaxChannels][link::kMaxFrames] = {};
};

} // namespace jig::rt
