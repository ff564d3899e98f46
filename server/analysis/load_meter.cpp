#include "analysis/load_meter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace jig::analysis {

namespace {

/// Longer than any callback that ends: a record beyond it is damaged.
constexpr std::int64_t kLongestNs = 60'000'000'000;
/// No clock is that far from its rate.
constexpr double kFarthest = 0.1;

} // namespace

LoadMeter::LoadMeter(const link::EngineRegion& region, double rate_hz)
    : region_(region), rate_hz_(rate_hz), reader_(region.cycles) {}

void LoadMeter::update() {
    std::array<link::CycleRecord, 64> records;
    for (std::uint32_t i = 0; i < link::kCycleRingSize / records.size(); ++i) {
        std::uint64_t lost = 0;
        const auto count = reader_.read(records, lost);
        if (lost > 0) {
            finder_.forget();
        }
        for (std::size_t r = 0; r < count; ++r) {
            add(records[r]);
        }
        reading_.cycles += count + lost;
        if (count == 0) {
            break;
        }
    }
}

void LoadMeter::add(const link::CycleRecord& record) {
    // Compared before they are subtracted: these numbers are the engine's, and may be any.
    if (record.frames == 0 || record.frames > link::kMaxFrames || record.begin_ns < 0 ||
        record.end_ns < record.begin_ns || record.end_ns - record.begin_ns > kLongestNs) {
        return;
    }
    add_time(record);
    look_for_xrun(record);
    reading_.round_trip_frames =
        std::int64_t{record.in_delay_frames} + record.out_delay_frames + record.calibration_frames;
    const double ratio = record.rate_measured_hz / rate_hz_;
    reading_.rate_ppm =
        std::abs(ratio - 1) < kFarthest ? static_cast<float>((ratio - 1) * 1e6) : kNotKnown;
}

void LoadMeter::add_time(const link::CycleRecord& record) {
    const std::int64_t busy_ns = record.end_ns - record.begin_ns;
    const double busy_us = static_cast<double>(busy_ns) * 1e-3;
    const double period_us = record.frames * 1e6 / rate_hz_;
    reading_.busy_us += busy_us;
    reading_.available_us += period_us;
    reading_.load_max = std::max(reading_.load_max, static_cast<float>(busy_us / period_us));
    reading_.callback_us = std::max(reading_.callback_us, static_cast<float>(busy_us));
    reading_.period_us = static_cast<float>(period_us);
    if (busy_us > period_us) {
        ++reading_.overruns;
    }
    if (record.deadline_ns > 0) { // else it has all the time in the world
        times_.add(record.begin_ns, busy_ns, static_cast<std::int64_t>(period_us * 1e3));
    }
    if (record.due_ns > 0 && record.wake_ns > record.due_ns) {
        const auto late_us = static_cast<float>(record.wake_ns - record.due_ns) * 1e-3F;
        reading_.wake_late_us = std::max(reading_.wake_late_us, late_us);
    }
}

void LoadMeter::look_for_xrun(const link::CycleRecord& record) {
    const auto xrun = finder_.next(record, rate_hz_);
    if (!xrun) {
        return;
    }
    ++reading_.xruns;
    ++reading_.xruns_by[static_cast<std::size_t>(xrun->cause)];
    reading_.lost_frames +=
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, xrun->lost_frames));
    if (xruns_.size() < Readings::kMostXruns) {
        xruns_.push_back(*xrun);
    }
}

void LoadMeter::take(Readings& readings) {
    reading_.events_dropped = region_.events_dropped.load(std::memory_order_relaxed);
    reading_.total = times_.total();
    reading_.recent = times_.recent();
    readings.load = reading_;
    readings.xruns = std::exchange(xruns_, {});
    reading_.busy_us = 0;
    reading_.available_us = 0;
    reading_.load_max = 0;
    reading_.callback_us = 0;
    reading_.wake_late_us = 0;
}

} // namespace jig::analysis
