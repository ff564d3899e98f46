// jig/link/regions.hpp: the two shared regions, as plain data: what lies where, and who may write
// it.
//
// ServerRegion is written by the server and mapped read-only in the engine. EngineRegion is written
// by the engine; the server reads it, and believes nothing: every index is clamped, every entry is
// copied before it is looked at, every retry is bounded.
#pragma once

#include "jig/plugin.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace jig::link {

inline constexpr std::uint32_t kMaxSlots = 4096;  ///< parameters known in one session
inline constexpr std::uint32_t kMaxChannels = 32; ///< in each direction
inline constexpr std::uint32_t kMaxTaps = 64;     ///< of one plugin
inline constexpr std::uint32_t kMaxFrames = 8192; ///< of one block, and of one device period
inline constexpr std::uint32_t kEventRingSize = 4096;
inline constexpr std::uint32_t kJournalSize = 1u << 15;
inline constexpr std::uint32_t kLogRingSize = 1024;
inline constexpr std::uint32_t kCycleRingSize = 4096;
inline constexpr std::uint32_t kStreamFramesMax = 1u << 19; ///< two seconds at 192 kHz, and more
inline constexpr std::uint32_t kLogTextSize = 168;
inline constexpr std::uint32_t kRegionMagic = 0x4a494732; // "JIG2"

static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
static_assert(std::atomic<double>::is_always_lock_free);

enum class InputKind : std::uint32_t {
    device = 0,
    off = 1,
    file = 2,
    sine = 3,
    noise = 4,
    impulse = 5
};

/// An event on its way to the plugin. PARAM and TRIGGER events name the parameter by `slot`;
/// the engine puts the index of each build in its place.
struct RingEvent {
    std::uint64_t frame; ///< on the engine's time line; 0: as soon as possible
    std::uint32_t slot;
    std::uint32_t rev; ///< PARAM: the revision that the value has in its slot
    jig_event event;
};

/// Written by the server, read-only in the engine.
struct ServerRegion {
    std::uint32_t magic;
    std::uint32_t size;

    // Monitor: how the output is heard.
    std::atomic<std::uint32_t> mute;
    std::atomic<std::uint32_t> bypass;
    std::atomic<float> trim_gain;
    std::atomic<std::uint32_t> panic_count; ///< a change ends all notes and resets the plugin
    std::atomic<std::uint32_t> rearm_count; ///< a change opens the output after a loudness trip

    // Input: what the plugin hears.
    std::atomic<InputKind> input_kind;
    std::atomic<float> input_hz;
    std::atomic<float> input_gain;
    std::atomic<std::uint32_t> file_playing;
    std::atomic<std::uint32_t> file_loop;

    // Transport, while the device has none of its own.
    std::atomic<double> bpm;
    std::atomic<std::uint32_t> playing;
    std::atomic<std::uint32_t> locate_count; ///< a change moves the position to locate_beat
    std::atomic<double> locate_beat;

    // Parameters: see slots.hpp. The epoch rises after each change.
    alignas(64) std::atomic<std::uint64_t> param_epoch;
    std::atomic<std::uint64_t> slots[kMaxSlots];

    // Events: single producer here, single consumer in the engine (EngineRegion::event_read).
    alignas(64) std::atomic<std::uint64_t> event_write;
    RingEvent events[kEventRingSize];
};

/// What happened on the audio thread at which frame: enough to repeat the run offline.
struct JournalEntry {
    enum Kind : std::uint32_t {
        start = 1,      ///< a build is heard from here on; value unused
        param = 2,      ///< slot, value
        swap_begin = 3, ///< generation fades in from here, for `aux` frames
        swap_end = 4,
        note_on = 5, ///< slot = key | channel << 8, value = velocity
        note_off = 6,
        trigger = 7,
        midi = 8, ///< slot = the message's bytes
        reset = 9,
        device_gap = 10 ///< aux = frames lost before this one
    };
    std::uint64_t frame;
    std::uint32_t kind;
    std::uint32_t generation;
    std::uint32_t slot;
    float value;
    std::uint32_t aux;
    std::uint32_t reserved;
};

/// One callback; see rt::Cycle for what the device says of it.
struct CycleRecord {
    std::uint64_t frame;
    std::uint32_t frames;
    std::uint32_t flags; ///< rt::CycleFlags
    std::int64_t begin_ns;
    std::int64_t end_ns;
    std::int32_t lost_frames;
    std::uint32_t generation;
    std::int64_t due_ns;
    std::int64_t wake_ns;
    std::int64_t deadline_ns;
    std::int64_t cpu_ns; ///< at wake_ns: the next record's less this one's is this cycle's
    double rate_measured_hz;
    std::int32_t in_delay_frames;
    std::int32_t out_delay_frames;
    std::int32_t calibration_frames;
    std::uint32_t epoch;
    std::uint32_t xruns_in;
    std::uint32_t xruns_out;
};

