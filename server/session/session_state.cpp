// What the session looks at regularly, and what it says of itself.
#include "session/describe.hpp"
#include "session/plausible.hpp"
#include "session/session.hpp"

#include <algorithm>

namespace jig::session {

namespace {

wire::Level level_of(jig_log_level level) {
    return level >= JIG_LOG_ERROR  ? wire::Level::error
           : level == JIG_LOG_WARN ? wire::Level::warn
                                   : wire::Level::info;
}

} // namespace

void Session::tick() {
    engine_.look_for_hang();
    static_cast<void>(engine_.frame());
    read_logs(false);
    look_at_guards();
    look_at_transport();
    look_at_outputs();
}

void Session::read_logs(bool all) {
    read_stdio(stdout_, wire::LogSource::out, all);
    read_stdio(stderr_, wire::LogSource::err, all);
    link::LogLine line;
    std::uint64_t lost = 0;
    for (std::size_t i = 0; i < StdioTail::kLinesAtOnce && plugin_log_.read(line, lost); ++i) {
        event(level_of(line.level), line.text, wire::Log{wire::LogSource::plugin, countable(lost)});
        lost = 0;
    }
    if (lost > 0) {
        lost = countable(lost);
        event(wire::Level::warn,
              "the plugin logs faster than its lines can be read: " + std::to_string(lost) +
                  " lines were lost",
              wire::Lost{wire::LostKind::log, lost});
    }
}

void Session::read_stdio(StdioTail& tail, wire::LogSource source, bool all) {
    const auto lines = tail.read(all);
    const auto level = source == wire::LogSource::err ? wire::Level::warn : wire::Level::info;
    if (lines.dropped_bytes > 0) {
        event(wire::Level::warn,
              "the plugin printed more than can be shown: " + std::to_string(lines.dropped_bytes) +
                  " bytes were passed over",
              wire::Lost{wire::LostKind::log, lines.dropped_bytes});
    }
    for (const auto& line : lines.lines) {
        event(level, line, wire::Log{source, 0});
    }
}

void Session::look_at_guards() {
    const auto& region = regions_.engine();
    const auto relaxed = std::memory_order_relaxed;
    const std::uint64_t now[3] = {countable(region.nan_samples.load(relaxed)),
                                  countable(region.trips.load(relaxed)),
                                  countable(region.unwritten_samples.load(relaxed))};
    const std::uint64_t frames[3] = {countable(region.nan_first_frame.load(relaxed)),
                                     countable(region.trip_frame.load(relaxed)), engine_.frame()};
    constexpr wire::GuardKind kKinds[3] = {wire::GuardKind::nan, wire::GuardKind::trip,
                                           wire::GuardKind::unwritten};
    const char* texts[3] = {
        "samples that are NaN or infinite were replaced by silence",
        "the output stayed above +6 dBFS and is muted; rearm it when it is safe",
        "samples that the plugin did not write were replaced by silence"};
    for (int i = 0; i < 3; ++i) {
        if (now[i] > guards_seen_[i]) {
            const auto more = now[i] - guards_seen_[i];
            const std::string text =
                i == 1 ? texts[i] : std::to_string(more) + " " + std::string(texts[i]);
            event(wire::Level::error, text, wire::AudioGuard{kKinds[i], more, frames[i]});
        }
        guards_seen_[i] = now[i];
    }
    const std::uint64_t dropped = countable(region.events_dropped.load(relaxed));
    if (dropped > lost_seen_[2]) {
        event(wire::Level::warn,
              std::to_string(dropped - lost_seen_[2]) + " events did not fit and were dropped",
              wire::Lost{wire::LostKind::events, dropped - lost_seen_[2]});
    }
    lost_seen_[2] = dropped;
    if (const bool tripped = region.tripped.load(relaxed) != 0; tripped != tripped_seen_) {
        tripped_seen_ = tripped;
        wire::StateChanged changed;
        changed.monitor = monitor();
        notify(changed);
    }
}

void Session::look_at_transport() {
    const auto now = transport();
    if (now.playing != transport_seen_.playing || now.bpm != transport_seen_.bpm ||
        now.source != transport_seen_.source) {
        transport_seen_ = now;
        wire::StateChanged changed;
        changed.transport = now;
        notify(changed);
    }
}

void Session::look_at_outputs() {
    for (const auto index : params_.poll_outputs()) {
        notify_param(index, std::string("plugin"));
    }
}

wire::State Session::state() {
    wire::State state;
    state.engine = engine_state_;
    state.plugin = plugin_;
    state.params = params();
    state.audio = audio();
    state.monitor = monitor();
    state.input = input_.state();
    state.transport = transport();
    state.reload = reload_state();
    state.build = build_ ? build_->state() : wire::Build{};
    state.last_event_id = events_.last_id();
    return state;
}

namespace {

wire::Device kind_of(const link::DeviceState& device) {
    if (device.kind == "jack") {
        return wire::Device::jack;
    }
    return device.kind == "alsa" ? wire::Device::alsa : wire::Device::virtual_device;
}

} // namespace

wire::Audio Session::audio() {
    wire::Audio audio;
    audio.device = kind_of(device_);
    audio.name = device_.name;
    audio.why = device_why_;
    audio.rate_hz = device_.rate_hz;
    audio.period_frames = device_.period_frames;
    audio.in_channels = device_.in_channels;
    audio.out_channels = device_.out_channels;
    audio.latency_frames = device_.round_trip_frames + (plugin_ ? plugin_->latency_frames : 0);
    audio.realtime = device_.realtime;
    audio.realtime_note = device_.realtime_note;
    audio.state = device_.lost ? wire::AudioState::lost : wire::AudioState::running;
    audio.xruns = xruns_;
    audio.frame = engine_.frame();
    audio.id = device_.id;
    audio.detail = device_.detail;
    audio.has_input = device_.has_input;
    audio.has_output = device_.has_output;
    audio.round_trip = {device_.round_trip_frames,
                        device_.round_trip_frames * 1e3 / std::max(1.0, device_.rate_hz),
                        device_.round_trip_exact || device_.calibrated,
                        device_.calibrated,
                        device_.calibration_frames,
                        device_.resampler_frames};
    audio.rate_ppm = rate_ppm_;
    return audio;
}

wire::Monitor Session::monitor() const {
    const auto relaxed = std::memory_order_relaxed;
    const auto& server = regions_.server();
    wire::Monitor monitor;
    monitor.mute = server.mute.load(relaxed) != 0;
    monitor.bypass = server.bypass.load(relaxed) != 0;
    monitor.trim_db = monitor_trim_db_;
    monitor.tripped = regions_.engine().tripped.load(relaxed) != 0;
    return monitor;
}

wire::Transport Session::transport() const {
    const auto relaxed = std::memory_order_relaxed;
    const auto& region = regions_.engine();
    const auto& server = regions_.server();
    const bool external = region.transport_external.load(relaxed) != 0;
    wire::Transport transport;
    transport.source = external ? wire::TransportSource::jack : wire::TransportSource::internal;
    transport.bpm =
        external ? finite(region.transport_bpm.load(relaxed)) : server.bpm.load(relaxed);
    transport.playing =
        external ? region.transport_playing.load(relaxed) != 0 : server.playing.load(relaxed) != 0;
    transport.beat = finite(region.transport_beat.load(relaxed));
    return transport;
}

wire::Reload Session::reload_state() const {
    wire::Reload reload;
    reload.state = static_cast<wire::ReloadState>(reload_state_);
    reload.watching = options_.plugin.string();
    reload.resident_builds =
        reloader_ ? static_cast<std::uint32_t>(reloader_->resident_builds()) : 0;
    reload.last = last_reload_;
    return reload;
}

std::vector<wire::Param> Session::params() const {
    std::vector<wire::Param> list;
    for (ParamStore::Index i = 0; i < params_.info().params.size(); ++i) {
        list.push_back(describe(params_.info().params[i]));
        list.back().value = param_value(i);
        const auto& own = installed_.own_text;
        list.back().own_text =
            std::find(own.begin(), own.end(), static_cast<std::uint32_t>(i)) != own.end();
    }
    return list;
}

wire::ParamValue Session::param_value(ParamStore::Index index) const {
    const auto value = params_.get(index);
    return {params_.info().params[index].id, value.value, value.rev, value.touched};
}

} // namespace jig::session
