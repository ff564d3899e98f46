// jig/rt/engine.hpp: the one duplex callback: read the controls, run the plugin, show what
// happened.
#pragma once

#include "base/thread_role.hpp"
#include "link/streams.hpp"
#include "rt/build.hpp"
#include "rt/cycle.hpp"
#include "rt/events.hpp"
#include "rt/monitor.hpp"
#include "rt/params.hpp"
#include "rt/ramp.hpp"
#include "rt/runner.hpp"
#include "rt/source.hpp"
#include "rt/swap.hpp"
#include "rt/transport.hpp"

#include <atomic>
#include <cstdint>

namespace jig::rt {

/// Renders, and nothing else: no allocation, no lock, no system call. Large: lives on the heap,
/// made and touched by the engine room before the first cycle.
class Engine {
  public:
    Engine(const link::ServerRegion& server, link::EngineRegion& region);

    /// For a device of this rate; the time line goes on at `first_frame`. [main, not running]
    void configure(double rate_hz, std::uint64_t first_frame, link::StreamLayout streams);

    /// A rt::Callback; `self` is the Engine. [audio]
    static void callback(void* self, const Cycle& cycle) noexcept;

    /// Which AUDIO taps are copied out, and which VALUE taps are asked for. [main]
    void watch_taps(std::uint64_t mask) { watched_taps_.store(mask, std::memory_order_release); }

    /// Goes into every cycle's record: the measured round trip less the device's. [main]
    void set_calibration(std::int32_t frames) {
        calibration_frames_.store(frames, std::memory_order_relaxed);
    }

    /// Fades the output out, before the device stops; configure() opens it again. [main]
    void close_output() { monitor_.close(); }

    [[nodiscard]] Swap& swap() { return swap_; }
    [[nodiscard]] Source& source() { return source_; }

  private:
    void render(const Cycle& cycle) NONBLOCKING ON_AUDIO_THREAD;
    void render_chunk(const Cycle& cycle, std::uint32_t offset,
                      std::uint32_t frames) NONBLOCKING ON_AUDIO_THREAD;
    void process(const Chunk& chunk, float* const* out, std::uint32_t out_count) ON_AUDIO_THREAD;
    void mix_leaving(const Chunk& chunk, Build& leaving, const float* const* fresh,
                     float* const* out, std::uint32_t out_count) ON_AUDIO_THREAD;
    void bypass(const Chunk& chunk, float* const* out, std::uint32_t out_count) ON_AUDIO_THREAD;
    const float* dry_input(const Chunk& chunk, std::uint32_t channel,
                           std::uint32_t latency_frames) ON_AUDIO_THREAD;
    bool take_new_build() ON_AUDIO_THREAD;
    void panic() ON_AUDIO_THREAD;
    void publish(const Chunk& chunk, float* const* out, std::uint32_t out_channels) ON_AUDIO_THREAD;
    void publish_build(const Build& build, std::uint32_t frames) ON_AUDIO_THREAD;
    void send_midi(const Build& build, MidiOut* midi, std::uint32_t offset) ON_AUDIO_THREAD;

    const link::ServerRegion& server_;
    link::EngineRegion& region_;
    link::StreamLayout streams_;
    Params params_;
    Events events_;
    Source source_;
    Monitor monitor_;
    Transport transport_;
    Swap swap_;
    Ramp bypass_;
    std::atomic<std::uint64_t> watched_taps_{0};
    std::atomic<std::int32_t> calibration_frames_{0};
    std::uint64_t frame_ = 0;
    double rate_hz_ = 48000;
    std::uint32_t panics_ = 0;
    const float* in_[link::kMaxChannels] = {};
    float dry_[link::kMaxFrames] = {};
};

} // namespace jig::rt