/// A line that the plugin logged: its format and arguments, copied by value. `seq` is its place in
/// the ring plus one, 0 while it is being written.
struct LogEntry {
    struct Line {
        std::uint64_t frame;
        std::uint64_t args[JIG_LOG_MAX_ARGS];
        std::uint32_t arg_count;
        std::uint32_t level;
        char format[kLogTextSize];
    };
    std::atomic<std::uint64_t> seq;
    Line line;
};

/// A ring that the writer overwrites; the reader finds out what it missed. `written` counts for
/// ever.
template <typename T, std::uint32_t N>
struct Ring {
    static constexpr std::uint32_t kSize = N;
    static_assert((N & (N - 1)) == 0);
    alignas(64) std::atomic<std::uint64_t> written;
    T entries[N];
};

/// Left behind by the engine's fault handler.
struct CrashRecord {
    std::atomic<std::uint32_t> signal; ///< 0: none
    std::uint32_t code;
    std::uint64_t address;
    std::uint64_t frame;
    std::uint64_t program_counter;
};

/// Written by the engine.
struct EngineRegion {
    std::uint32_t magic;
    std::uint32_t size;

    alignas(64) std::atomic<std::uint64_t> event_read;

    // Heartbeat: entering and leaving the plugin's code on the audio thread, and the callback
    // itself.
    alignas(64) std::atomic<std::int64_t> process_entered_ns;
    std::atomic<std::int64_t> process_left_ns;
    std::atomic<std::uint32_t>
        in_process;                     ///< generation whose code runs on the audio thread; 0: none
    std::atomic<std::uint32_t> in_main; ///< … and on the engine's main thread

    // What is true now. `frame` is the end of what was rendered and copied into the streams.
    alignas(64) std::atomic<std::uint64_t> frame;
    std::atomic<std::uint32_t>
        generation; ///< the build that is heard (the newer one during a swap)
    std::atomic<std::uint32_t> in_channels;
    std::atomic<std::uint32_t> out_channels;
    std::atomic<std::uint32_t> tripped;
    std::atomic<std::uint32_t> transport_playing;
    std::atomic<std::uint32_t> transport_external;
    std::atomic<double> transport_bpm;
    std::atomic<double> transport_beat;
    std::atomic<std::uint64_t> file_position;

    // Counters, since the engine's start.
    std::atomic<std::uint64_t> nan_samples;
    std::atomic<std::uint64_t> nan_first_frame;
    std::atomic<std::uint64_t> unwritten_samples;
    std::atomic<std::uint64_t> trips;
    std::atomic<std::uint64_t> trip_frame;
    std::atomic<std::uint64_t> events_dropped;
    std::atomic<std::uint64_t> events_late;
    std::atomic<std::uint64_t> process_errors;

    CrashRecord crash;

    std::atomic<float> out_params[kMaxSlots];
    std::atomic<std::uint64_t> tap_values_epoch;
    std::atomic<float> tap_values[kMaxTaps]; ///< VALUE taps: newest; AUDIO taps are streams

    Ring<CycleRecord, kCycleRingSize> cycles;
    Ring<JournalEntry, kJournalSize> journal;
    Ring<LogEntry, kLogRingSize> log;
};

/// The streams follow the EngineRegion: planar rings of floats, indexed by frame modulo their
/// length. Inputs, then outputs, then AUDIO taps; only the pages that are in use exist.
inline constexpr std::uint32_t kStreamCount = kMaxChannels + kMaxChannels + kMaxTaps;

/// Frames that a stream holds at this rate: a power of two, at least two seconds.
constexpr std::uint32_t stream_frames(double rate_hz) {
    std::uint32_t frames = 1u << 15;
    while (frames < kStreamFramesMax && frames < 2.0 * rate_hz) {
        frames <<= 1;
    }
    return frames;
}

inline constexpr std::size_t kStreamOffset = (sizeof(EngineRegion) + 4095) / 4096 * 4096;
inline constexpr std::size_t kEngineBytes =
    kStreamOffset + std::size_t{kStreamCount} * kStreamFramesMax * sizeof(float);
inline constexpr std::size_t kServerBytes = (sizeof(ServerRegion) + 4095) / 4096 * 4096;

} // namespace jig::link
