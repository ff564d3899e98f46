// jig/rt/cycle.hpp: what a device tells the callback: one period of input and output, and its time.
#pragma once

#include <cstdint>

namespace jig::rt {

/// A raw MIDI 1.0 message at a frame of the cycle. `bytes` lives as long as the cycle.
struct MidiMessage {
    std::uint32_t frame;
    std::uint32_t size;
    const std::uint8_t* bytes;
};

/// Where the callback puts outgoing MIDI: a fixed array of the device's.
struct MidiOut {
    struct Message {
        std::uint32_t frame;
        std::uint32_t size; ///< 1 … 3
        std::uint8_t bytes[4];
    };
    Message* messages = nullptr;
    std::uint32_t capacity = 0;
    std::uint32_t count = 0;
};

/// Musical time as the device knows it (JACK transport); `valid` false: it knows none.
struct DeviceTransport {
    bool valid = false; ///< there is a transport to follow
    bool playing = false;
    bool has_bbt = false; ///< bpm, beat and signature are set
    double bpm = 0;
    double beat = 0; ///< quarter notes since the start
    double seconds = 0;
    std::uint16_t signature_num = 4;
    std::uint16_t signature_den = 4;
};

enum CycleFlags : std::uint32_t {
    kCycleDiscontinuity = 1u << 0, ///< frames were lost before this cycle
    kCycleCatchup = 1u << 1,
    kCycleFreewheel = 1u << 2,
    kCycleFirst = 1u << 3,   ///< the first since the device started
    kCycleUnpaced = 1u << 4, ///< without a deadline; set by the engine in its records
    kCycleLinked = 1u << 5,  ///< both directions start and stop as one
    kCycleClockShared = 1u << 6,
    kCycleResampled = 1u << 7,  ///< the input was brought onto the output's clock
    kCycleDelayExact = 1u << 8, ///< in_delay and out_delay are counted, not estimated
    kCycleRestarted = 1u << 9,  ///< the output was silent before it: what comes fades in
};

/// One duplex callback. Channels are flat and planar: pointers to `frames` samples each. An input
/// pointer is never NULL; inputs and outputs do not overlap. Everything lives until the callback
/// returns.
struct Cycle {
    std::uint32_t frames = 0;
    std::uint32_t flags = 0;
    double rate_hz = 0;          ///< nominal
    double rate_measured_hz = 0; ///< against CLOCK_MONOTONIC; 0: not known yet
    const float* const* in = nullptr;
    float* const* out = nullptr; ///< every sample is written by the callback
    std::uint32_t in_count = 0;
    std::uint32_t out_count = 0;
    const MidiMessage* midi = nullptr; ///< sorted by frame
    std::uint32_t midi_count = 0;
    MidiOut* midi_out = nullptr; ///< NULL: nowhere to send
    DeviceTransport transport;

    std::uint64_t cycle = 0; ///< number of this one since the device started
    // CLOCK_MONOTONIC; 0: not known.
    /// When the period was complete and the thread should have woken; after a loss, for the first
    /// period that was missed.
    std::int64_t due_ns = 0;
    std::int64_t wake_ns = 0;     ///< when it woke
    std::int64_t deadline_ns = 0; ///< by when the callback must return; 0: there is no deadline
    std::int64_t capture_ns = 0;  ///< when the first input frame passed its converter
    std::int64_t playback_ns = 0; ///< when the first output frame will pass its converter
    std::int64_t cpu_ns = 0;      ///< CPU time that the thread had used up to wake_ns
    // The device's own counts of the first frame, lost ones included.
    std::uint64_t device_frame_in = 0;
    std::uint64_t device_frame_out = 0;
    std::int32_t in_delay_frames = 0;  ///< from the converter to this callback
    std::int32_t out_delay_frames = 0; ///< from this callback to the converter
    std::uint32_t epoch = 0;           ///< bumped by each restart or reconnect of the device
    std::int32_t lost_frames = 0;      ///< before this cycle; −1 not known
    std::uint32_t xruns_in = 0;        ///< since the cycle before
    std::uint32_t xruns_out = 0;
};

/// The one duplex callback. [audio] Never throws, never blocks.
using Callback = void (*)(void* context, const Cycle& cycle) noexcept;

} // namespace jig::rt
