// What the session does when the engine, the reloader or the watcher has something to say.
#include "reload/library_files.hpp"
#include "session/describe.hpp"
#include "session/plausible.hpp"
#include "session/session.hpp"

#include <cmath>
#include <cstdio>
#include <cstring>

namespace jig::session {

using namespace std::chrono_literals;

namespace {

/// A build that kills its engine twice within this time is not started again.
constexpr auto kSecondDeath = 5s;

double milliseconds(std::chrono::steady_clock::duration d) {
    return std::chrono::duration<double, std::milli>(d).count();
}

wire::RejectStage stage_of(reload::Failure failure) {
    switch (failure) {
    case reload::Failure::open_failed:
        return wire::RejectStage::open;
    case reload::Failure::no_entry:
    case reload::Failure::abi_mismatch:
        return wire::RejectStage::abi;
    case reload::Failure::create_failed:
        return wire::RejectStage::create;
    case reload::Failure::activate_failed:
        return wire::RejectStage::activate;
    case reload::Failure::file_missing:
    case reload::Failure::copy_failed:
    case reload::Failure::image_incomplete:
        return wire::RejectStage::image;
    default:
        return wire::RejectStage::load;
    }
}

std::string describe(const EngineDeath& death) {
    const std::string build = "build " + std::to_string(death.generation);
    const std::string where = death.in_process ? " in process of " + build : " with " + build;
    if (death.unanswered) {
        return "the engine did not answer for 10 s" + where + "; it was ended at frame " +
               std::to_string(death.frame);
    }
    if (death.hang) {
        return "the audio callback did not return for 400 ms" + where +
               "; the engine was ended at frame " + std::to_string(death.frame);
    }
    if (death.signal != 0) {
        return std::string("the engine died of SIG") + ::sigabbrev_np(death.signal) + where +
               " at frame " + std::to_string(death.frame);
    }
    return "the engine exited with status " + std::to_string(death.status) + where + " at frame " +
           std::to_string(death.frame);
}

} // namespace

Result<std::vector<std::uint32_t>> Session::assign_slots(const plugin::PluginInfo& info) {
    auto remap = params_.assign(info);
    if (!remap) {
        return Error{remap.error()};
    }
    remap_ = std::move(*remap);
    return remap_->slots;
}

void Session::on_install_failed() {
    params_.revert();
    remap_.reset();
}

void Session::on_installed(std::uint32_t generation, const plugin::PluginInfo& info,
                           const link::Installed& installed) {
    params_.commit();
    params_.set_engine_running(true);
    installed_ = installed;
    generation_ = generation;
    plugin_ = describe(info);
    plugin_->generation = generation;
    plugin_->latency_frames = installed.latency_frames;
    plugin_->path = reloader_->file().string();
    plugin_->libraries = libraries_;

    StreamLayouts layouts;
    layouts.in_device = installed.in_device;
    layouts.out_device = installed.out_device;
    for (const auto direction : {wire::Direction::in, wire::Direction::out}) {
        for (const auto& bus : plugin_->buses) {
            for (std::uint32_t c = 0; bus.direction == direction && c < bus.channels; ++c) {
                layouts.meter_channels.push_back(
                    {bus.id + "_" + std::to_string(c + 1), bus.id, direction});
            }
        }
    }
    for (const auto& tap : plugin_->taps) {
        layouts.tap_channels.push_back({tap.name, tap.id, wire::Direction::out});
    }
    subscriptions_.set_layouts(std::move(layouts));
    watch_taps();
}

void Session::on_swapped(const link::Swapped& notice) {
    reloader_->swapped(notice);
}

void Session::on_retired(const link::Retired& notice) {
    reloader_->retired(notice);
    wire::StateChanged changed;
    changed.reload = reload_state();
    notify(changed);
    if (!notice.unmapped) {
        event(wire::Level::warn,
              "build " + std::to_string(notice.generation) +
                  " stays in memory: it left threads running or uses unique symbols (build with "
                  "-fno-gnu-unique); " +
                  std::to_string(reloader_->resident_builds()) + " builds resident",
              wire::PluginRetired{notice.generation, notice.unmapped,
                                  static_cast<std::uint32_t>(reloader_->resident_builds())});
    }
}

void Session::on_device(const link::DeviceState& state) {
    const bool first = device_.kind.empty();
    const bool lost_before = device_.lost;
    device_ = state;
    analysis_->set_rate(state.rate_hz);
    input_.prepare_file(state.rate_hz, [this](const std::optional<std::string>& failed) {
        if (failed) {
            event(wire::Level::error, *failed, wire::Log{wire::LogSource::host, 0});
        }
    });
    if (first) {
        start_recording();
    } else if (state.lost != lost_before) {
        event(state.lost ? wire::Level::error : wire::Level::info,
              state.lost
                  ? "the audio device is gone; the plugin runs on without it until it is back"
                  : "the audio device is back: " + state.name,
              wire::AudioStatus{audio()});
    }
    wire::StateChanged changed;
    changed.audio = audio();
    notify(changed);
}

void Session::on_device_refused() {
    device_refused_ = true;
}

void Session::on_latency(std::uint32_t frames) {
    if (plugin_) {
        plugin_->latency_frames = frames;
        wire::StateChanged changed;
        changed.plugin = plugin_;
        notify(changed);
    }
}

void Session::on_readings(const analysis::Readings& readings) {
    subscriptions_.on_readings(readings);
    xruns_ = countable(readings.load.xruns);
    const double ppm = readings.load.rate_ppm;
    rate_ppm_ = std::isfinite(ppm) ? std::optional(ppm) : std::nullopt;
    xrun_report_.add(readings.xruns);
    for (auto& [text, data] : xrun_report_.take(xruns_, std::chrono::steady_clock::now())) {
        event(wire::Level::warn, std::move(text), data);
    }
    const auto lost = countable(readings.record_lost);
    if (lost > lost_seen_[3]) {
        event(wire::Level::error,
              "the recording missed " + std::to_string(lost - lost_seen_[3]) +
                  " frames; silence stands in their place",
              wire::Lost{wire::LostKind::record, lost - lost_seen_[3]});
        lost_seen_[3] = lost;
    }
}

void Session::on_changes(const reload::Changes& changes) {
    if (reloader_) {
        reloader_->files_changed(changes);
    }
}

void Session::on_report(const reload::ReloadReport& report) {
    watcher_ ? watcher_->set_libraries(reloader_->libraries()) : void();
    if (report.failure == reload::Failure::none) {
        report_success(report);
    } else {
        report_failure(report);
    }
}

void Session::report_success(const reload::ReloadReport& report) {
    silent_ = false;
    set_engine(wire::EngineStatus::running, "");
    const auto& times = report.times;
    wire::PluginReloaded data;
    data.generation = report.generation;
    data.swap_frame = countable(report.swap.begin_frame);
    data.fade_frames = report.swap.fade_frames;
    data.file_to_sound_ms =
        times.installed ? milliseconds(*times.installed - times.file_event) : 0.0;
    data.step_db =
        20.0 * std::log10(std::max(1e-10, static_cast<double>(report.swap.largest_step)));
    if (remap_) {
        data.added = remap_->added;
        data.removed = remap_->removed;
        data.renamed = remap_->renamed;
    }
    if (report.restored && died_at_) {
        const double silent_ms = milliseconds(std::chrono::steady_clock::now() - *died_at_);
        char text[160];
        std::snprintf(text, sizeof text, "sound is back on build %u after %.0f ms",
                      report.generation, silent_ms);
        event(wire::Level::info, text, wire::EngineRestarted{report.generation, silent_ms});
    } else {
        const bool first = report.generation == 1;
        char text[200];
        std::snprintf(text, sizeof text, "build %u of %s is heard, %.1f ms after %s",
                      report.generation, report.file.filename().c_str(), data.file_to_sound_ms,
                      first ? "the start" : "the file was written");
        event(wire::Level::info, text, data);
        last_reload_ = events_.since(events_.last_id() - 1).events.back();
    }
    if (!report.message.empty()) {
        event(wire::Level::warn, report.message, wire::Log{wire::LogSource::host, 0});
    }
    if (plugin_) {
        plugin_->path = report.file.string();
    }
    wire::StateChanged changed;
    changed.plugin = plugin_;
    changed.params = params();
    changed.reload = reload_state();
    notify(changed);
    const auto folder = report.file.parent_path();
    worker_.submit([this, folder] {
        auto found = reload::plugin_libraries(folder);
        loop_.post([this, found = std::move(found)] {
            libraries_.clear();
            for (const auto& file : found ? *found : std::vector<std::filesystem::path>{}) {
                libraries_.push_back(file.filename().string());
            }
            if (plugin_ && plugin_->libraries != libraries_) {
                plugin_->libraries = libraries_;
                wire::StateChanged more;
                more.plugin = plugin_;
                notify(more);
            }
        });
    });
    if (on_started_) {
        announce_start();
    }
}

void Session::report_failure(const reload::ReloadReport& report) {
    const bool died = report.failure == reload::Failure::engine_died;
    if (on_started_) {
        auto told = std::move(on_started_);
        on_started_ = nullptr;
        return told(
            Error{died ? report.file.string() + ": " + engine_state_.reason : report.message});
    }
    const bool plays_on = engine_state_.status == wire::EngineStatus::running && !died;
    event(wire::Level::error, report.message + (plays_on ? "; the last good build plays on" : ""),
          wire::PluginRejected{stage_of(report.failure), report.file.filename().string()});
    last_reload_ = events_.since(events_.last_id() - 1).events.back();
    if (report.restored && !died) {
        silent_ = true;
        set_engine(wire::EngineStatus::silent,
                   report.message + "; nothing plays until the next build");
    }
    wire::StateChanged changed;
    changed.reload = reload_state();
    notify(changed);
}

void Session::on_death(const EngineDeath& death) {
    read_logs(true);
    params_.engine_ended();
    params_.revert();
    analysis_->resync();
    const auto now = std::chrono::steady_clock::now();
    wire::EngineCrashed data;
    data.signal = death.signal;
    data.signal_name = death.signal != 0 ? std::string("SIG") + ::sigabbrev_np(death.signal) : "";
    data.exit_status = death.status;
    data.generation = death.generation;
    data.in_process = death.in_process;
    data.hang = death.hang;
    const std::string what = describe(death);
    event(wire::Level::error, what, data);

    const auto build = build_of(death.generation);
    const bool again = died_at_ && died_build_ == build && now - *died_at_ < kSecondDeath;
    died_at_ = now;
    died_build_ = build;
    const bool starting = on_started_ != nullptr;
    set_engine(wire::EngineStatus::restarting, what);
    reloader_->engine_died();
    if (stopping_ || starting) {
        return;
    }
    silent_ = silent_ || again || !reloader_->last_good();
    if (silent_) {
        set_engine(wire::EngineStatus::silent,
                   what + (again ? ", the second time within seconds" : "") +
                       "; nothing plays until the next build");
    }
    restart_engine(!silent_);
}

/// A restored build has a generation of its own, and is still the build that it was.
std::uint32_t Session::build_of(std::uint32_t generation) const {
    return restored_build_ != 0 && generation == engine_.first_generation() ? restored_build_
                                                                            : generation;
}

void Session::restart_engine(bool restore) {
    restored_build_ = restore ? build_of(reloader_->last_good()->generation) : 0;
    ++engine_state_.restarts;
    if (const auto started = engine_.start(); !started) {
        silent_ = true;
        return set_engine(wire::EngineStatus::silent, started.error());
    }
    reloader_->engine_started(restore);
}

void Session::set_engine(wire::EngineStatus status, std::string reason) {
    if (engine_state_.status == status && engine_state_.reason == reason) {
        return;
    }
    engine_state_.status = status;
    engine_state_.reason = std::move(reason);
    wire::StateChanged changed;
    changed.engine = engine_state_;
    notify(changed);
}

void Session::start_recording() {
    if (options_.record.empty()) {
        return;
    }
    analysis::RecorderSetup setup;
    setup.path = options_.record;
    setup.rate_hz = device_.rate_hz;
    setup.out_channels = device_.out_channels;
    setup.first_frame = 0;
    const auto recording = analysis_->start_recording(std::move(setup));
    if (!recording) {
        warnings_.push_back(recording.error());
        event(wire::Level::error, recording.error(), wire::Log{wire::LogSource::host, 0});
    }
}

} // namespace jig::session
