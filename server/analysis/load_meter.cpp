#include "analysis/load_meter.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace jig::analysis {

namespace {

/// Longer than any callback that ends: a record beyond it is damaged.
constexpr std::int64_t kLongestNs = 60'000'000'000;

} // namespace

LoadMeter::LoadMeter(const link::EngineRegion& region, double rate_hz)
    : region_(region), rate_hz_(rate_hz), reader_(region.cycles) {}

void LoadMeter::update() {
    std::array<link::CycleRecord, 64> records;
    for (std::uint32_t i = 0; i < link::kCycleRingSize / records.size(); ++i) {
        std::uint64_t lost = 0;
        const auto count = reader_.read(records, lost);
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
    if (record.lost_frames != 0) {
        ++reading_.xruns;
    }
    // Compared before they are subtracted: these numbers are the engine's, and may be any.
    if (record.frames == 0 || record.frames > link::kMaxFrames || record.begin_ns < 0 ||
        record.end_ns < record.begin_ns || record.end_ns - record.begin_ns > kLongestNs) {
        return;
    }
    const double busy_us = static_cast<double>(record.end_ns - record.begin_ns) * 1e-3;
    const double period_us = record.frames * 1e6 / rate_hz_;
    reading_.busy_us += busy_us;
    reading_.available_us += period_us;
    reading_.load_max = std::max(reading_.load_max, static_cast<float>(busy_us / period_us));
    reading_.callback_us = std::max(reading_.callback_us, static_cast<float>(busy_us));
    reading_.period_us = static_cast<float>(period_us);
    if (busy_us > period_us) {
        ++reading_.overruns;
    }
}

LoadReading LoadMeter::take() {
    reading_.events_dropped = region_.events_dropped.load(std::memory_order_relaxed);
    LoadReading taken = reading_;
    reading_.busy_us = 0;
    reading_.available_us = 0;
    reading_.load_max = 0;
    reading_.callback_us = 0;
    return taken;
}

} // namespace jig::analysis
