#include "session/engine_control.hpp"

#include "session/plausible.hpp"

#include <algorithm>
#include <ctime>
#include <fstream>

namespace jig::session {

using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kHangNs = 400'000'000;
constexpr auto kQuitPatience = 2000ms;
const link::Failed kNoForm{link::Stage::load, "the engine's answer had not its form"};

std::int64_t now_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// What the ended engine said of itself is not true of the next one: a heartbeat that stands still
/// would be a hang. The time line and the rings go on.
void forget_last_engine(link::EngineRegion& region) {
    const auto relaxed = std::memory_order_relaxed;
    for (auto* value :
         {&region.in_process, &region.in_main, &region.generation, &region.tripped,
          &region.transport_playing, &region.transport_external, &region.crash.signal}) {
        value->store(0, relaxed);
    }
    for (auto* count : {&region.file_position, &region.nan_samples, &region.nan_first_frame,
                        &region.unwritten_samples, &region.trips, &region.trip_frame,
                        &region.events_dropped, &region.events_late, &region.process_errors}) {
        count->store(0, relaxed);
    }
    region.process_entered_ns.store(0, relaxed);
    region.process_left_ns.store(0, relaxed);
}

} // namespace

EngineControl::EngineControl(Loop& loop, const Options& options, const link::Regions& regions,
                             EngineEvents& events)
    : loop_(loop), options_(options), regions_(regions), events_(events),
      rate_hz_(options.rate_hz) {}

void EngineControl::set_output(int stdout_fd, int stderr_fd) {
    stdout_fd_ = stdout_fd;
    stderr_fd_ = stderr_fd;
}

Result<void> EngineControl::start() {
    handle_.reset();
    forget_last_engine(regions_.engine());
    device_open_ = false;
    hang_ = false;
    first_generation_ = asked_generation_ = loaded_generation_ = installed_generation_ = 0;
    engine::EngineCommand command;
    command.executable = options_.executable;
    command.args = {"engine"};
    command.library_path = device_.library_path;
    command.stdout_fd = stdout_fd_;
    command.stderr_fd = stderr_fd_;
    auto handle = engine::EngineHandle::start(
        loop_, command, regions_,
        [this](const link::Channel::Message& message) { on_notice(message); },
        [this](const engine::EngineEnd& end) { on_end(end); });
    if (!handle) {
        return Error{handle.error()};
    }
    handle_ = std::move(*handle);
    return {};
}

void EngineControl::quit(std::function<void()> done) {
    if (!handle_) {
        loop_.post(std::move(done));
        return;
    }
    quitting_ = true;
    on_quit_ = std::move(done);
    // It answers before it begins, and the plugin may never let it finish.
    quit_deadline_ = loop_.after(kQuitPatience, [this] { handle_ ? handle_->kill() : void(); });
    handle_->request(link::Kind::quit, link::Generation{}, [](const auto&) {});
}

/// An engine that ends takes its attempt with it: on_death() says so, and a refusal as well would
/// say it twice.
void EngineControl::refused(const std::string& why, const Done& done) const {
    if (handle_ && !handle_->doomed()) {
        done(link::Failed{handle_->stage_of_failure(), why});
    }
}

void EngineControl::load(const link::Load& request, Done done) {
    if (!handle_) {
        if (const auto started = start(); !started) {
            loop_.post([done = std::move(done), why = started.error()] {
                done(link::Failed{link::Stage::load, why});
            });
            return;
        }
    }
    const auto generation = request.generation;
    asked_generation_ = generation;
    first_generation_ = first_generation_ == 0 ? generation : first_generation_;
    handle_->request(link::Kind::load, request, [this, generation, done](auto answer) {
        if (!answer) {
            return refused(answer.error(), done);
        }
        plugin::PluginInfo info;
        if (!answer->read(info) || !is_plausible(info)) {
            return done(kNoForm);
        }
        loaded_ = std::move(info);
        loaded_generation_ = generation;
        done(std::nullopt);
    });
}

