// jig/session/session.hpp: the server process: owns every part, and is the only room that sees them
// all.
#pragma once

#include "analysis/analysis_thread.hpp"
#include "base/worker.hpp"
#include "link/log_ring.hpp"
#include "net/event_loop.hpp"
#include "net/rate_limit.hpp"
#include "net/server.hpp"
#include "reload/reloader.hpp"
#include "reload/watcher.hpp"
#include "session/engine_control.hpp"
#include "session/event_log.hpp"
#include "session/input_control.hpp"
#include "session/options.hpp"
#include "session/param_store.hpp"
#include "session/stdio_tail.hpp"
#include "session/subscriptions.hpp"
#include "session/xrun_report.hpp"
#include "wire/messages.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace jig::session {

/// What is known of a client. Nothing is answered before its hello.
struct Client {
    bool greeted = false;
    net::RateLimit requests;
    std::set<std::string> gestures;
};

/// How the server came up.
struct Started {
    std::string url;        ///< of the page, with the token
    std::string device;     ///< "JACK 1.9.21, 48000 Hz, 128 frames"
    std::string device_why; ///< why it is that one
    std::string plugin;     ///< "Gain (dev.jig.gain)"
    std::vector<std::string> warnings;
};

/// Everything happens on the thread that runs the loop; the worker does what is slow, the analysis
/// thread reads meters. [net]
class Session final : private net::Handler, private EngineEvents {
  public:
    /// Regions, engine, watcher.
    [[nodiscard]] static Result<std::unique_ptr<Session>> create(net::EventLoop& loop,
                                                                 Options options,
                                                                 EngineControl::Device device,
                                                                 std::string device_why);
    ~Session() override;

    /// Opens the sockets.
    [[nodiscard]] Result<void> listen();

    /// Loads the plugin and opens the device; `started` once, with what there is or why nothing
    /// runs.
    void start(std::function<void(Result<Started>)> started);
    /// Hears of every event, as clients do. [net]
    void observe(std::function<void(const wire::Event&)> observer) {
        observer_ = std::move(observer);
    }
    /// Whether it was the audio device that did not let it start.
    [[nodiscard]] bool device_refused() const { return device_refused_; }
    /// Ends everything in order; `done` when nothing is left.
    void stop(std::function<void()> done);

  private:
    friend class Dispatcher;

    Session(net::EventLoop& loop, Options options, EngineControl::Device device,
            std::string device_why, link::Regions regions, StdioTail out, StdioTail err);

    // net::Handler
    void on_open(net::ClientId client) override;
    void on_text(net::ClientId client, std::string_view text) override;
    void on_close(net::ClientId client) override;

    // EngineEvents
    Result<std::vector<std::uint32_t>> assign_slots(const plugin::PluginInfo& info) override;
    void on_install_failed() override;
    void on_installed(std::uint32_t generation, const plugin::PluginInfo& info,
                      const link::Installed& installed) override;
    void on_swapped(const link::Swapped& notice) override;
    void on_retired(const link::Retired& notice) override;
    void on_device(const link::DeviceState& state) override;
    void on_device_refused() override;
    void on_latency(std::uint32_t frames) override;
    void on_death(const EngineDeath& death) override;

    [[nodiscard]] Result<void> prepare_build();
    void on_readings(const analysis::Readings& readings);
    void on_report(const reload::ReloadReport& report);
    void on_changes(const reload::Changes& changes);
    void report_success(const reload::ReloadReport& report);
    void report_failure(const reload::ReloadReport& report);
    void announce_start();
    [[nodiscard]] std::uint32_t build_of(std::uint32_t generation) const;
    void restart_engine(bool restore);
    void set_engine(wire::EngineStatus status, std::string reason);

    void tick();
    void read_logs(bool all);
    void read_stdio(StdioTail& tail, wire::LogSource source, bool all);
    void look_at_guards();
    void look_at_transport();
    void look_at_outputs();
    void start_recording();

    [[nodiscard]] wire::State state();
    [[nodiscard]] wire::Audio audio();
    [[nodiscard]] wire::Monitor monitor() const;
    [[nodiscard]] wire::Transport transport() const;
    [[nodiscard]] wire::Reload reload_state() const;
    [[nodiscard]] std::vector<wire::Param> params() const;
    [[nodiscard]] wire::ParamValue param_value(ParamStore::Index index) const;
    void watch_taps();

    void event(wire::Level level, std::string text, wire::EventData data);
    void notify(const wire::Notification& notification);
    void notify_param(ParamStore::Index index, const wire::Author& by);
    void send(net::ClientId client, const net::Message& message);

    Options options_;
    net::EventLoop& loop_;
    link::Regions regions_;
    std::string device_why_;
    std::string server_id_;

    StdioTail stdout_;
    StdioTail stderr_;
    link::LogReader plugin_log_;
    std::function<void(const wire::Event&)> observer_ = [](const wire::Event&) {};
    EventLog events_;
    ParamStore params_;
    Subscriptions subscriptions_;
    EngineControl engine_;
    std::map<net::ClientId, Client> clients_;

    std::optional<wire::Plugin> plugin_;
    wire::Engine engine_state_;
    link::DeviceState device_;
    link::Installed installed_;
    reload::State reload_state_ = reload::State::watching;
    std::optional<wire::Event> last_reload_;
    std::optional<ParamStore::Remap> remap_;
    std::vector<std::string> libraries_;
    std::uint32_t generation_ = 0;
    std::uint64_t xruns_ = 0;
    std::optional<double> rate_ppm_;
    XrunReport xrun_report_;
    std::uint64_t guards_seen_[3] = {};
    std::uint64_t lost_seen_[4] = {};
    double monitor_trim_db_ = 0;
    wire::Transport transport_seen_;
    bool tripped_seen_ = false;
    std::optional<std::chrono::steady_clock::time_point> died_at_;
    std::uint32_t died_build_ = 0;
    std::uint32_t restored_build_ = 0; ///< what the engine's first generation is; 0: a new one
    bool silent_ = false;
    bool device_refused_ = false;
    bool stopping_ = false;
    std::function<void(Result<Started>)> on_started_;
    std::vector<std::string> warnings_;

    // In the order in which they need each other; the last one goes first.
    std::unique_ptr<reload::Reloader> reloader_;
    Worker worker_;
    InputControl input_;
    std::unique_ptr<reload::Watcher> watcher_;
    std::unique_ptr<BuildControl> build_; ///< null: there is no build command
    std::unique_ptr<net::Server> server_;
    std::unique_ptr<analysis::AnalysisThread> analysis_;
    Loop::HandlePtr ticker_;
};

} // namespace jig::session
