// jig/block.hpp: the frames that process works on, as C++ sees them.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/plugin.h>

#include <cstdint>
#include <span>

namespace jig {

/// A part of the host's block in which nothing changes: every parameter has one target and every
/// event falls on the first frame. Frame indices count from 0. Cheap to pass by value; valid during
/// process.
class Block {
  public:
    Block(const jig_block& raw, std::uint32_t begin, std::uint32_t frames,
          std::span<const jig_event> events)
        : raw_(&raw), begin_(begin), frames_(frames), events_(events) {}

    [[nodiscard]] std::uint32_t frames() const { return frames_; }
    /// Position of frame 0 on the host's time line.
    [[nodiscard]] std::uint64_t position() const { return raw_->frame + begin_; }

    /// Channels of the main output, and of the main input.
    [[nodiscard]] std::uint32_t channels() const { return out_channels(0); }
    [[nodiscard]] std::uint32_t in_channels() const { return in_channels(0); }

    /// One sample of the main input, and of the main output.
    [[nodiscard]] float in(std::uint32_t channel, std::uint32_t frame) const {
        return raw_->in[0].channels[channel][begin_ + frame];
    }
    [[nodiscard]] float& out(std::uint32_t channel, std::uint32_t frame) const {
        return raw_->out[0].channels[channel][begin_ + frame];
    }

    /// One channel of the main input, and of the main output.
    [[nodiscard]] std::span<const float> input(std::uint32_t channel) const {
        return input(0, channel);
    }
    [[nodiscard]] std::span<float> output(std::uint32_t channel) const {
        return output(0, channel);
    }

    /// Any bus by its number in its direction; Input and Output know theirs.
    [[nodiscard]] std::uint32_t in_channels(std::uint32_t bus) const {
        return bus < raw_->in_count ? raw_->in[bus].channel_count : 0;
    }
    [[nodiscard]] std::uint32_t out_channels(std::uint32_t bus) const {
        return bus < raw_->out_count ? raw_->out[bus].channel_count : 0;
    }
    [[nodiscard]] std::span<const float> input(std::uint32_t bus, std::uint32_t channel) const {
        return {raw_->in[bus].channels[channel] + begin_, frames_};
    }
    [[nodiscard]] std::span<float> output(std::uint32_t bus, std::uint32_t channel) const {
        return {raw_->out[bus].channels[channel] + begin_, frames_};
    }

    /// The events at this block's first frame, as they came (their `frame` counts in the host's
    /// block).
    [[nodiscard]] std::span<const jig_event> events() const { return events_; }

    /// Musical time at the first frame of the host's block; nullptr when the host has none.
    [[nodiscard]] const jig_transport* transport() const { return raw_->transport; }

    /// Frames were lost before this block.
    [[nodiscard]] bool discontinuity() const {
        return begin_ == 0 && (raw_->flags & JIG_BLOCK_DISCONTINUITY) != 0;
    }

    /// The host's block, of which this is the part that begins at raw_begin().
    [[nodiscard]] const jig_block& raw() const { return *raw_; }
    [[nodiscard]] std::uint32_t raw_begin() const { return begin_; }

  private:
    const jig_block* raw_;
    std::uint32_t begin_;
    std::uint32_t frames_;
    std::span<const jig_event> events_;
};

} // namespace jig
