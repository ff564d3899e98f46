// jig/audio/jack_ports.hpp: our ports at a JACK server, added while the process callback uses them.
#pragma once

#include "audio/device.hpp"
#include "audio/jack_midi.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <jack/jack.h>
#include <string>
#include <vector>

namespace jig::audio {

/// Written by one control thread; read by the process callback and the latency callback without
/// locks.
class JackPorts {
  public:
    /// Registers what of `config` is missing. What was registered before a failure stays. [control]
    [[nodiscard]] Result<void> add(jack_client_t* client, const DeviceConfig& config);

    /// Of this cycle: the input straight from JACK; the output is ours until deliver(). [audio]
    struct Buffers {
        const float* const* in;
        float* const* out;
        std::uint32_t in_count;
        std::uint32_t out_count;
    };
    [[nodiscard]] Buffers buffers(jack_nframes_t frames) noexcept;

    /// Hands the output over, whole: what a server takes from a client that is late is then an
    /// older period, and not what a plugin has not finished. [audio]
    void deliver(const Buffers& buffers, jack_nframes_t frames) noexcept;

    /// Zeros on every output, however long the cycle; nothing on the MIDI output. [audio]
    void silence(jack_nframes_t frames) noexcept;

    [[nodiscard]] jack_port_t* midi_in() const noexcept; ///< NULL: none
    [[nodiscard]] jack_port_t* midi_out() const noexcept;

    /// The ports of a direction, MIDI excluded. [any]
    [[nodiscard]] std::vector<jack_port_t*> inputs() const { return list(in_); }
    [[nodiscard]] std::vector<jack_port_t*> outputs() const { return list(out_); }
    [[nodiscard]] std::vector<jack_port_t*> main_inputs() const; ///< [control]
    [[nodiscard]] std::vector<jack_port_t*> main_outputs() const;
    [[nodiscard]] std::vector<jack_port_t*> all() const; ///< both directions, MIDI included

  private:
    struct Direction {
        std::array<jack_port_t*, kMaxPorts> ports{};
        std::atomic<std::uint32_t> count{0};
        std::vector<Port> config; ///< as asked for, same order [control]
    };

    [[nodiscard]] Result<void> add(jack_client_t* client, Direction& direction,
                                   const std::vector<Port>& wanted, unsigned long flags);
    [[nodiscard]] static std::vector<jack_port_t*> list(const Direction& direction);
    [[nodiscard]] static std::vector<jack_port_t*> main_of(const Direction& direction);
    [[nodiscard]] bool taken(const std::string& name) const;

    Direction in_;
    Direction out_;
    std::atomic<jack_port_t*> midi_in_{nullptr};
    std::atomic<jack_port_t*> midi_out_{nullptr};
    std::vector<std::string> names_; ///< [control]
    std::array<const float*, kMaxPorts> in_buffers_{};
    std::array<std::vector<float>, kMaxPorts> out_storage_; ///< kMaxFrames each, from add() on
    std::array<float*, kMaxPorts> out_buffers_{};
    std::array<float, kMaxFrames> silence_{};
};

} // namespace jig::audio
