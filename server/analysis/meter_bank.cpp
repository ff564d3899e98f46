#include "analysis/meter_bank.hpp"

#include <algorithm>
#include <utility>

namespace jig::analysis {

using link::kMaxChannels;

MeterBank::MeterBank(const link::EngineRegion& region, float* streams, double rate_hz)
    : region_(region), rate_hz_(rate_hz), streams_{streams, link::stream_frames(rate_hz)},
      cursor_(std::in_place, region, streams_.frames), seen_end_(cursor_->position()),
      scratch_(std::size_t{2} * kMaxChannels * kSpan) {
    follow_channels();
}

void MeterBank::update() {
    follow_channels();
    // Bounded, even if the engine runs ahead for ever: what is left waits for the next update.
    for (std::uint32_t i = 0; i < 2 * streams_.frames / kSpan; ++i) {
        const auto span = cursor_->next(kSpan);
        dropped_ += span.dropped;
        if (span.count == 0) {
            break;
        }
        copy(span);
        if (!cursor_->finish(span)) {
            dropped_ += span.count;
            continue;
        }
        const float* samples = scratch_.data();
        for (auto* meters : {&inputs_, &outputs_}) {
            for (auto& meter : *meters) {
                meter.process({samples, span.count});
                samples += kSpan;
            }
        }
    }
    seen_end_ = cursor_->position();
}

void MeterBank::copy(const link::StreamCursor::Span& span) {
    float* target = scratch_.data();
    for (std::uint32_t c = 0; c < inputs_.size(); ++c, target += kSpan) {
        link::read_stream(streams_.input(c), streams_.frames, span.frame, target, span.count);
    }
    for (std::uint32_t c = 0; c < outputs_.size(); ++c, target += kSpan) {
        link::read_stream(streams_.output(c), streams_.frames, span.frame, target, span.count);
    }
}

void MeterBank::follow_channels() {
    const auto ins = region_.in_channels.load(std::memory_order_relaxed);
    const auto outs = region_.out_channels.load(std::memory_order_relaxed);
    inputs_.resize(std::min(ins, kMaxChannels), LevelMeter(rate_hz_));
    outputs_.resize(std::min(outs, kMaxChannels), LevelMeter(rate_hz_));
}

void MeterBank::take(Readings& readings) {
    readings.frame = seen_end_;
    readings.generation = region_.generation.load(std::memory_order_relaxed);
    readings.in_channels = static_cast<std::uint32_t>(inputs_.size());
    readings.out_channels = static_cast<std::uint32_t>(outputs_.size());
    readings.channels.clear();
    readings.channels.reserve(inputs_.size() + outputs_.size());
    for (auto* meters : {&inputs_, &outputs_}) {
        for (auto& meter : *meters) {
            readings.channels.push_back(meter.take());
            readings.channels.back().dropped_frames = dropped_;
        }
    }
}

void MeterBank::set_rate(double rate_hz) {
    rate_hz_ = rate_hz;
    streams_.frames = link::stream_frames(rate_hz);
    cursor_.emplace(region_, streams_.frames);
    if (cursor_->position() > seen_end_) {
        dropped_ += cursor_->position() - seen_end_;
    }
    seen_end_ = cursor_->position();
    for (auto* meters : {&inputs_, &outputs_}) {
        for (auto& meter : *meters) {
            meter.set_rate(rate_hz);
        }
    }
}

void MeterBank::resync() {
    cursor_->skip_to_end();
    seen_end_ = cursor_->position();
}

void MeterBank::reset(std::optional<std::uint32_t> channel) {
    for (auto* meters : {&inputs_, &outputs_}) {
        for (std::size_t c = 0; c < meters->size(); ++c) {
            if (!channel || *channel == c) {
                (*meters)[c].reset();
            }
        }
    }
}

} // namespace jig::analysis
