#include "analysis/analysis_thread.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <pthread.h>
#include <utility>

namespace jig::analysis {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::nanoseconds kLookPeriod{1'000'000'000 / 120};

} // namespace

AnalysisThread::AnalysisThread(const link::EngineRegion& region, float* streams, double rate_hz,
                               AnalysisEvents events)
    : region_(region), streams_(streams), events_(std::move(events)),
      analyser_(region, streams, rate_hz), thread_([this] { run(); }) {}

AnalysisThread::~AnalysisThread() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void AnalysisThread::run() {
    kAnalysisThread.assume();
    ::pthread_setname_np(::pthread_self(), "jig-analysis");
    for (auto due = Clock::now();;) {
        std::vector<std::function<void(Analyser&)>> requests;
        bool stop = false;
        {
            std::unique_lock lock(mutex_);
            wake_.wait_until(lock, due, [this] { return stop_ || !requests_.empty(); });
            requests.swap(requests_);
            stop = stop_;
        }
        for (const auto& request : requests) {
            request(analyser_);
        }
        if (stop) {
            return;
        }
        if (const auto now = Clock::now(); now >= due) {
            look();
            due = std::max(due + kLookPeriod, now); // after a stall it does not hurry
        }
    }
}

void AnalysisThread::look() {
    if (const auto updated = analyser_.update(); !updated && events_.on_recording_failed) {
        events_.on_recording_failed(updated.error());
    }
    hand_out_ = !hand_out_;
    if (hand_out_ && events_.on_readings) {
        events_.on_readings(analyser_.take());
    }
}

void AnalysisThread::ask(std::function<void(Analyser&)> request) {
    {
        const std::lock_guard lock(mutex_);
        requests_.push_back(std::move(request));
    }
    wake_.notify_one();
}

void AnalysisThread::set_rate(double rate_hz) {
    ask([rate_hz](Analyser& analyser) { analyser.set_rate(rate_hz); });
}

void AnalysisThread::set_taps(TapLayout layout) {
    ask([layout](Analyser& analyser) { analyser.set_taps(layout); });
}

void AnalysisThread::reset_meters(std::optional<std::uint32_t> channel) {
    ask([channel](Analyser& analyser) { analyser.reset_meters(channel); });
}

void AnalysisThread::reset_load() {
    ask([](Analyser& analyser) { analyser.reset_load(); });
}

void AnalysisThread::resync() {
    ask([](Analyser& analyser) { analyser.resync(); });
}

Result<void> AnalysisThread::start_recording(RecorderSetup setup) {
    auto opened = Recorder::open(std::move(setup), region_, streams_);
    if (!opened) {
        return Error{opened.error()};
    }
    // std::function wants what can be copied.
    auto recorder = std::make_shared<std::unique_ptr<Recorder>>(std::move(*opened));
    ask([recorder](Analyser& analyser) { analyser.start_recording(std::move(*recorder)); });
    return {};
}

Result<RecorderCounts> AnalysisThread::stop_recording() {
    std::promise<std::unique_ptr<Recorder>> handed_over;
    ask([&](Analyser& analyser) { handed_over.set_value(analyser.stop_recording()); });
    const auto recorder = handed_over.get_future().get();
    if (recorder == nullptr) {
        return RecorderCounts{};
    }
    if (const auto closed = recorder->close(); !closed) {
        return Error{closed.error()};
    }
    return recorder->counts();
}

} // namespace jig::analysis
