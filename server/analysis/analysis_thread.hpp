// jig/analysis/analysis_thread.hpp: the thread that reads the streams and hands out readings.
#pragma once

#include "analysis/analyser.hpp"
#include "base/thread_role.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace jig::analysis {

/// What it tells; both are called on the analysis thread, and may not call back into it.
struct AnalysisEvents {
    std::function<void(const Readings&)> on_readings;            ///< 60 times a second
    std::function<void(const std::string&)> on_recording_failed; ///< one sentence; it has ended
};

/// Looks at the shared region 120 times a second and hands out readings 60 times a second. All
/// functions may be called by any thread; what they ask for happens at the next look.
class AnalysisThread {
  public:
    /// `region` and `streams` as in link::Regions; they outlive this.
    AnalysisThread(const link::EngineRegion& region, float* streams, double rate_hz,
                   AnalysisEvents events);
    AnalysisThread(const AnalysisThread&) = delete;
    AnalysisThread& operator=(const AnalysisThread&) = delete;
    /// Completes a recording.
    ~AnalysisThread();

    /// The device runs at this rate now. A recording at another rate ends.
    void set_rate(double rate_hz);
    void set_taps(TapLayout layout);
    /// Holds, maxima and counts of one channel of both directions, or of all.
    void reset_meters(std::optional<std::uint32_t> channel = std::nullopt);
    /// The percentiles of the callback's time begin anew.
    void reset_load();
    /// The engine was started again: what lies between is no loss.
    void resync();

    /// Opens the files now and begins with the next look. Fails when they cannot be written.
    [[nodiscard]] Result<void> start_recording(RecorderSetup setup);
    /// Writes the rest, completes the files; waits for that. Zeros without a recording.
    [[nodiscard]] Result<RecorderCounts> stop_recording();

  private:
    void run();
    void look() ON_ANALYSIS_THREAD;
    void ask(std::function<void(Analyser&)> request);

    const link::EngineRegion& region_;
    float* streams_;
    AnalysisEvents events_;
    Analyser analyser_;     ///< the thread's own
    bool hand_out_ = false; ///< … too: every second look hands out
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<std::function<void(Analyser&)>> requests_;
    bool stop_ = false;
    std::thread thread_;
};

} // namespace jig::analysis
