// jig/audio/jack_process.hpp: the process callback: from a JACK cycle to one of ours and
// back.
#pragma once

#include "audio/event_queue.hpp"
#include "audio/jack_midi.hpp"
#include "audio/jack_ports.hpp"
#include "audio/jack_transport.hpp"
#include "rt/cycle.hpp"

#include <atomic>
#include <cstdint>
#include <jack/jack.h>
#include <sys/types.h>

namespace jig::audio {

class JackProcess {
  public:
    JackProcess(JackPorts& ports, EventQueue& events) : ports_(ports), events_(events) {}

    /// From the next cycle on `callback` is called. [control]
    void begin(rt::Callback callback, void* context, std::uint32_t epoch);
    /// Outputs are silent from now on. Returns when the callback has ended for good, whatever the
    /// server does. [control]
    void end();

    /// [audio]
    void run(jack_client_t* client, jack_nframes_t frames) noexcept;

    /// [any]
    /// `delay_us`: how long the server says that the device stood still; 0: it does not know.
    void note_xrun(float delay_us) noexcept;
    /// Between the converters and the cycle; see rt::Cycle.
    void set_delays(std::uint32_t in_frames, std::uint32_t out_frames) noexcept {
        in_delay_frames_.store(in_frames, std::memory_order_relaxed);
        out_delay_frames_.store(out_frames, std::memory_order_relaxed);
    }
    void set_rate(std::uint32_t rate_hz) noexcept {
        rate_hz_.store(rate_hz, std::memory_order_relaxed);
    }
    void set_freewheel(bool on) noexcept { freewheel_.store(on, std::memory_order_relaxed); }

    /// Cycles since the client was activated. [any]
    [[nodiscard]] std::uint64_t cycles() const { return cycles_.load(std::memory_order_relaxed); }
    /// The thread that runs the cycles, 0 before the first. [any]
    [[nodiscard]] pid_t thread() const { return thread_.load(std::memory_order_acquire); }

  private:
    void render(jack_client_t* client, jack_nframes_t frames, std::int64_t wake_ns) noexcept;
    void take_time(jack_client_t* client, rt::Cycle& cycle) noexcept;
    void take_delays(rt::Cycle& cycle) const noexcept;
    void account_for_lost_frames(rt::Cycle& cycle, std::uint32_t server_frame) noexcept;

    JackPorts& ports_;
    EventQueue& events_;
    JackMidi midi_;
    JackTransport transport_;

    rt::Callback callback_ = nullptr; ///< set while the gate is closed
    void* context_ = nullptr;
    std::uint32_t epoch_ = 0;
    std::atomic<bool> gate_{false};   ///< the callback may be called
    std::atomic<bool> inside_{false}; ///< a cycle is under way

    std::atomic<std::uint32_t> xruns_{0};
    std::atomic<std::uint32_t> xrun_us_{0};
    std::atomic<std::uint32_t> in_delay_frames_{0};
    std::atomic<std::uint32_t> out_delay_frames_{0};
    std::atomic<std::uint32_t> rate_hz_{0};
    std::atomic<bool> freewheel_{false};
    std::atomic<std::uint64_t> cycles_{0};
    std::atomic<pid_t> thread_{0};

    std::uint32_t seen_epoch_ = 0; ///< [audio], as all below
    std::uint32_t next_server_frame_ = 0;
    std::uint64_t device_frame_ = 0;
    std::uint64_t cycle_ = 0; ///< since begin()
};

} // namespace jig::audio
