#include "session/session.hpp"

#include "reload/library_files.hpp"
#include "session/describe.hpp"
#include "session/dispatcher.hpp"
#include "session/plausible.hpp"
#include "wire/codec.hpp"

#include <cmath>
#include <cstdio>

namespace jig::session {

using namespace std::chrono_literals;

namespace {

constexpr auto kTick = 50ms;
constexpr double kRequestsPerSecond = 500;
constexpr double kRequestBurst = 1000;

std::string new_server_id() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    char text[32];
    std::snprintf(text, sizeof text, "%llx-%x", static_cast<unsigned long long>(now),
                  static_cast<unsigned>(::getpid()));
    return text;
}

std::filesystem::path folder_of(const std::filesystem::path& target) {
    return std::filesystem::is_directory(target) ? target : target.parent_path();
}

} // namespace

Result<std::unique_ptr<Session>> Session::create(net::EventLoop& loop, Options options,
                                                 EngineControl::Device device,
                                                 std::string device_why) {
    if (std::filesystem::is_directory(options.plugin)) {
        if (auto newest = reload::newest_library(options.plugin)) {
            options.plugin = newest->parent_path(); // the one folder to watch
        }
    }
    auto regions = link::Regions::create();
    if (!regions) {
        return Error{regions.error()};
    }
    auto out = StdioTail::create("jig-stdout");
    auto err = StdioTail::create("jig-stderr");
    if (!out || !err) {
        return Error{out ? err.error() : out.error()};
    }
    std::unique_ptr<Session> session(new Session(loop, std::move(options), std::move(device),
                                                 std::move(device_why), std::move(*regions),
                                                 std::move(*out), std::move(*err)));
    auto& s = *session;
    reload::Copier::remove_leftovers(folder_of(s.options_.plugin));
    auto watcher = reload::Watcher::create(
        loop, s.options_.plugin, [&s](const reload::Changes& changes) { s.on_changes(changes); });
    if (!watcher) {
        return Error{watcher.error()};
    }
    s.watcher_ = std::move(*watcher);
    if (!s.watcher_->note().empty()) {
        s.warnings_.push_back(s.watcher_->note());
    }
    if (const auto prepared = s.prepare_build(); !prepared) {
        return Error{prepared.error()};
    }
    return session;
}

Result<void> Session::prepare_build() {
    if (options_.build.command.empty()) {
        return {};
    }
    BuildControl::Events events;
    events.changed = [this](const wire::Build& build) {
        wire::StateChanged changed;
        changed.build = build;
        notify(changed);
    };
    events.output = [this](const wire::BuildOutput& output) { notify(output); };
    events.ended = [this](const wire::BuildEnded& ended, std::string text) {
        event(ended.succeeded ? wire::Level::info : wire::Level::error, std::move(text), ended);
    };
    auto control = BuildControl::create(loop_, options_.build, std::move(events));
    if (!control) {
        return Error{control.error()};
    }
    build_ = std::move(*control);
    return {};
}

Result<void> Session::listen() {
    net::ServerOptions sockets;
    sockets.port = options_.port;
    sockets.listen = options_.listen;
    sockets.allow_hosts = options_.allow_hosts;
    sockets.token = options_.token;
    sockets.ui_dir = options_.ui_dir;
    sockets.assets = options_.assets;
    auto server = net::Server::open(loop_, std::move(sockets), *this);
    if (!server) {
        return Error{server.error()};
    }
    server_ = std::move(*server);
    return {};
}

Session::Session(net::EventLoop& loop, Options options, EngineControl::Device device,
                 std::string device_why, link::Regions regions, StdioTail out, StdioTail err)
    : options_(std::move(options)), loop_(loop), regions_(std::move(regions)),
      device_why_(std::move(device_why)), server_id_(new_server_id()), stdout_(std::move(out)),
      stderr_(std::move(err)), plugin_log_(regions_.engine().log),
      events_([this](const wire::Event& event) {
          notify(event);
          observer_(event);
      }),
      params_(regions_), subscriptions_([this](net::ClientId client, const net::Message& message) {
          send(client, message);
      }),
      engine_(loop, options_, regions_, *this),
      input_(loop, worker_, regions_, engine_, options_.input) {
    engine_.set_device(std::move(device));
    engine_.set_output(stdout_.fd(), stderr_.fd());
    auto& region = regions_.server();
    region.bpm.store(options_.bpm, std::memory_order_relaxed);

    const auto on_state = [this](reload::State state) {
        reload_state_ = state;
        wire::StateChanged changed;
        changed.reload = this->reload_state();
        notify(changed);
    };
    const auto on_report = [this](const reload::ReloadReport& report) { this->on_report(report); };
    reloader_ = std::make_unique<reload::Reloader>(
        reload::ReloaderSetup{loop, worker_, engine_, on_state, on_report});

    analysis::AnalysisEvents readings;
    readings.on_readings = [this](const analysis::Readings& r) {
        loop_.post([this, r] { on_readings(r); });
    };
    readings.on_recording_failed = [this](const std::string& why) {
        loop_.post([this, why] {
            event(wire::Level::error, why, wire::Log{wire::LogSource::host, 0});
        });
    };
    analysis_ = std::make_unique<analysis::AnalysisThread>(regions_.engine(), regions_.streams(),
                                                           options_.rate_hz, std::move(readings));
}

