// jig/analysis/tap_meter.hpp: what a plugin's taps read: newest values, and peaks of audio taps.
#pragma once

#include "analysis/readings.hpp"
#include "link/streams.hpp"

#include <array>
#include <optional>
#include <vector>

namespace jig::analysis {

/// Not thread-safe.
class TapMeter {
  public:
    TapMeter(const link::EngineRegion& region, float* streams, double rate_hz);

    /// Which taps there are from now on.
    void set_layout(TapLayout layout);
    void set_rate(double rate_hz);
    void resync() { cursor_->skip_to_end(); }

    /// Takes in what the audio taps wrote.
    void update();
    /// Adds the taps to `readings`, and begins a new interval.
    void take(Readings& readings);

  private:
    static constexpr std::uint32_t kSpan = 1024;

    void measure(const link::StreamCursor::Span& span);

    const link::EngineRegion& region_;
    link::StreamLayout streams_;
    std::optional<link::StreamCursor> cursor_; ///< always there; made anew for another rate
    TapLayout layout_;
    std::array<float, link::kMaxTaps> peaks_{};
    std::vector<float> scratch_;
};

} // namespace jig::analysis
