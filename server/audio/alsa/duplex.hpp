// jig/audio/alsa/duplex.hpp: capture and playback as one: wait, read, call, write; and recover.
#pragma once

#include "audio/alsa/capture_bridge.hpp"
#include "audio/alsa/planes.hpp"
#include "audio/alsa/restart_budget.hpp"
#include "audio/alsa/stream.hpp"
#include "audio/alsa/timeline.hpp"
#include "audio/alsa/trouble.hpp"
#include "audio/alsa/waiter.hpp"
#include "audio/clocks/clock_comparison.hpp"
#include "audio/event_queue.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace jig::audio::alsa {

/// What was opened and set up.
struct Pair {
    std::optional<Stream> capture;
    std::optional<Stream> playback;
    bool linked = false;       ///< both start and stop as one
    bool clock_shared = false; ///< one clock drives both
    bool resampled = false;    ///< the input is brought onto the output's clock
    std::uint32_t prefill_periods = 2;

    [[nodiscard]] const Setup& setup() const {
        return playback ? playback->setup() : capture->setup();
    }
    [[nodiscard]] std::uint32_t resampler_frames() const {
        return resampled ? CaptureBridge::added_frames(capture->setup()) : 0;
    }
    /// From a frame at the input to its answer at the output.
    [[nodiscard]] std::uint32_t round_trip_frames() const {
        return capture && playback ? prefill_periods * setup().period_frames + resampler_frames()
                                   : 0;
    }
};

/// The loop of the audio thread, a turn at a time. Between start() and stop() all calls come from
/// one thread.
class Duplex {
  public:
    enum class Turn {
        ran,     ///< one callback or more
        waited,  ///< nothing was due, or it was started again: come back
        stopped, ///< the stop descriptor became readable
        lost,    ///< the card is gone; close()
    };

    static constexpr std::int64_t kFirstCycleNs = 1'000'000'000; ///< that long a start may take

    Duplex(Api& api, int stop_fd, Pair pair, Planes& planes, EventQueue& events);

    void set_callback(rt::Callback callback, void* context) {
        callback_ = callback;
        context_ = context;
    }

    /// Prefills and starts.
    [[nodiscard]] Result<void> start();
    [[nodiscard]] Turn turn() noexcept;
    /// Ends the sound at once. A linked pair is never drained.
    void stop() noexcept;
    void close();

    [[nodiscard]] const Pair& pair() const { return pair_; }
    /// What the two directions' counts say of their clocks, since the last start.
    [[nodiscard]] const ClockComparison& clocks() const { return clocks_; }
    /// Ends it, without closing.
    [[nodiscard]] Pair release() && {
        stop();
        return std::move(pair_);
    }

  private:
    // The loop.
    [[nodiscard]] std::int64_t due_periods(Trouble& trouble) noexcept;
    [[nodiscard]] Trouble fetch_capture() noexcept;
    [[nodiscard]] std::int64_t playback_periods() const noexcept;
    [[nodiscard]] int take_input() noexcept;
    void compare_clocks() noexcept;
    [[nodiscard]] Trouble look(Stream& stream, std::optional<Sighting>& sighting) noexcept;
    [[nodiscard]] Trouble run_period(std::uint32_t index, std::uint32_t count) noexcept;
    [[nodiscard]] Turn wait_on() noexcept;
    [[nodiscard]] std::int64_t patience_ns() const noexcept;
    [[nodiscard]] std::int64_t two_rings_ns() const noexcept;

    // Recovery: recovery.cpp.
    [[nodiscard]] int start_once() noexcept;
    [[nodiscard]] Trouble present_trouble(int code) noexcept;
    [[nodiscard]] Turn recover(Trouble trouble) noexcept;
    [[nodiscard]] Turn restart() noexcept;
    [[nodiscard]] Turn on_timeout() noexcept;
    [[nodiscard]] bool resume() noexcept;
    void count_xruns() noexcept;

    template <typename Action>
    int each(Action action) noexcept;

    Api& api_;
    Pair pair_;
    Planes& planes_;
    EventQueue& events_;
    Waiter waiter_;
    Timeline timeline_;
    ClockComparison clocks_;
    bool clocks_apart_ = false; ///< and that was said
    std::optional<CaptureBridge> bridge_;
    RestartBudget budget_;
    rt::Callback callback_ = nullptr;
    void* context_ = nullptr;
    Wake wake_;
    rt::Cycle cycle_;
    std::uint32_t xruns_in_ = 0; ///< since the last cycle
    std::uint32_t xruns_out_ = 0;
    bool fresh_ = true;      ///< started, and no cycle yet
    bool restarted_ = false; ///< … not for the first time
    int fruitless_wakes_ = 0;
    int timeouts_ = 0;
    int vain_starts_ = 0; ///< since the last cycle
    std::int64_t last_progress_ns_ = 0;
    bool captured_ = false;                ///< over the bridge, since the last cycle
    std::int64_t capture_deadline_ns_ = 0; ///< by which there must be more
};

} // namespace jig::audio::alsa
