#include "engine/process.hpp"

#include "base/poll_loop.hpp"
#include "engine/core.hpp"
#include "engine/crash.hpp"
#include "engine/memory.hpp"
#include "link/channel.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace jig::engine {

namespace {

using namespace std::chrono_literals;

class Process final : private Notices {
  public:
    Process(UniqueFd control, link::EngineView view)
        : view_(std::move(view)), channel_(std::move(control)),
          core_(view_.server(), view_.engine(), view_.streams(), *this) {}

    int run() {
        const auto watch = loop_.watch(channel_.fd(), [this] { on_readable(); });
        const auto timer = loop_.every(20ms, [this] { core_.tick(); });
        loop_.run();
        core_.quit();
        return 0;
    }

  private:
    void on_readable() {
        std::vector<link::Channel::Message> messages;
        const bool open = channel_.receive(messages);
        for (auto& message : messages) {
            answer(message);
        }
        if (!open) {
            loop_.stop();
        }
    }

    void answer(link::Channel::Message& message) {
        switch (message.kind) {
        case link::Kind::load:
            return with<link::Load>(message, [&](auto& m) { return load(message.id, m); });
        case link::Kind::install:
            return with<link::Install>(message, [&](auto& m) { return install(message.id, m); });
        case link::Kind::drop:
            return with<link::Generation>(message, [&](auto& m) {
                core_.drop(m.generation);
                done(message.id);
            });
        case link::Kind::open_device:
            return with<link::OpenDevice>(message, [&](auto& m) { return open(message.id, m); });
        case link::Kind::watch_taps:
            return with<link::WatchTaps>(message, [&](auto& m) {
                core_.watch_taps(m.mask);
                done(message.id);
            });
        case link::Kind::input_file:
            return with<link::InputFile>(message, [&](auto& m) {
                const auto set = core_.set_input_file(m, std::move(message.fd));
                set ? done(message.id) : fail(message.id, link::Stage::load, set.error());
            });
        case link::Kind::connect_inputs:
            return with<link::ConnectInputs>(message, [&](auto& m) {
                core_.connect_inputs(m.connect);
                done(message.id);
            });
        case link::Kind::convert:
            return with<link::Convert>(message, [&](auto& m) { convert(message.id, m); });
        case link::Kind::quit:
            done(message.id);
            return loop_.stop();
        default:
            return fail(message.id, link::Stage::load,
                        "the engine does not know control message " +
                            std::to_string(static_cast<std::uint32_t>(message.kind)));
        }
    }

    template <typename T, typename F>
    void with(const link::Channel::Message& message, F act) {
        T value;
        if (message.read(value)) {
            act(value);
        } else {
            fail(message.id, link::Stage::load, "a control message did not have its form");
        }
    }

    void load(std::uint32_t id, const link::Load& request) {
        Refusal refusal;
        view_.engine().in_main.store(request.generation, std::memory_order_relaxed);
        auto info = core_.load(request, refusal);
        view_.engine().in_main.store(0, std::memory_order_relaxed);
        if (info) {
            send(link::Kind::loaded, id, *info);
        } else {
            fail(id, refusal.stage, as_shown(refusal.message, request));
        }
    }

    /// The loader speaks of the copy; its author knows the library by another name.
    static std::string as_shown(std::string message, const link::Load& request) {
        for (auto at = message.find(request.path); at != std::string::npos;
             at = message.find(request.path, at + request.shown_path.size())) {
            message.replace(at, request.path.size(), request.shown_path);
        }
        return message;
    }

    void install(std::uint32_t id, const link::Install& request) {
        Refusal refusal;
        view_.engine().in_main.store(request.generation, std::memory_order_relaxed);
        auto installed = core_.install(request, refusal);
        view_.engine().in_main.store(0, std::memory_order_relaxed);
        if (installed) {
            send(link::Kind::installed, id, *installed);
        } else {
            fail(id, refusal.stage, refusal.message);
        }
    }

    void convert(std::uint32_t id, const link::Convert& request) {
        view_.engine().in_main.store(request.generation, std::memory_order_relaxed);
        const auto converted = core_.convert(request);
        view_.engine().in_main.store(0, std::memory_order_relaxed);
        send(link::Kind::converted, id, converted);
    }

    void open(std::uint32_t id, const link::OpenDevice& request) {
        auto state = core_.open_device(request);
        if (state) {
            send(link::Kind::device_opened, id, *state);
        } else {
            fail(id, link::Stage::device, state.error());
        }
    }

    void done(std::uint32_t id) { send_raw(channel_.send_bytes(link::Kind::done, id, {})); }
    void fail(std::uint32_t id, link::Stage stage, const std::string& message) {
        send(link::Kind::failed, id, link::Failed{stage, message});
    }
    template <typename T>
    void send(link::Kind kind, std::uint32_t id, const T& value) {
        send_raw(channel_.send(kind, id, value));
    }
    void send_raw(const Result<void>& sent) {
        if (!sent) {
            loop_.stop(); // without its server an engine has nothing to live for
        }
    }

    void swapped(const link::Swapped& notice) override { send(link::Kind::swapped, 0, notice); }
    void retired(const link::Retired& notice) override { send(link::Kind::retired, 0, notice); }
    void device_changed(const link::DeviceState& state) override {
        send(link::Kind::device_changed, 0, state);
    }
    void latency_changed(std::uint32_t frames) override {
        send(link::Kind::latency_changed, 0, link::LatencyChanged{frames});
    }

    PollLoop loop_;
    link::EngineView view_;
    link::Channel channel_;
    Core core_;
};

} // namespace

int run_engine_process(int control_fd, int server_region_fd, int engine_region_fd) {
    // Should the server have ended before this, the channel's end will say so.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_DUMPABLE, 1);
    ::signal(SIGINT, SIG_IGN); // Ctrl-C is the server's to handle
    ::signal(SIGPIPE, SIG_IGN);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    UniqueFd control(control_fd);
    const UniqueFd server_fd(server_region_fd);
    const UniqueFd engine_fd(engine_region_fd);
    auto view = link::EngineView::map(server_fd.get(), engine_fd.get());
    if (!view) {
        std::fprintf(stderr, "jig engine: %s\n", view.error().c_str());
        return 1;
    }
    const AlternateStack stack;
    install_crash_handler(view->engine());
    lock_process();
    Process process(std::move(control), std::move(*view));
    return process.run();
}

} // namespace jig::engine
