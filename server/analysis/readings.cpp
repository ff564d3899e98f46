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

std::array<float, 31> LoadReading::values() const {
    const auto number = [](auto count) { return static_cast<float>(count); };
    return {available_us > 0 ? static_cast<float>(busy_us / available_us) : 0.0F,
            load_max,
            callback_us,
            period_us,
            number(xruns),
            number(cycles),
            number(overruns),
            number(events_dropped),
            total.us.p50,
            total.us.p99,
            total.us.p999,
            total.us.max,
            total.share.p50,
            total.share.p99,
            total.share.p999,
            total.share.max,
            recent.us.p50,
            recent.us.p99,
            recent.us.p999,
            recent.us.max,
            recent.share.p50,
            recent.share.p99,
            recent.share.p999,
            recent.share.max,
            wake_late_us,
            number(xruns_by[0]),
            number(xruns_by[1]),
            number(xruns_by[2]),
            number(lost_frames),
            number(round_trip_frames),
            rate_ppm};
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
    into.xruns.insert(into.xruns.begin(), older.xruns.begin(), older.xruns.end());
    const auto many = into.xruns.size() - std::min(into.xruns.size(), Readings::kMostXruns);
    into.xruns.erase(into.xruns.begin(), into.xruns.begin() + static_cast<std::ptrdiff_t>(many));
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
    into.load.wake_late_us = std::max(into.load.wake_late_us, older.load.wake_late_us);
}

} // namespace jig::analysis
