// jig/analysis/meter_bank.hpp: meters for every input and output channel, from the shared streams.
#pragma once

#include "analysis/level_meter.hpp"
#include "link/streams.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace jig::analysis {

/// Reads the streams that the engine writes and believes nothing in them. Every frame is metered or
/// counted as dropped. Not thread-safe.
class MeterBank {
  public:
    /// `streams` lies behind `region` (link::Regions::streams()); both outlive this.
    MeterBank(const link::EngineRegion& region, float* streams, double rate_hz);

    /// Meters all frames that are new.
    void update();

    /// Adds channels, frame and generation to `readings`, and begins a new interval.
    void take(Readings& readings);

    /// The streams have another rate, and so another length, from now on: the ballistics start
    /// again, counts stay. Frames not metered by now count as dropped.
    void set_rate(double rate_hz);

    /// Goes on from the present, as after a restart of the engine; what lies between is no loss.
    void resync();

    /// Forgets holds, maxima and counts of one channel of both directions, or of all.
    void reset(std::optional<std::uint32_t> channel);

  private:
    static constexpr std::uint32_t kSpan = 1024; ///< frames copied at once

    void follow_channels();
    void copy(const link::StreamCursor::Span& span);

    const link::EngineRegion& region_;
    double rate_hz_;
    link::StreamLayout streams_;
    std::optional<link::StreamCursor> cursor_; ///< always there; made anew for another rate
    std::uint64_t seen_end_ = 0;
    std::uint64_t dropped_ = 0;
    std::vector<LevelMeter> inputs_;
    std::vector<LevelMeter> outputs_;
    std::vector<float> scratch_;
};

} // namespace jig::analysis
