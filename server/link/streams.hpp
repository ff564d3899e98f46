// jig/link/streams.hpp: inputs, outputs and taps on their way from the audio thread to analysis.
#pragma once

#include "link/regions.hpp"
#include <algorithm>
#include <cstring>

namespace jig::link {

/// Where the streams of a session lie: the base address and how many frames each one holds.
struct StreamLayout {
    float* base = nullptr;
    std::uint32_t frames = 0; ///< stream_frames(rate)

    [[nodiscard]] float* input(std::uint32_t channel) const { return at(channel); }
    [[nodiscard]] float* output(std::uint32_t channel) const { return at(kMaxChannels + channel); }
    [[nodiscard]] float* tap(std::uint32_t index) const { return at(2 * kMaxChannels + index); }

  private:
    [[nodiscard]] float* at(std::uint32_t stream) const {
        return base + std::size_t{stream} * frames;
    }
};

/// Samples cross in bulk: the reader keeps two seconds' distance and asks afterwards whether it was
/// overtaken, so a torn one is never shown. Sanitizers see each word cross by itself.
inline void copy_samples(float* to, const float* from, std::uint32_t count) {
#if defined(__SANITIZE_THREAD__)
    for (std::uint32_t i = 0; i < count; ++i) {
        float sample = 0;
        __atomic_load(from + i, &sample, __ATOMIC_ACQUIRE);
        __atomic_store(to + i, &sample, __ATOMIC_RELEASE);
    }
#else
    std::memcpy(to, from, count * sizeof(float));
#endif
}

/// Copies `count` frames into a stream at position `frame`. Wait-free. [audio]
inline void write_stream(float* stream, std::uint32_t length, std::uint64_t frame,
                         const float* source, std::uint32_t count) {
    const auto at = static_cast<std::uint32_t>(frame & (length - 1));
    const auto first = std::min(count, length - at);
    copy_samples(stream + at, source, first);
    if (first < count) {
        copy_samples(stream, source + first, count - first);
    }
}

/// Copies `count` frames out of a stream.
inline void read_stream(const float* stream, std::uint32_t length, std::uint64_t frame,
                        float* target, std::uint32_t count) {
    const auto at = static_cast<std::uint32_t>(frame & (length - 1));
    const auto first = std::min(count, length - at);
    copy_samples(target, stream + at, first);
    if (first < count) {
        copy_samples(target + first, stream, count - first);
    }
}

/// A reader's place on the time line. It asks which frames are new, copies them with read_stream,
/// and asks whether they were still there.
class StreamCursor {
  public:
    /// Begins at the present.
    StreamCursor(const EngineRegion& region, std::uint32_t stream_frames)
        : StreamCursor(region, stream_frames, region.frame.load(std::memory_order_acquire)) {}
    /// Begins at `first`, or at the oldest frame that can still be read.
    StreamCursor(const EngineRegion& region, std::uint32_t stream_frames, std::uint64_t first)
        : region_(region), length_(stream_frames), next_(first) {
        const auto end = region.frame.load(std::memory_order_acquire);
        next_ = std::clamp(first, end - std::min<std::uint64_t>(end, readable()), end);
    }

    /// The next frame that it has not handed out.
    [[nodiscard]] std::uint64_t position() const { return next_; }

    struct Span {
        std::uint64_t frame = 0;
        std::uint32_t count = 0;
        std::uint64_t dropped = 0; ///< frames before it that were overwritten unread
    };

    /// The oldest new frames, at most `max`.
    [[nodiscard]] Span next(std::uint32_t max) {
        const auto end = region_.frame.load(std::memory_order_acquire); // partner: rt's release
        Span span;
        if (end < next_) {
            next_ = end; // an engine that lies
        } else if (end - next_ > readable()) {
            span.dropped = end - next_ - readable();
            next_ = end - readable();
        }
        span.frame = next_;
        span.count = static_cast<std::uint32_t>(std::min<std::uint64_t>(end - next_, max));
        return span;
    }

    /// After copying: whether none of `span` was overwritten meanwhile. Moves on in either case.
    [[nodiscard]] bool finish(const Span& span) {
        const auto end = region_.frame.load(std::memory_order_acquire);
        next_ = span.frame + span.count;
        return end >= span.frame && end - span.frame <= length_ - kMaxFrames;
    }

    /// Goes on from the present, as after a restart of the engine.
    void skip_to_end() { next_ = region_.frame.load(std::memory_order_acquire); }

  private:
    /// The writer may be at work on up to kMaxFrames beyond the end.
    [[nodiscard]] std::uint64_t readable() const { return length_ - 2 * kMaxFrames; }

    const EngineRegion& region_;
    std::uint32_t length_;
    std::uint64_t next_;
};

} // namespace jig::link
