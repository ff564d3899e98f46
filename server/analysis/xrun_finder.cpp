#include "analysis/xrun_finder.hpp"

#include <algorithm>

namespace jig::analysis {

namespace {

constexpr double kNsToMs = 1e-6;
/// A callback that needed so much of its time had no margin that a scheduler could have eaten.
constexpr double kNearlyAll = 0.9;
/// The CPU time is read somewhat later than the time of the wake-up.
constexpr std::int64_t kClockStep = 1'000'000;

} // namespace

const XrunFinder::Past& XrunFinder::past(std::size_t cycles_ago) const {
    return history_[(newest_ + kHistory - cycles_ago) % kHistory];
}

/// Against when it could have woken: when it was due, or when the callback before let it.
std::int64_t XrunFinder::late_wake_ns(const link::CycleRecord& record) const {
    if (record.due_ns <= 0 || record.wake_ns < record.due_ns) {
        return 0;
    }
    const std::int64_t free = count_ > 0 ? past(0).end_ns : 0;
    return std::max<std::int64_t>(0, record.wake_ns - std::max(record.due_ns, free));
}

/// What a cycle cost in CPU time is known when the next one begins.
void XrunFinder::finish_last(const link::CycleRecord& record) {
    if (count_ == 0) {
        return;
    }
    Past& last = history_[newest_];
    if (last.cpu_start_ns <= 0 || record.cpu_ns < last.cpu_start_ns ||
        record.wake_ns < last.wake_ns) {
        return;
    }
    const std::int64_t used_ns = record.cpu_ns - last.cpu_start_ns;
    if (used_ns - kClockStep <= record.wake_ns - last.wake_ns) { // else it is another thread's
        last.cpu_ns = std::min(used_ns, last.busy_ns);
    }
}

void XrunFinder::remember(const link::CycleRecord& record, std::int64_t period_ns) {
    Past now;
    now.wake_ns = std::max<std::int64_t>(0, record.wake_ns);
    now.end_ns = record.end_ns;
    now.late_wake_ns = late_wake_ns(record);
    now.busy_ns = record.end_ns - record.begin_ns;
    now.period_ns = period_ns;
    now.cpu_start_ns = record.cpu_ns;
    now.missed_deadline = record.deadline_ns > 0 && record.end_ns > record.deadline_ns;
    newest_ = (newest_ + 1) % kHistory;
    history_[newest_] = now;
    count_ = std::min(count_ + 1, kHistory);
}

void XrunFinder::find_cause(Xrun& xrun, std::int64_t late_wake_ns, std::int64_t period_ns) const {
    std::size_t ago = 0;
    while (ago < count_ && !past(ago).missed_deadline) {
        ago = ago + 1 < kReportDelay ? ago + 1 : count_;
    }
    std::int64_t needed_ns = 0;
    std::int64_t there_was_ns = 0;
    std::int64_t longest_ns = -1;
    for (; ago < count_ && past(ago).missed_deadline; ++ago) {
        const Past& late = past(ago);
        needed_ns += late.cpu_ns >= 0 ? late.cpu_ns : late.busy_ns;
        there_was_ns += late.period_ns;
        if (late.busy_ns > longest_ns) { // the one to speak of
            longest_ns = late.busy_ns;
            xrun.busy_ms = static_cast<double>(late.busy_ns) * kNsToMs;
            xrun.cpu_ms = late.cpu_ns < 0 ? -1 : static_cast<double>(late.cpu_ns) * kNsToMs;
            xrun.late_ms = static_cast<double>(late.late_wake_ns) * kNsToMs;
        }
    }
    if (there_was_ns > 0) {
        const bool no_margin =
            static_cast<double>(needed_ns) >= kNearlyAll * static_cast<double>(there_was_ns);
        xrun.cause = no_margin ? XrunCause::plugin : XrunCause::scheduler;
        return;
    }
    if (count_ > 0) {
        xrun.busy_ms = static_cast<double>(past(0).busy_ns) * kNsToMs;
        xrun.cpu_ms = past(0).cpu_ns < 0 ? -1 : static_cast<double>(past(0).cpu_ns) * kNsToMs;
    }
    xrun.late_ms = static_cast<double>(late_wake_ns) * kNsToMs;
    xrun.cause = late_wake_ns > period_ns / 2 ? XrunCause::scheduler : XrunCause::driver;
}

std::optional<Xrun> XrunFinder::next(const link::CycleRecord& record, double rate_hz) {
    const auto period_ns = static_cast<std::int64_t>(record.frames * 1e9 / rate_hz);
    finish_last(record);
    std::optional<Xrun> found;
    if (record.lost_frames != 0 || record.xruns_in != 0 || record.xruns_out != 0) {
        found.emplace();
        found->frame = record.frame;
        found->lost_frames = record.lost_frames > 0 ? record.lost_frames : -1;
        found->lost_ms = record.lost_frames > 0 ? record.lost_frames * 1e3 / rate_hz : 0;
        find_cause(*found, late_wake_ns(record), period_ns);
        forget(); // one loss explains no other
    }
    remember(record, period_ns);
    return found;
}

} // namespace jig::analysis
