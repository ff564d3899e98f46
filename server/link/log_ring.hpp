// jig/link/log_ring.hpp: log lines from any thread of the engine, the audio thread among them.
#pragma once

#include "link/regions.hpp"

#include <string>

namespace jig::link {

/// Copies the site's format and the arguments into the ring. Wait-free, bounded, no allocation.
/// [any]
void append_log(Ring<LogEntry, kLogRingSize>& ring, std::uint64_t frame, const jig_log_site& site,
                const std::uint64_t* args, std::uint32_t count) noexcept;

struct LogLine {
    std::uint64_t frame = 0;
    jig_log_level level = JIG_LOG_INFO;
    std::string text;
};

/// The server's side: reads lines and formats them, trusting nothing in the ring.
class LogReader {
  public:
    explicit LogReader(const Ring<LogEntry, kLogRingSize>& ring);

    /// The next line, if one is complete. Adds what was overwritten before it was read to `lost`.
    [[nodiscard]] bool read(LogLine& line, std::uint64_t& lost);

  private:
    const Ring<LogEntry, kLogRingSize>& ring_;
    std::uint64_t next_ = 0;
    std::uint32_t waited_ = 0;
};

/// printf's %d %i %u %x %f %g %e %% with arguments as jig_log_site describes; anything else is
/// shown as it stands. Formats that want more arguments than there are show "?".
[[nodiscard]] std::string format_log(const char* format, std::size_t size,
                                     const std::uint64_t* args, std::uint32_t count);

} // namespace jig::link
