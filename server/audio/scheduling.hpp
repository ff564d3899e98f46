// jig/audio/scheduling.hpp: real-time scheduling of an audio thread: asked for, and read back.
#pragma once

#include <string>
#include <sys/types.h>

namespace jig::audio {

inline constexpr int kAudioPriority = 70;

/// SCHED_FIFO for the calling thread; false when not permitted.
[[nodiscard]] bool make_realtime() noexcept;

/// Whether thread `tid` runs SCHED_FIFO or SCHED_RR at this moment. [any]
[[nodiscard]] bool is_realtime(pid_t tid) noexcept;

/// Touches the stack that the callback may use, so that no page fault comes later.
void prefault_stack() noexcept;

/// The remedy when make_realtime() was refused.
[[nodiscard]] std::string realtime_remedy();

} // namespace jig::audio
