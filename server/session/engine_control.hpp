// jig/session/engine_control.hpp: one engine after another on the same regions: start, watch, end.
#pragma once

#include "base/loop.hpp"
#include "engine/start.hpp"
#include "link/memory.hpp"
#include "plugin/info.hpp"
#include "reload/engine_port.hpp"
#include "session/options.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jig::session {

/// How an engine ended, in full.
struct EngineDeath {
    int signal = 0;
    int status = 0;
    bool hang = false;            ///< its callback did not return
    bool unanswered = false;      ///< it did not answer a request
    std::uint32_t generation = 0; ///< the build whose code was running, or that was heard
    bool in_process = false;
    std::uint64_t frame = 0;
};

/// What the session learns. [net]
class EngineEvents {
  public:
    virtual ~EngineEvents() = default;
    /// A library's descriptors; answers with the slots for its parameters, or why not.
    virtual Result<std::vector<std::uint32_t>> assign_slots(const plugin::PluginInfo& info) = 0;
    /// The build for which slots were assigned did not come in.
    virtual void on_install_failed() = 0;
    virtual void on_installed(std::uint32_t generation, const plugin::PluginInfo& info,
                              const link::Installed& installed) = 0;
    virtual void on_swapped(const link::Swapped& notice) = 0;
    virtual void on_retired(const link::Retired& notice) = 0;
    virtual void on_device(const link::DeviceState& state) = 0;
    virtual void on_device_refused() = 0;
    virtual void on_latency(std::uint32_t frames) = 0;
    virtual void on_death(const EngineDeath& death) = 0;
};

/// The engine as the reloader sees it, and as the session does. Opens the device when the first
/// build of an engine is to be installed, because a build says which ports there are. [net]
class EngineControl final : public reload::EnginePort {
  public:
    EngineControl(Loop& loop, const Options& options, const link::Regions& regions,
                  EngineEvents& events);

    struct Device {
        std::string kind;
        std::string address{};      ///< ALSA: which
        std::string library_path{}; ///< for the engine's LD_LIBRARY_PATH; "": as it is
    };
    void set_device(Device device) { device_ = std::move(device); }
    void set_output(int stdout_fd, int stderr_fd);

    /// Starts a new process; an old one must have ended.
    [[nodiscard]] Result<void> start();
    [[nodiscard]] bool running() const { return handle_ != nullptr; }
    /// Lets it fade out and end; `done` when it has, or has been made to.
    void quit(std::function<void()> done);
    /// The first build that the present engine was given; 0: none yet.
    [[nodiscard]] std::uint32_t first_generation() const { return first_generation_; }

    // reload::EnginePort
    void load(const link::Load& request, Done done) override;
    void install(std::uint32_t generation, Done done) override;
    void drop(std::uint32_t generation) override;

    void watch_taps(std::uint64_t mask);
    void connect_inputs(bool connect);
    /// `done` gets nothing when there is no engine, or it said nothing of use.
    void convert(const link::Convert& request,
                 std::function<void(std::optional<link::Converted>)> done);
    void give_input_file(int fd, const link::InputFile& file);

    /// The engine's time line, as far as it can be believed: it never runs back, and no faster than
    /// time.
    [[nodiscard]] std::uint64_t frame();

    /// Ends an engine whose callback has not returned for 400 ms. To be called often.
    void look_for_hang();

  private:
    using Clock = std::chrono::steady_clock;

    void open_device(Done done);
    void send_install(std::uint32_t generation, std::vector<std::uint32_t> slots, Done done);
    void after_open();
    void on_notice(const link::Channel::Message& message);
    void on_end(const engine::EngineEnd& end);
    [[nodiscard]] bool is_stopped_or_traced() const;
    [[nodiscard]] std::uint32_t guilty() const;
    void refused(const std::string& why, const Done& done) const;

    Loop& loop_;
    const Options& options_;
    const link::Regions& regions_;
    EngineEvents& events_;
    Device device_;
    int stdout_fd_ = -1;
    int stderr_fd_ = -1;

    std::unique_ptr<engine::EngineHandle> handle_;
    bool device_open_ = false;
    bool quitting_ = false;
    bool hang_ = false;
    std::function<void()> on_quit_;
    Loop::HandlePtr quit_deadline_;
    std::uint32_t first_generation_ = 0;
    std::uint32_t asked_generation_ = 0; ///< of the last load
    std::uint32_t loaded_generation_ = 0;
    std::uint32_t installed_generation_ = 0;
    plugin::PluginInfo loaded_;
    std::vector<std::pair<std::string, std::string>> connections_;
    double rate_hz_;
    std::uint64_t frame_ = 0;
    Clock::time_point frame_at_ = Clock::now();

    // What a new engine must be told again.
    std::uint64_t taps_ = 0;
    bool connect_inputs_ = false;
    UniqueFd input_fd_;
    link::InputFile input_file_;
};

} // namespace jig::session
