#include "session/xrun_report.hpp"

#include "session/plausible.hpp"

#include <algorithm>
#include <cstdio>

namespace jig::session {

namespace {

constexpr auto kPause = std::chrono::milliseconds(250);

std::string ms(double value) {
    char text[32];
    std::snprintf(text, sizeof text, value < 10 ? "%.2f ms" : "%.0f ms", value);
    return text;
}

std::string size_of(const wire::AudioXrun& xrun) {
    const std::string number = xrun.number == 1 ? "xrun" : std::to_string(xrun.number) + " xruns";
    if (!xrun.frames) {
        return number + ": some frames lost";
    }
    return number + ": " + std::to_string(*xrun.frames) + " frames (" + ms(xrun.ms) + ") lost";
}

std::string cause_of(const wire::AudioXrun& xrun) {
    const std::string cpu = xrun.cpu_ms ? ms(*xrun.cpu_ms) : "";
    if (xrun.cause == wire::XrunCause::plugin) {
        return "the plugin took " + ms(xrun.busy_ms) +
               (cpu.empty() ? "" : ", " + cpu + " of them on the CPU");
    }
    if (xrun.cause == wire::XrunCause::driver) {
        return "the callback was in time, the device or another of its clients was not";
    }
    if (xrun.late_ms > xrun.busy_ms) {
        return "the audio thread was woken " + ms(xrun.late_ms) + " late";
    }
    return "the callback took " + ms(xrun.busy_ms) + " and had the CPU for " + cpu +
           ": it was preempted, or waited for a lock, a file or memory";
}

} // namespace

std::string describe(const wire::AudioXrun& xrun) {
    return size_of(xrun) + "; " + cause_of(xrun);
}

void XrunReport::add(const std::vector<analysis::Xrun>& xruns) {
    for (const auto& xrun : xruns) {
        auto& gathered = gathered_[static_cast<std::size_t>(xrun.cause)];
        if (gathered.number++ == 0) {
            gathered.frame = xrun.frame;
        }
        if (gathered.number == 1 || xrun.lost_ms > gathered.worst.lost_ms) {
            gathered.worst = xrun;
        }
        gathered.lost_frames += std::max<std::int64_t>(0, xrun.lost_frames);
        gathered.lost_ms += xrun.lost_ms;
    }
}

std::vector<XrunReport::Entry> XrunReport::take(std::uint64_t count, Clock::time_point now) {
    std::vector<Entry> entries;
    if (last_ && now - *last_ < kPause) {
        return entries;
    }
    for (auto& gathered : gathered_) {
        if (gathered.number == 0) {
            continue;
        }
        wire::AudioXrun data;
        data.count = countable(count);
        data.number = gathered.number;
        data.frame = countable(gathered.frame);
        if (gathered.lost_frames > 0) {
            data.frames = countable(static_cast<std::uint64_t>(gathered.lost_frames));
        }
        data.ms = gathered.lost_ms;
        data.cause = static_cast<wire::XrunCause>(gathered.worst.cause);
        data.late_ms = gathered.worst.late_ms;
        data.busy_ms = gathered.worst.busy_ms;
        if (gathered.worst.cpu_ms >= 0) {
            data.cpu_ms = gathered.worst.cpu_ms;
        }
        entries.push_back({describe(data), data});
        gathered = {};
        last_ = now;
    }
    return entries;
}

} // namespace jig::session
