// jig/link/rings.hpp: writers and readers of the rings in the shared regions.
#pragma once

#include "link/regions.hpp"
#include "link/shared_copy.hpp"

#include <algorithm>
#include <span>
#include <type_traits>

namespace jig::link {

/// Appends to a ring of the engine's. Wait-free; overwrites what is oldest. [one thread]
template <typename T, std::uint32_t N>
void append(Ring<T, N>& ring, const T& entry) {
    const auto at = ring.written.load(std::memory_order_relaxed);
    shared_store(&ring.entries[at & (N - 1)], &entry, sizeof(T));
    ring.written.store(at + 1, std::memory_order_release); // partner: RingReader's acquire
}

/// Reads a ring that the other process writes and may damage. One reader a ring, each with a place
/// of its own.
template <typename T, std::uint32_t N>
class RingReader {
  public:
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % sizeof(SharedWord) == 0);

    enum class From { now, oldest };
    explicit RingReader(const Ring<T, N>& ring, From from = From::now) : ring_(ring) {
        next_ = ring.written.load(std::memory_order_acquire);
        if (from == From::oldest) {
            next_ -= std::min<std::uint64_t>(next_, N - 1);
        }
    }

    /// Copies what is new, at most out.size() entries; returns how many. What was overwritten
    /// before it could be read is counted in `lost`.
    std::size_t read(std::span<T> out, std::uint64_t& lost) {
        const auto written = ring_.written.load(std::memory_order_acquire); // partner: append
        if (written < next_) { // the writer started again, or lies: begin where it is
            next_ = written;
            return 0;
        }
        if (written - next_ > N) {
            lost += written - next_ - N;
            next_ = written - N;
        }
        const auto count = std::min<std::uint64_t>(written - next_, out.size());
        for (std::uint64_t i = 0; i < count; ++i) {
            shared_load(&out[i], &ring_.entries[(next_ + i) & (N - 1)], sizeof(T));
        }
        // What the writer reached meanwhile may be torn: it is lost, not shown.
        const auto now = ring_.written.load(std::memory_order_acquire);
        const auto torn =
            now - next_ >= N ? std::min<std::uint64_t>(now - next_ - N + 1, count) : 0;
        if (torn > 0 && now >= next_) {
            lost += torn;
            std::copy(out.begin() + static_cast<std::ptrdiff_t>(torn),
                      out.begin() + static_cast<std::ptrdiff_t>(count), out.begin());
        }
        next_ += count;
        return count - torn;
    }

  private:
    const Ring<T, N>& ring_;
    std::uint64_t next_ = 0;
};

/// The server's end of the event ring. [one thread]
class EventWriter {
  public:
    EventWriter(ServerRegion& own, const EngineRegion& other) : own_(own), other_(other) {}

    /// Puts all events in at once, so that they land in one block; or none, when they do not fit.
    bool push(std::span<const RingEvent> events) {
        const auto write = own_.event_write.load(std::memory_order_relaxed);
        const auto read = other_.event_read.load(std::memory_order_acquire); // partner: EventReader
        const auto used = write - read;
        if (used > kEventRingSize || events.size() > kEventRingSize - used) {
            return false; // full, or an engine that lies about what it has read
        }
        for (std::size_t i = 0; i < events.size(); ++i) {
            own_.events[(write + i) & (kEventRingSize - 1)] = events[i];
        }
        own_.event_write.store(write + events.size(),
                               std::memory_order_release); // partner: EventReader
        return true;
    }

    /// What was put in and will never be read, because the engine ended; forgets it.
    void restart(EngineRegion& other) {
        other.event_read.store(own_.event_write.load(std::memory_order_relaxed),
                               std::memory_order_release);
    }

  private:
    ServerRegion& own_;
    const EngineRegion& other_;
};

/// The engine's end of the event ring. [audio]
class EventReader {
  public:
    EventReader(const ServerRegion& other, EngineRegion& own) : other_(other), own_(own) {}

    /// Where this cycle's events end; taken once a cycle, so that a batch is never cut in two.
    [[nodiscard]] std::uint64_t end() const {
        return other_.event_write.load(std::memory_order_acquire); // partner: EventWriter::push
    }
    [[nodiscard]] std::uint64_t begin() const {
        return own_.event_read.load(std::memory_order_relaxed);
    }
    [[nodiscard]] const RingEvent& at(std::uint64_t place) const {
        return other_.events[place & (kEventRingSize - 1)];
    }
    void done(std::uint64_t end) {
        own_.event_read.store(end, std::memory_order_release); // partner: EventWriter::push
    }

  private:
    const ServerRegion& other_;
    EngineRegion& own_;
};

} // namespace jig::link
