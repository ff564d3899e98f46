// jig/analysis/load_meter.hpp: how much of its time the callback uses, from the ring of cycles.
#pragma once

#include "analysis/callback_times.hpp"
#include "analysis/readings.hpp"
#include "analysis/xrun_finder.hpp"
#include "link/rings.hpp"

#include <vector>

namespace jig::analysis {

/// Reads every cycle's record; impossible ones are counted as cycles and not measured. Not
/// thread-safe.
class LoadMeter {
  public:
    LoadMeter(const link::EngineRegion& region, double rate_hz);

    void update();
    /// The reading up to here; begins a new interval.
    void take(Readings& readings);
    /// The percentiles begin anew.
    void reset() { times_.reset(); }
    void set_rate(double rate_hz) { rate_hz_ = rate_hz; }

  private:
    void add(const link::CycleRecord& record);
    void add_time(const link::CycleRecord& record);
    void look_for_xrun(const link::CycleRecord& record);

    const link::EngineRegion& region_;
    double rate_hz_;
    link::RingReader<link::CycleRecord, link::kCycleRingSize> reader_;
    CallbackTimes times_;
    XrunFinder finder_;
    LoadReading reading_;
    std::vector<Xrun> xruns_; ///< since take()
};

} // namespace jig::analysis
