// jig/plugin/instance.hpp: one instance of a plugin: create, activate, deactivate, destroy, in
// order.
#pragma once

#include "base/result.hpp"

#include <jig/plugin.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace jig::plugin {

/// Channels by bus: inputs and outputs each in descriptor order, as jig_config wants them.
struct Channels {
    std::vector<std::uint32_t> in;
    std::vector<std::uint32_t> out;

    [[nodiscard]] std::uint32_t total_in() const;
    [[nodiscard]] std::uint32_t total_out() const;
    bool operator==(const Channels&) const = default;
};

/// Each bus gets its default, the main input `main_in` channels held within its limits (0: its
/// default), and a bus with MATCH_MAIN_IN as many as the main input. Fails if that breaks the
/// limits of a bus or of the host.
[[nodiscard]] Result<Channels> choose_channels(const jig_plugin& plugin, std::uint32_t main_in = 0);

/// What an instance is activated with.
struct Setup {
    double rate_hz = 48000;
    std::uint32_t max_frames = 1024;
    jig_mode mode = JIG_MODE_REALTIME;
    Channels channels; ///< from choose_channels
};

/// Owns a jig_instance. Everything here is [main]; the audio thread calls process and reset through
/// plugin() and raw(), and must have let go of them before deactivate. The plugin's library
/// outlives it. The order of calls is asserted.
class Instance {
  public:
    /// `host` outlives the instance. The error carries the plugin's own words.
    static Result<Instance> create(const jig_plugin& plugin, const jig_host& host);

    Instance(Instance&& other) noexcept;
    Instance& operator=(Instance&& other) noexcept;
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;
    /// Deactivates if need be, then destroys.
    ~Instance();

    /// Not active. After a failure the instance is as before and may be activated again.
    [[nodiscard]] Result<void> activate(const Setup& setup);
    /// Active.
    void deactivate();
    [[nodiscard]] bool active() const { return active_; }

    /// What it was last activated with.
    [[nodiscard]] const Setup& setup() const { return setup_; }

    /// Active. Frames by which the output lags.
    [[nodiscard]] std::uint32_t latency() const;
    /// Active. Frames that sound on after the input ends; UINT32_MAX: for ever.
    [[nodiscard]] std::uint32_t tail() const;

    /// The plugin's own text for a plain value, and the value of a text; none where it has no words
    /// of its own for this parameter, does not understand the text, or gives no clean UTF-8.
    [[nodiscard]] std::optional<std::string> text_of(std::uint32_t param, double value) const;
    [[nodiscard]] std::optional<double> value_of(std::uint32_t param,
                                                 const std::string& text) const;

    [[nodiscard]] const jig_plugin* plugin() const { return plugin_; }
    [[nodiscard]] jig_instance* raw() const { return raw_; }

  private:
    Instance(const jig_plugin& plugin, jig_instance* raw) : plugin_(&plugin), raw_(raw) {}
    void destroy();

    const jig_plugin* plugin_ = nullptr;
    jig_instance* raw_ = nullptr;
    bool active_ = false;
    Setup setup_;
};

} // namespace jig::plugin
