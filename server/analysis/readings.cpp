#include "analysis/readings.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace jig::analysis {

std::array<float, 8> ChannelReading::values() const {
    return {peak,
            rms,
            hold,
            max,
            static_cast<float>(clip_count),
            static_cast<float>(nan_count),
            static_cast<float>(dropped_frames),
            dc};
}

std::array<float, 8> LoadReading::values() const {
    return {available_us > 0 ? static_cast<float>(busy_us / available_us) : 0.0F,
            load_max,
            callback_us,
            period_us,
            static_cast<float>(xruns),
            static_cast<float>(cycles),
            static_cast<float>(overruns),
            static_cast<float>(events_dropped)};
}

namespace {

bool same_layout(const Readings& a, const Readings& b) {
    return a.in_channels == b.in_channels && a.out_channels == b.out_channels &&
           a.channels.size() == b.channels.size() && a.tap_layout == b.tap_layout &&
           a.taps.size() == b.taps.size();
}

/// A NaN stays: it is what the author has to see.
float larger(float a, float b) {
    return std::isnan(a) || a > b ? a : b;
}

} // namespace

void merge(Readings& into, const Readings& newer) {
    const Readings older = std::exchange(into, newer);
    into.merged = older.merged + newer.merged + 1;
    if (!same_layout(older, newer)) {
        return;
    }
    for (std::size_t c = 0; c < into.channels.size(); ++c) {
        into.channels[c].peak = std::max(older.channels[c].peak, newer.channels[c].peak);
    }
    for (std::size_t t = 0; t < into.taps.size(); ++t) {
        if ((into.tap_layout.audio_mask >> t & 1) != 0) {
            into.taps[t] = larger(older.taps[t], newer.taps[t]);
        }
    }
    into.load.busy_us += older.load.busy_us;
    into.load.available_us += older.load.available_us;
    into.load.load_max = std::max(into.load.load_max, older.load.load_max);
    into.load.callback_us = std::max(into.load.callback_us, older.load.callback_us);
}

} // namespace jig::analysis