void EngineControl::install(std::uint32_t generation, Done done) {
    if (!handle_ || generation != loaded_generation_) {
        loop_.post([done = std::move(done)] {
            done(link::Failed{link::Stage::load, "the build is no longer loaded"});
        });
        return;
    }
    auto slots = events_.assign_slots(loaded_);
    if (!slots) {
        loop_.post([done = std::move(done), why = slots.error()] {
            done(link::Failed{link::Stage::load, why});
        });
        return;
    }
    if (device_open_) {
        send_install(generation, std::move(*slots), std::move(done));
        return;
    }
    open_device([this, generation, done, slots = std::move(*slots)](auto failed) {
        if (failed) {
            events_.on_install_failed();
            return done(failed);
        }
        send_install(generation, slots, done);
    });
}

void EngineControl::send_install(std::uint32_t generation, std::vector<std::uint32_t> slots,
                                 Done done) {
    const auto fade = static_cast<std::uint32_t>(options_.fade_ms * rate_hz_ / 1000.0);
    const link::Install request{generation, std::move(slots), fade};
    handle_->request(link::Kind::install, request, [this, generation, done](auto answer) {
        link::Installed installed;
        if (!answer) {
            events_.on_install_failed();
            return refused(answer.error(), done);
        }
        if (!answer->read(installed) || !is_plausible(installed, loaded_)) {
            events_.on_install_failed();
            return done(kNoForm);
        }
        installed_generation_ = generation;
        events_.on_installed(generation, loaded_, installed);
        done(std::nullopt);
    });
}

void EngineControl::drop(std::uint32_t generation) {
    if (handle_) {
        handle_->request(link::Kind::drop, link::Generation{generation}, [](const auto&) {});
    }
}

void EngineControl::open_device(Done done) {
    link::OpenDevice request;
    request.device = device_.kind;
    request.address = device_.address;
    request.rate_hz = options_.rate_hz;
    request.period_frames = options_.period_frames;
    request.periods = options_.periods;
    request.prefill_periods = options_.prefill_periods;
    request.resample_capture = options_.resample_capture;
    request.calibrations = {options_.calibrations.begin(), options_.calibrations.end()};
    request.connect_physical = options_.connect_physical;
    request.connect_inputs = connect_inputs_;
    request.client_name = "jig";
    request.first_frame = frame();
    request.connections = connections_;
    handle_->request(link::Kind::open_device, request, [this, done](auto answer) {
        link::DeviceState state;
        if (!answer) {
            events_.on_device_refused();
            return refused(answer.error(), done);
        }
        if (!answer->read(state) || !is_plausible(state)) {
            return done(kNoForm);
        }
        device_open_ = true;
        rate_hz_ = state.rate_hz;
        events_.on_device(state);
        after_open();
        done(std::nullopt);
    });
}

void EngineControl::after_open() {
    if (taps_ != 0) {
        watch_taps(taps_);
    }
    if (input_fd_) {
        handle_->request(
            link::Kind::input_file, input_file_, [](const auto&) {}, 10s, input_fd_.get());
    }
}

void EngineControl::watch_taps(std::uint64_t mask) {
    taps_ = mask;
    if (handle_) {
        handle_->request(link::Kind::watch_taps, link::WatchTaps{mask}, [](const auto&) {});
    }
}

void EngineControl::connect_inputs(bool connect) {
    if (connect == connect_inputs_) {
        return;
    }
    connect_inputs_ = connect;
    if (handle_ && device_open_) {
        handle_->request(link::Kind::connect_inputs, link::ConnectInputs{connect},
                         [](const auto&) {});
    }
}

void EngineControl::convert(const link::Convert& request,
                            std::function<void(std::optional<link::Converted>)> done) {
    if (!handle_) {
        return done(std::nullopt);
    }
    handle_->request(link::Kind::convert, request, [done = std::move(done)](auto answer) {
        link::Converted converted;
        const bool usable =
            answer && answer->read(converted) && converted.done && is_plausible(converted);
        done(usable ? std::optional(converted) : std::nullopt);
    });
}

