// jig/analysis/analyser.hpp: all meters and the recorder together, driven by whoever calls update.
#pragma once

#include "analysis/load_meter.hpp"
#include "analysis/meter_bank.hpp"
#include "analysis/recorder.hpp"
#include "analysis/tap_meter.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace jig::analysis {

/// Not thread-safe; AnalysisThread runs it.
class Analyser {
  public:
    Analyser(const link::EngineRegion& region, float* streams, double rate_hz);

    /// Takes in all that is new. The error says why a recording has ended by itself.
    [[nodiscard]] Result<void> update();
    /// The readings of the interval that ends here.
    [[nodiscard]] Readings take();

    /// Nothing, if it is the rate already; otherwise a recording ends here.
    void set_rate(double rate_hz);
    void set_taps(TapLayout layout) { taps_.set_layout(layout); }
    void reset_meters(std::optional<std::uint32_t> channel) { bank_.reset(channel); }
    void reset_load() { load_.reset(); }
    void resync();

    void start_recording(std::unique_ptr<Recorder> recorder) { recorder_ = std::move(recorder); }
    /// The recording, if there is one; the caller closes it.
    [[nodiscard]] std::unique_ptr<Recorder> stop_recording() { return std::move(recorder_); }

  private:
    double rate_hz_;
    MeterBank bank_;
    LoadMeter load_;
    TapMeter taps_;
    std::unique_ptr<Recorder> recorder_;
    std::string ended_; ///< why a recording ended, until update() says it
};

} // namespace jig::analysis