Session::~Session() = default;

void Session::start(std::function<void(Result<Started>)> started) {
    on_started_ = std::move(started);
    auto file = options_.plugin;
    if (build_) {
        build_->run();
        if (!std::filesystem::exists(file)) { // the watcher tells when it has been built
            ticker_ = loop_.every(kTick, [this] { tick(); });
            return announce_start();
        }
    }
    if (std::filesystem::is_directory(file)) {
        auto newest = reload::newest_library(file);
        if (!newest) {
            return on_started_(Error{newest.error()});
        }
        file = std::move(*newest);
    }
    ticker_ = loop_.every(kTick, [this] { tick(); });
    reloader_->load(file, options_.plugin_id);
}

void Session::announce_start() {
    Started started;
    const auto where = server_->addresses();
    started.url = "http://127.0.0.1:" + std::to_string(server_->port()) + "/";
    if (!options_.listen.empty() && !where.empty()) {
        started.url = "http://" + where.front() + "/";
    }
    if (!options_.token.empty()) {
        started.url += "#token=" + options_.token;
    }
    char device[128];
    std::snprintf(device, sizeof device, "%s, %.0f Hz, %u frames a period", device_.name.c_str(),
                  device_.rate_hz, device_.period_frames);
    started.device = plugin_ ? device : "Opens with the first build";
    started.device_why =
        device_.lost ? "It stands in until the one that was asked for plays." : device_why_;
    started.plugin = plugin_ ? plugin_->name + " (" + plugin_->id + ")"
                             : options_.plugin.filename().string() + ", which is being built";
    started.warnings = warnings_;
    if (!device_.realtime && !device_.realtime_note.empty()) {
        started.warnings.push_back(device_.realtime_note);
    }
    auto told = std::move(on_started_);
    on_started_ = nullptr;
    told(started);
}

void Session::stop(std::function<void()> done) {
    if (stopping_) {
        return;
    }
    stopping_ = true;
    build_.reset();
    watcher_.reset();
    ticker_.reset();
    engine_.quit([this, done = std::move(done)] {
        kNetThread.assume();
        const auto recorded = analysis_->stop_recording();
        if (!recorded) {
            event(wire::Level::error, recorded.error(), wire::Log{wire::LogSource::host, 0});
        }
        server_->shut_down(1000ms, done);
    });
}

void Session::on_open(net::ClientId client) {
    clients_.emplace(client, Client{false,
                                    net::RateLimit(kRequestsPerSecond, kRequestBurst,
                                                   std::chrono::steady_clock::now()),
                                    {}});
}

void Session::on_text(net::ClientId client, std::string_view text) {
    const auto found = clients_.find(client);
    if (found != clients_.end() && !stopping_) {
        Dispatcher(*this).handle(client, found->second, text);
    }
}

void Session::on_close(net::ClientId client) {
    const auto found = clients_.find(client);
    if (found == clients_.end()) {
        return;
    }
    const auto gestures = std::move(found->second.gestures);
    clients_.erase(found);
    subscriptions_.remove(client);
    for (const auto& id : gestures) {
        notify(wire::ParamGesture{id, client, false});
    }
    if (!stopping_) {
        watch_taps();
    }
}

void Session::event(wire::Level level, std::string text, wire::EventData data) {
    events_.add(level, std::move(text), std::move(data), engine_.frame());
}

void Session::notify(const wire::Notification& notification) {
    std::optional<net::Message> message;
    for (const auto& [client, state] : clients_) {
        if (!state.greeted) {
            continue;
        }
        if (!message) {
            message = net::Message::text(wire::encode_notification(notification));
        }
        send(client, *message);
    }
}

void Session::notify_param(ParamStore::Index index, const wire::Author& by) {
    notify(wire::ParamChanged{param_value(index), by});
}

void Session::send(net::ClientId client, const net::Message& message) {
    kNetThread.assume(); // as all of the session
    if (server_) {
        server_->send(client, message);
    }
}

void Session::watch_taps() {
    const auto& taps = params_.info().taps;
    const bool wanted = subscriptions_.wanted(wire::Stream::taps) && !taps.empty();
    std::uint64_t mask = 0;
    std::uint64_t audio = 0;
    for (std::size_t t = 0; t < taps.size() && wanted; ++t) {
        mask |= std::uint64_t{1} << t;
        audio |= taps[t].kind == JIG_TAP_AUDIO ? std::uint64_t{1} << t : 0;
    }
    engine_.watch_taps(mask);
    analysis_->set_taps({static_cast<std::uint32_t>(taps.size()), audio});
}

} // namespace jig::session
