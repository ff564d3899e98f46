#include "audio/jack_midi.hpp"

#include <algorithm>
#include <jack/midiport.h>
#include <utility>

namespace jig::audio {

void JackMidi::begin(rt::Cycle& cycle, jack_port_t* in, jack_port_t* out) noexcept {
    std::uint32_t count = 0;
    if (void* buffer = in != nullptr ? jack_port_get_buffer(in, cycle.frames) : nullptr) {
        const std::uint32_t waiting = jack_midi_get_event_count(buffer);
        for (std::uint32_t i = 0; i < waiting && count < kMaxMidiIn; ++i) {
            jack_midi_event_t event{};
            if (jack_midi_event_get(&event, buffer, i) != 0 || event.size == 0) {
                continue;
            }
            const std::uint32_t frame = std::min(event.time, cycle.frames - 1);
            in_[count++] = {frame, static_cast<std::uint32_t>(event.size), event.buffer};
        }
        dropped_ += waiting > kMaxMidiIn ? waiting - kMaxMidiIn : 0;
        dropped_ += jack_midi_get_lost_event_count(buffer);
    }
    cycle.midi = in_.data();
    cycle.midi_count = count;
    out_ = {out_messages_.data(), kMaxMidiOut, 0};
    cycle.midi_out = out != nullptr ? &out_ : nullptr;
}

void JackMidi::end(const rt::Cycle& cycle, jack_port_t* out) noexcept {
    void* buffer = out != nullptr ? jack_port_get_buffer(out, cycle.frames) : nullptr;
    if (buffer == nullptr) {
        return;
    }
    jack_midi_clear_buffer(buffer);
    std::uint32_t earliest = 0;
    for (std::uint32_t i = 0; i < std::min(out_.count, out_.capacity); ++i) {
        const rt::MidiOut::Message& message = out_.messages[i];
        // JACK refuses a message that is earlier than the one before.
        earliest = std::clamp(message.frame, earliest, cycle.frames - 1);
        if (jack_midi_event_write(buffer, earliest, message.bytes, message.size) != 0) {
            ++dropped_;
        }
    }
}

std::uint32_t JackMidi::take_dropped() noexcept {
    return std::exchange(dropped_, 0);
}

} // namespace jig::audio
