#include "analysis/tap_meter.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace jig::analysis {

TapMeter::TapMeter(const link::EngineRegion& region, float* streams, double rate_hz)
    : region_(region), streams_{streams, link::stream_frames(rate_hz)},
      cursor_(std::in_place, region, streams_.frames),
      scratch_(std::size_t{link::kMaxTaps} * kSpan) {}

void TapMeter::set_layout(TapLayout layout) {
    layout.count = std::min(layout.count, link::kMaxTaps);
    if (layout == layout_) {
        return;
    }
    layout_ = layout;
    peaks_ = {};
    resync(); // what the streams hold is from other taps
}

void TapMeter::set_rate(double rate_hz) {
    streams_.frames = link::stream_frames(rate_hz);
    cursor_.emplace(region_, streams_.frames);
}

void TapMeter::update() {
    if (layout_.audio_mask == 0) {
        resync();
        return;
    }
    for (std::uint32_t i = 0; i < 2 * streams_.frames / kSpan; ++i) {
        const auto span = cursor_->next(kSpan);
        if (span.count == 0) {
            break;
        }
        measure(span);
    }
}

void TapMeter::measure(const link::StreamCursor::Span& span) {
    for (std::uint32_t t = 0; t < layout_.count; ++t) {
        if ((layout_.audio_mask >> t & 1) != 0) {
            link::read_stream(streams_.tap(t), streams_.frames, span.frame,
                              scratch_.data() + std::size_t{t} * kSpan, span.count);
        }
    }
    if (!cursor_->finish(span)) {
        return;
    }
    for (std::uint32_t t = 0; t < layout_.count; ++t) {
        if ((layout_.audio_mask >> t & 1) == 0) {
            continue;
        }
        const float* samples = scratch_.data() + std::size_t{t} * kSpan;
        float peak = peaks_[t];
        for (std::uint32_t i = 0; i < span.count; ++i) {
            const float level = std::fabs(samples[i]);
            peak = peak >= level || std::isnan(peak) ? peak : level; // a NaN stays
        }
        peaks_[t] = peak;
    }
}

void TapMeter::take(Readings& readings) {
    readings.tap_layout = layout_;
    readings.taps.assign(layout_.count, 0.0F);
    for (std::uint32_t t = 0; t < layout_.count; ++t) {
        const bool audio = (layout_.audio_mask >> t & 1) != 0;
        readings.taps[t] = audio ? std::exchange(peaks_[t], 0.0F)
                                 : region_.tap_values[t].load(std::memory_order_relaxed);
    }
}

} // namespace jig::analysis
