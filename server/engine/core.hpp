// jig/engine/core.hpp: device, audio room and builds put together; one for an engine, whatever
// drives it.
#pragma once

#include "audio/device.hpp"
#include "base/fd.hpp"
#include "base/result.hpp"
#include "engine/loaded_build.hpp"
#include "link/memory.hpp"
#include "link/messages.hpp"
#include "rt/engine.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jig::engine {

/// What the core tells whoever drives it, from tick() or from a call. [main]
class Notices {
  public:
    virtual ~Notices() = default;
    virtual void swapped(const link::Swapped& notice) = 0;
    virtual void retired(const link::Retired& notice) = 0;
    virtual void device_changed(const link::DeviceState& state) = 0;
    virtual void latency_changed(std::uint32_t frames) = 0;
};

using DeviceMaker = std::function<std::unique_ptr<audio::Device>(const std::string& kind)>;

/// The devices that this build of Jig has, by the name that `--device` takes.
[[nodiscard]] std::unique_ptr<audio::Device> make_device(const std::string& kind);

/// A failure, and where it happened.
struct Refusal {
    link::Stage stage = link::Stage::load;
    std::string message;
};

/// Everything is [main] of the engine. The order is: load a build, open a device, install the
/// build; then load and install as often as you like, calling tick() about 50 times a second.
class Core {
  public:
    using Clock = std::chrono::steady_clock;
    using Now = std::function<Clock::time_point()>;

    Core(const link::ServerRegion& server, link::EngineRegion& region, float* streams,
         Notices& notices, DeviceMaker make = make_device, Now now = Clock::now);
    ~Core();
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    /// Loads a library; it waits for install() or drop(). Only one waits at a time.
    [[nodiscard]] Result<plugin::PluginInfo> load(const link::Load& request, Refusal& refusal);
    /// Creates, activates and hands the waiting build to the audio thread.
    [[nodiscard]] Result<link::Installed> install(const link::Install& request, Refusal& refusal);
    void drop(std::uint32_t generation);

    [[nodiscard]] Result<link::DeviceState> open_device(const link::OpenDevice& request);
    [[nodiscard]] Result<void> set_input_file(const link::InputFile& file, UniqueFd fd);
    void watch_taps(std::uint64_t mask);
    void connect_inputs(bool connect);
    /// Asks the build that was installed last, if it is the one meant.
    [[nodiscard]] link::Converted convert(const link::Convert& request) const;

    /// Retires builds, answers the plugin's requests, looks after the device.
    void tick();

    /// Fades out and stops the device.
    void quit();

    [[nodiscard]] audio::Device* device() { return device_.get(); }

  private:
    [[nodiscard]] Result<std::unique_ptr<audio::Device>> opened(const std::string& kind) const;
    /// Until the device runs again, or for good.
    void fade_out();
    [[nodiscard]] Result<void> run(std::unique_ptr<audio::Device> device);
    [[nodiscard]] Result<void> run_device(const std::string& kind);
    void stop_device();
    [[nodiscard]] audio::DeviceConfig device_config() const;
    void add_ports(const LoadedBuild& build);
    [[nodiscard]] std::optional<std::int32_t> calibration_of(const std::string& device_id) const;
    [[nodiscard]] link::DeviceState device_state() const;
    void prefault_streams(double rate_hz);
    void adapt_to_rate(double rate_hz);
    void look_after_device();
    void stand_in();
    void return_to_device();
    void finish_swap();
    void answer_requests();
    [[nodiscard]] double typical_load() const;

    const link::ServerRegion& server_;
    link::EngineRegion& region_;
    float* streams_;
    Notices& notices_;
    DeviceMaker make_device_;
    Now now_;

    link::OpenDevice wanted_;
    std::vector<PortName> in_ports_;
    std::vector<PortName> out_ports_;
    bool midi_in_ = false;
    bool midi_out_ = false;
    double rate_hz_ = 48000;
    bool lost_ = false;
    Clock::time_point next_attempt_{};
    Clock::time_point opened_at_{};
    int short_lives_ = 0; ///< in a row

    struct LoadedClip;
    std::unique_ptr<LoadedClip> clip_;
    std::vector<std::unique_ptr<LoadedClip>> old_clips_;

    std::unique_ptr<LoadedBuild> waiting_; ///< loaded, not installed
    std::unique_ptr<LoadedBuild> current_;
    std::unique_ptr<LoadedBuild> leaving_;
    bool swapping_ = false;

    // The device stops before the callback's object goes.
    std::unique_ptr<rt::Engine> engine_;
    std::unique_ptr<audio::Device> device_;
};

} // namespace jig::engine
