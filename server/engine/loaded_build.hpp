// jig/engine/loaded_build.hpp: the allocating half of rt::Build: library, instance, buffers.
#pragma once

#include "base/result.hpp"
#include "link/messages.hpp"
#include "plugin/info.hpp"
#include "plugin/instance.hpp"
#include "plugin/library.hpp"
#include "rt/build.hpp"
#include "rt/host_calls.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jig::engine {

/// A channel of the plugin as a port of the device.
struct PortName {
    std::string name; ///< "<bus id>_<n>", n from 1
    bool main = true;
};

/// One build of a plugin from dlopen to dlclose. [main]; what the audio thread touches is in rt().
class LoadedBuild {
  public:
    /// Loads the library and chooses the plugin; nothing of it runs yet but its constructors.
    [[nodiscard]] static Result<std::unique_ptr<LoadedBuild>> load(const link::Load& request,
                                                                   link::Stage& stage);

    /// Creates and activates an instance and makes every buffer ready and resident.
    [[nodiscard]] Result<void> prepare(link::EngineRegion& region,
                                       const std::vector<std::uint32_t>& slots, double rate_hz,
                                       link::Stage& stage);

    /// Deactivates and activates again, for a device of another rate; not in use by the audio
    /// thread.
    [[nodiscard]] Result<void> change_rate(double rate_hz);

    /// Destroys the instance and unloads the library; whether the mapping is gone.
    [[nodiscard]] bool unload();

    /// Which of the device's ports each channel is; `ports` by the device's order.
    void assign_ports(const std::vector<PortName>& in, const std::vector<PortName>& out);

    /// Parameters, by index, for which the plugin has words of its own.
    [[nodiscard]] std::vector<std::uint32_t> own_text() const;
    /// A value to the plugin's words for it, or back.
    [[nodiscard]] link::Converted convert(const link::Convert& request) const;

    /// Asks the plugin for its latency again.
    std::uint32_t refresh_latency();
    /// Requests (bits by jig_request) since the last call.
    [[nodiscard]] std::uint32_t take_requests();

    [[nodiscard]] std::uint32_t generation() const { return rt_.generation; }
    [[nodiscard]] const plugin::PluginInfo& info() const { return info_; }
    [[nodiscard]] const std::vector<PortName>& in_ports() const { return in_ports_; }
    [[nodiscard]] const std::vector<PortName>& out_ports() const { return out_ports_; }
    [[nodiscard]] const std::vector<std::uint32_t>& in_device() const { return in_device_; }
    [[nodiscard]] const std::vector<std::uint32_t>& out_device() const { return out_device_; }
    [[nodiscard]] rt::Build& rt() { return rt_; }

  private:
    LoadedBuild() = default;
    void make_params(const std::vector<std::uint32_t>& slots);
    void make_buses();
    void make_taps();
    float* buffer(std::size_t floats);

    std::string shown_path_;
    plugin::PluginInfo info_;
    plugin::Channels channels_;
    std::vector<PortName> in_ports_;
    std::vector<PortName> out_ports_;

    // The audio thread's view points into these.
    std::vector<std::uint32_t> slots_;
    std::vector<std::int32_t> index_of_slot_;
    std::vector<std::uint32_t> param_flags_;
    std::vector<float> params_;
    std::vector<float> out_params_;
    std::vector<jig_tap_kind> tap_kinds_;
    std::vector<float*> tap_buffers_;
    std::vector<float*> taps_;
    std::vector<jig_audio_in> in_buses_;
    std::vector<jig_audio_out> out_buses_;
    std::vector<const float*> in_pointers_;
    std::vector<float*> out_pointers_;
    std::vector<float*> out_buffers_;
    std::vector<std::uint32_t> in_device_;
    std::vector<std::uint32_t> out_device_;
    std::vector<jig_event> events_;
    std::vector<std::vector<float>> storage_;
    rt::Emitted emitted_;
    rt::Build rt_;
    rt::HostContext host_context_;
    jig_host host_{};

    // The instance goes before its library.
    std::optional<plugin::Library> library_;
    std::optional<plugin::Instance> instance_;
};

} // namespace jig::engine
