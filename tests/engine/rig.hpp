// tests/engine/rig.hpp: an engine without a process: a Core on a device that is pumped by hand, and
// the server's end of the shared regions.
#pragma once

#include "audio/manual.hpp"
#include "engine/core.hpp"
#include "link/memory.hpp"
#include "link/rings.hpp"
#include "link/slots.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace jig::tests {

using Signal = std::vector<std::vector<float>>; ///< [channel][frame]

[[nodiscard]] Signal sine(std::uint32_t channels, std::uint64_t first_frame, std::uint32_t frames,
                          double hz = 997, double level = 0.25);
[[nodiscard]] Signal constant(std::uint32_t channels, std::uint32_t frames, float value);

/// Largest magnitude of a − b.
[[nodiscard]] float largest_difference(const Signal& a, const Signal& b);

class Rig final : private engine::Notices {
  public:
    static constexpr double kRateHz = 48000;
    /// The output is faded in for 50 ms when the first build begins.
    static constexpr std::uint32_t kStartFrames = 2400;

    Rig();

    /// Opens the device with the ports of a build that is loaded at the same time, and installs it.
    void play(const std::filesystem::path& library, const std::string& id = "");
    /// The same for a plugin whose output are figures rather than sound: trimmed by 2^-24 where the
    /// loudness trip listens, and scaled back exactly by pump().
    void play_figures(const std::filesystem::path& library);
    /// Loads and hands over; the swap is done when pump() and settle() have run.
    [[nodiscard]] bool install(const std::filesystem::path& library, const std::string& id = "",
                               std::uint32_t fade_frames = 1440);
    /// Pumps silence until the swap is over and the old build is gone.
    void finish_swap();

    const Signal& pump(const Signal& input, const std::vector<audio::PumpedMidi>& midi = {});
    const Signal& pump(std::uint32_t frames);
    /// Past the start fade.
    void warm_up();

    // The server's end.
    void set(std::uint32_t index, float value);
    void set_at(std::uint64_t frame, std::uint32_t index, float value);
    void batch(const std::vector<std::pair<std::uint32_t, float>>& values, std::uint64_t frame = 0);
    bool send(std::uint64_t frame, const jig_event& event, std::uint32_t index = 0);

    [[nodiscard]] link::ServerRegion& server() { return regions_.server(); }
    [[nodiscard]] link::EngineRegion& region() { return regions_.engine(); }
    [[nodiscard]] link::StreamLayout streams() {
        return {regions_.streams(), link::stream_frames(kRateHz)};
    }
    [[nodiscard]] engine::Core& core() { return core_; }
    [[nodiscard]] audio::ManualDevice& device() { return *device_; }

    std::string refused;                   ///< why the last load or install failed
    std::vector<std::string> devices_made; ///< kinds, in order
    std::vector<link::Swapped> swaps;
    std::vector<link::Retired> retirements;
    std::vector<link::DeviceState> device_states;
    bool device_may_open = true;         ///< whether "jack" opens
    engine::Core::Clock::time_point now; ///< the core's time

  private:
    std::unique_ptr<audio::Device> make(const std::string& kind);

    void swapped(const link::Swapped& notice) override { swaps.push_back(notice); }
    void retired(const link::Retired& notice) override { retirements.push_back(notice); }
    void device_changed(const link::DeviceState& state) override { device_states.push_back(state); }
    void latency_changed(std::uint32_t) override {}

    link::Regions regions_;
    link::EngineView view_;
    link::EventWriter events_;
    std::uint32_t generation_ = 0;
    std::uint32_t revision_ = 0;
    std::vector<std::string> slots_; ///< by slot: the parameter's id
    std::vector<std::uint32_t> slot_by_index_;
    float scale_ = 1;
    Signal scaled_;
    audio::ManualDevice* device_ = nullptr;
    engine::Core core_;
};

} // namespace jig::tests
