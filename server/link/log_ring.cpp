#include "link/log_ring.hpp"

#include "link/shared_copy.hpp"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>

namespace jig::link {

namespace {

constexpr std::uint32_t kMask = kLogRingSize - 1;
/// Looks that a reader grants a writer that has taken a place and not filled it.
constexpr std::uint32_t kPatience = 50;

} // namespace

void append_log(Ring<LogEntry, kLogRingSize>& ring, std::uint64_t frame, const jig_log_site& site,
                const std::uint64_t* args, std::uint32_t count) noexcept {
    const auto place = ring.written.fetch_add(1, std::memory_order_relaxed);
    LogEntry& entry = ring.entries[place & kMask];
    LogEntry::Line line{};
    line.frame = frame;
    line.level = site.level;
    line.arg_count = std::min<std::uint32_t>(count, JIG_LOG_MAX_ARGS);
    for (std::uint32_t i = 0; i < line.arg_count; ++i) {
        line.args[i] = args[i];
    }
    const char* format = site.format != nullptr ? site.format : "";
    for (std::uint32_t i = 0; i + 1 < kLogTextSize && format[i] != '\0'; ++i) {
        line.format[i] = format[i];
    }
    entry.seq.store(0, std::memory_order_relaxed); // before the line: shared_store releases
    shared_store(&entry.line, &line, sizeof line);
    entry.seq.store(place + 1, std::memory_order_release); // partner: LogReader::read
}

LogReader::LogReader(const Ring<LogEntry, kLogRingSize>& ring)
    : ring_(ring), next_(ring.written.load(std::memory_order_acquire)) {}

bool LogReader::read(LogLine& line, std::uint64_t& lost) {
    for (std::uint32_t tries = 0; tries < 2 * kLogRingSize; ++tries) {
        const auto written = ring_.written.load(std::memory_order_acquire);
        if (written < next_) {
            next_ = written; // an engine that lies
        }
        if (written == next_) {
            return false;
        }
        if (written - next_ > kLogRingSize) {
            lost += written - next_ - kLogRingSize;
            next_ = written - kLogRingSize;
        }
        const LogEntry& entry = ring_.entries[next_ & kMask];
        if (entry.seq.load(std::memory_order_acquire) != next_ + 1) { // partner: append_log
            if (written - next_ < kLogRingSize && ++waited_ < kPatience) {
                return false; // being written
            }
            ++lost; // its writer died, or was overtaken
            ++next_;
            waited_ = 0;
            continue;
        }
        LogEntry::Line copy;
        shared_load(&copy, &entry.line, sizeof copy);
        const bool whole = entry.seq.load(std::memory_order_acquire) == next_ + 1;
        ++next_;
        waited_ = 0;
        if (!whole) {
            ++lost;
            continue;
        }
        copy.format[kLogTextSize - 1] = '\0';
        line.frame = copy.frame;
        line.level = std::min<jig_log_level>(copy.level, JIG_LOG_ERROR);
        line.text = format_log(copy.format, std::strlen(copy.format), copy.args,
                               std::min<std::uint32_t>(copy.arg_count, JIG_LOG_MAX_ARGS));
        return true;
    }
    return false;
}

std::string format_log(const char* format, std::size_t size, const std::uint64_t* args,
                       std::uint32_t count) {
    std::string text;
    std::uint32_t used = 0;
    for (std::size_t i = 0; i < size; ++i) {
        if (format[i] != '%') {
            text += format[i];
            continue;
        }
        std::size_t end = i + 1;
        while (end < size && std::strchr("+- #.0123456789l", format[end]) != nullptr) {
            ++end;
        }
        const char kind = end < size ? format[end] : '\0';
        std::string flags(format + i + 1, format + end);
        std::erase(flags, 'l');
        if (kind == '%') {
            text += '%';
        } else if (kind == '\0' || std::strchr("diuxfge", kind) == nullptr || flags.size() > 8) {
            text.append(format + i, std::min(end + 1, size) - i);
        } else if (used >= count) {
            text += '?';
        } else {
            char out[128];
            const bool whole = std::strchr("diux", kind) != nullptr;
            const std::string spec = "%" + flags + (whole ? "ll" : "") + kind;
            const auto arg = args[used++];
            // The specification is built from a checked alphabet just above.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            const int n =
                whole ? std::snprintf(out, sizeof out, spec.c_str(), static_cast<long long>(arg))
                      : std::snprintf(out, sizeof out, spec.c_str(), std::bit_cast<double>(arg));
#pragma GCC diagnostic pop
            text.append(out, static_cast<std::size_t>(std::clamp(n, 0, int{sizeof out} - 1)));
        }
        i = end;
    }
    return text;
}

} // namespace jig::link
