// jig/analysis/load_meter.hpp: how much of its time the callback uses, from the ring of cycles.
#pragma once

#include "analysis/readings.hpp"
#include "link/rings.hpp"

namespace jig::analysis {

/// Reads every cycle's record; impossible ones are counted as cycles and not measured. Not
/// thread-safe.
class LoadMeter {
  public:
    LoadMeter(const link::EngineRegion& region, double rate_hz);

    void update();
    /// The reading up to here; begins a new interval.
    [[nodiscard]] LoadReading take();
    void set_rate(double rate_hz) { rate_hz_ = rate_hz; }

  private:
    void add(const link::CycleRecord& record);

    const link::EngineRegion& region_;
    double rate_hz_;
    link::RingReader<link::CycleRecord, link::kCycleRingSize> reader_;
    LoadReading reading_;
};

} // namespace jig::analysis
