// jig/audio/jack_midi.hpp: MIDI between JACK's port buffers and a cycle, in fixed arrays.
#pragma once

#include "audio/ports.hpp"
#include "rt/cycle.hpp"

#include <array>
#include <cstdint>
#include <jack/jack.h>

namespace jig::audio {

inline constexpr const char* kMidiInName = "midi_in";
inline constexpr const char* kMidiOutName = "midi_out";

/// The messages of one cycle in both directions. [audio]
class JackMidi {
  public:
    /// Lets `cycle` see what came in and gives it a place for what goes out. A NULL port is none.
    void begin(rt::Cycle& cycle, jack_port_t* in, jack_port_t* out) noexcept;
    /// Sends what the callback put there.
    void end(const rt::Cycle& cycle, jack_port_t* out) noexcept;

    /// Messages that did not fit, in or out, since the last call.
    [[nodiscard]] std::uint32_t take_dropped() noexcept;

  private:
    std::array<rt::MidiMessage, kMaxMidiIn> in_{};
    std::array<rt::MidiOut::Message, kMaxMidiOut> out_messages_{};
    rt::MidiOut out_{};
    std::uint32_t dropped_ = 0;
};

} // namespace jig::audio
