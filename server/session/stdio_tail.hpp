// jig/session/stdio_tail.hpp: the plugin's own stdout and stderr, without ever making it wait.
//
// Not a pipe: a full pipe blocks the writer, which may be the audio thread, and a non-blocking one
// drops what does not fit without a word. An append-only memory file takes everything at once; what
// has been read is given back to the system.
#pragma once

#include "base/fd.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace jig::session {

class StdioTail {
  public:
    static constexpr std::size_t kLinesAtOnce = 50;
    static constexpr std::size_t kLongestLine = 4096;
    /// A line is shown within seconds, or not at all.
    static constexpr std::uint64_t kMostUnread = 128u << 10;

    [[nodiscard]] static Result<StdioTail> create(const char* name);

    /// What the engine gets as its stdout or stderr.
    [[nodiscard]] int fd() const { return fd_.get(); }

    struct Lines {
        std::vector<std::string> lines;
        std::uint64_t dropped_bytes = 0; ///< passed over because far too much came at once
    };
    /// Complete lines that have come since the last call; with `all`, also a last one without its
    /// end.
    [[nodiscard]] Lines read(bool all = false);

  private:
    UniqueFd fd_;
    std::uint64_t read_ = 0;
    std::uint64_t freed_ = 0;
    std::string rest_;
    bool torn_ = false; ///< what comes up to the next line's end is a rest of what was dropped
};

} // namespace jig::session