void EngineControl::give_input_file(int fd, const link::InputFile& file) {
    input_fd_.reset(fd);
    input_file_ = file;
    if (handle_ && device_open_) {
        handle_->request(
            link::Kind::input_file, file, [](const auto&) {}, 10s, fd);
    }
}

std::uint64_t EngineControl::frame() {
    const auto now = Clock::now();
    const auto claimed = regions_.engine().frame.load(std::memory_order_acquire);
    const double elapsed_s = std::chrono::duration<double>(now - frame_at_).count();
    // Freewheeling runs faster than time; anything beyond that is no time line.
    const auto most = frame_ + static_cast<std::uint64_t>((elapsed_s + 10.0) * rate_hz_ * 1000.0);
    if (claimed >= frame_ && claimed <= most) {
        frame_ = claimed;
        frame_at_ = now;
    }
    return frame_;
}

void EngineControl::look_for_hang() {
    if (!handle_ || hang_) {
        return;
    }
    const auto& region = regions_.engine();
    const auto now = now_ns();
    // Times before the system's start or in the future are lies, and must not overflow below.
    const auto entered =
        std::clamp<std::int64_t>(region.process_entered_ns.load(std::memory_order_relaxed), 0, now);
    const auto left = region.process_left_ns.load(std::memory_order_relaxed);
    if (region.in_process.load(std::memory_order_relaxed) == 0 || left >= entered ||
        now - entered < kHangNs || is_stopped_or_traced()) {
        return;
    }
    hang_ = true;
    handle_->kill();
}

/// A breakpoint is no hang, and neither is Ctrl-Z.
bool EngineControl::is_stopped_or_traced() const {
    std::ifstream status("/proc/" + std::to_string(handle_->pid()) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind("State:", 0) == 0 && line.find_first_of("Tt", 6) == 7) {
            return true;
        }
        if (line.rfind("TracerPid:", 0) == 0) {
            return line.find_first_of("123456789") != std::string::npos;
        }
    }
    return false;
}

void EngineControl::on_notice(const link::Channel::Message& message) {
    link::Swapped swapped;
    link::Retired retired;
    link::DeviceState device;
    link::LatencyChanged latency;
    switch (message.kind) {
    case link::Kind::swapped:
        return message.read(swapped) ? events_.on_swapped(swapped) : void();
    case link::Kind::retired:
        return message.read(retired) ? events_.on_retired(retired) : void();
    case link::Kind::latency_changed:
        return message.read(latency) ? events_.on_latency(latency.frames) : void();
    case link::Kind::device_changed:
        if (message.read(device) && is_plausible(device)) {
            connections_ = device.connections;
            rate_hz_ = device.rate_hz;
            events_.on_device(device);
        }
        return;
    default:
        return;
    }
}

/// The build whose code was running, as the engine says it if that can be, else the one that was
/// heard, or was to be.
std::uint32_t EngineControl::guilty() const {
    const auto& region = regions_.engine();
    for (const auto* claim : {&region.in_process, &region.in_main, &region.generation}) {
        const auto generation = claim->load(std::memory_order_relaxed);
        if (generation >= first_generation_ && generation <= asked_generation_ && generation != 0) {
            return generation;
        }
    }
    return installed_generation_ != 0 ? installed_generation_ : asked_generation_;
}

void EngineControl::on_end(const engine::EngineEnd& end) {
    const auto& region = regions_.engine();
    EngineDeath death;
    death.signal = end.signal;
    death.status = end.status;
    death.hang = hang_;
    death.unanswered = end.unanswered;
    death.in_process = region.in_process.load(std::memory_order_relaxed) != 0;
    death.generation = guilty();
    death.frame = frame();
    // Not from within the handle's own callback.
    loop_.post([this, death] {
        handle_.reset();
        device_open_ = false;
        if (quitting_) {
            quit_deadline_.reset();
            on_quit_();
        } else {
            events_.on_death(death);
        }
    });
}

} // namespace jig::session
