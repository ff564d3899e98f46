#include "session/stdio_tail.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace jig::session {

Result<StdioTail> StdioTail::create(const char* name) {
    StdioTail tail;
    tail.fd_.reset(::memfd_create(name, MFD_CLOEXEC));
    if (!tail.fd_ || ::fcntl(tail.fd_.get(), F_SETFL, O_APPEND) != 0) {
        return Error{std::string("cannot make a file for the plugin's output (memfd_create): ") +
                     std::strerror(errno)};
    }
    return tail;
}

StdioTail::Lines StdioTail::read(bool all) {
    Lines result;
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0) {
        return result;
    }
    const auto end = static_cast<std::uint64_t>(std::max<off_t>(status.st_size, 0));
    if (end < read_) {
        read_ = end; // somebody truncated it
        freed_ = std::min(freed_, read_);
    }
    if (end - read_ > kMostUnread) {
        result.dropped_bytes = end - read_ - kMostUnread / 2;
        read_ = end - kMostUnread / 2;
        rest_.clear();
        torn_ = true;
    }
    std::array<char, 65536> chunk;
    while (read_ < end && result.lines.size() < kLinesAtOnce) {
        const auto want = std::min<std::uint64_t>(chunk.size(), end - read_);
        const auto n = ::pread(fd_.get(), chunk.data(), want, static_cast<off_t>(read_));
        if (n <= 0) {
            break;
        }
        std::size_t used = 0;
        while (used < static_cast<std::size_t>(n) && result.lines.size() < kLinesAtOnce) {
            const char c = chunk[used++];
            if (torn_) {
                torn_ = c != '\n';
                continue;
            }
            if (c != '\n') {
                rest_ += c;
            }
            if (c == '\n' || rest_.size() >= kLongestLine) {
                result.lines.push_back(std::move(rest_));
                rest_.clear();
            }
        }
        read_ += used;
    }
    if (all && !rest_.empty()) {
        result.lines.push_back(std::move(rest_));
        rest_.clear();
    }
    constexpr std::uint64_t kPage = 4096;
    if (read_ / kPage > freed_ / kPage) {
        const auto from = freed_ / kPage * kPage;
        ::fallocate(fd_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(from),
                    static_cast<off_t>(read_ / kPage * kPage - from));
        freed_ = read_;
    }
    return result;
}

} // namespace jig::session
