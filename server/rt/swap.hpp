// jig/rt/swap.hpp: from one build to the next, at one exact frame, without a gap.
#pragma once

#include "base/thread_role.hpp"
#include "rt/build.hpp"

#include <atomic>
#include <cstdint>

namespace jig::rt {

/// How a new build takes over.
struct SwapPlan {
    std::uint32_t fade_frames = 0;
    /// Fade the old one out, then the new one in, because both at once would miss the deadline.
    bool through_silence = false;
};

/// What came of it; complete when the old build has been handed back.
struct SwapReport {
    std::uint32_t generation = 0;
    std::uint64_t begin_frame = 0; ///< the first frame that the new build processed
    std::uint32_t warm_frames = 0; ///< that it ran unheard first, to fill its latency
    std::uint32_t fade_frames = 0;
    float largest_step = 0;
};

/// Holds the build that is heard and, during a swap, the one that leaves. Builds come in by offer()
/// and go out by retired(); in between they belong to the audio thread.
class Swap {
  public:
    // [main]
    /// False: the last one is not through yet.
    bool offer(Build* build, const SwapPlan& plan);
    /// A build that the audio thread has finished with, once; or NULL.
    [[nodiscard]] Build* retired() { return retired_.exchange(nullptr, std::memory_order_acquire); }
    /// Whether the last offer has been carried out whole.
    [[nodiscard]] bool idle() const { return !busy_.load(std::memory_order_acquire); }
    /// Of the last swap; only when idle().
    [[nodiscard]] const SwapReport& report() const { return report_; }

    // [audio]
    /// Takes what was offered. True: a new build begins with this chunk.
    bool begin(std::uint64_t frame) NONBLOCKING ON_AUDIO_THREAD;

    [[nodiscard]] Build* current() const { return current_; }
    [[nodiscard]] Build* leaving() const { return leaving_; }
    [[nodiscard]] const SwapReport& audio_report() const { return report_; }
    /// Whether both builds have to run in this chunk, or only the one that leaves.
    [[nodiscard]] bool runs_current() const;
    [[nodiscard]] bool runs_leaving() const;

    /// Mixes `fresh` (the new build's output) and `old` into `out`, by the device's channels; a
    /// build that has no such channel gives NULL. Moves the fade on by `frames`.
    void mix(const float* const* fresh, const float* const* old, float* const* out,
             std::uint32_t channels, std::uint32_t frames) NONBLOCKING ON_AUDIO_THREAD;

    /// After the chunk: hands the old build back if the fade is over. True: it was.
    bool finish() NONBLOCKING ON_AUDIO_THREAD;

  private:
    [[nodiscard]] float fresh_gain(std::uint32_t frame) const;
    [[nodiscard]] float old_gain(std::uint32_t frame) const;

    std::atomic<Build*> offered_{nullptr};
    std::atomic<Build*> retired_{nullptr};
    std::atomic<bool> busy_{false};
    SwapPlan plan_; ///< written before `offered_` is published

    Build* current_ = nullptr;
    Build* leaving_ = nullptr;
    bool swapping_ = false;
    SwapReport report_;
    std::uint32_t position_ = 0; ///< frames since the new build began
    float last_[link::kMaxChannels] = {};
    bool has_last_ = false;
};

} // namespace jig::rt
