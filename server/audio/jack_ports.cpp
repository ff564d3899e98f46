#include "audio/jack_ports.hpp"

#include <algorithm>
#include <jack/midiport.h>

namespace jig::audio {

namespace {

Error cannot_register(const std::string& name) {
    return Error{
        "JACK refused the port \"" + name +
        "\": it may be out of ports (start jackd with a larger --port-max) or the name too "
        "long."};
}

} // namespace

bool JackPorts::taken(const std::string& name) const {
    return std::find(names_.begin(), names_.end(), name) != names_.end();
}

Result<void> JackPorts::add(jack_client_t* client, Direction& direction,
                            const std::vector<Port>& wanted, unsigned long flags) {
    for (const Port& port : wanted) {
        const bool there = std::any_of(direction.config.begin(), direction.config.end(),
                                       [&](const Port& p) { return p.name == port.name; });
        if (there) {
            continue;
        }
        const std::uint32_t count = direction.count.load(std::memory_order_relaxed); // our own
        if (count == kMaxPorts) {
            return Error{"The device carries " + std::to_string(kMaxPorts) +
                         " ports in a direction at most; \"" + port.name + "\" is one too many."};
        }
        // A client's inputs and outputs share one space of names.
        const std::string name = taken(port.name) ? port.name + "_out" : port.name;
        jack_port_t* registered =
            jack_port_register(client, name.c_str(), JACK_DEFAULT_AUDIO_TYPE, flags, 0);
        if (registered == nullptr) {
            return cannot_register(name);
        }
        names_.push_back(name);
        direction.config.push_back(port);
        direction.ports[count] = registered;
        // Pairs with the acquires in buffers() and list(): the port is there before it is counted.
        direction.count.store(count + 1, std::memory_order_release);
    }
    return {};
}

Result<void> JackPorts::add(jack_client_t* client, const DeviceConfig& config) {
    // Before the ports: the process callback takes those that are counted.
    const std::size_t room =
        std::min<std::size_t>(kMaxPorts, out_.config.size() + config.out.size());
    for (std::size_t i = out_.config.size(); i < room; ++i) {
        out_storage_[i].resize(kMaxFrames);
    }
    if (Result<void> added = add(client, in_, config.in, JackPortIsInput); !added) {
        return added;
    }
    if (Result<void> added = add(client, out_, config.out, JackPortIsOutput); !added) {
        return added;
    }
    const auto add_midi = [&](std::atomic<jack_port_t*>& slot, const char* name,
                              unsigned long flags) {
        if (slot.load(std::memory_order_relaxed) == nullptr) { // our own
            // Pairs with the acquire in midi_in() and midi_out().
            slot.store(jack_port_register(client, name, JACK_DEFAULT_MIDI_TYPE, flags, 0),
                       std::memory_order_release);
        }
        return slot.load(std::memory_order_relaxed) != nullptr;
    };
    if (config.midi_in && !add_midi(midi_in_, kMidiInName, JackPortIsInput)) {
        return cannot_register(kMidiInName);
    }
    if (config.midi_out && !add_midi(midi_out_, kMidiOutName, JackPortIsOutput)) {
        return cannot_register(kMidiOutName);
    }
    return {};
}

JackPorts::Buffers JackPorts::buffers(jack_nframes_t frames) noexcept {
    // Pairs with the release in add().
    const std::uint32_t in_count = in_.count.load(std::memory_order_acquire);
    const std::uint32_t out_count = out_.count.load(std::memory_order_acquire);
    // A port that a server is about to lose has no buffer; the callback is not to know.
    for (std::uint32_t i = 0; i < in_count; ++i) {
        const void* buffer = jack_port_get_buffer(in_.ports[i], frames);
        in_buffers_[i] = buffer != nullptr ? static_cast<const float*>(buffer) : silence_.data();
    }
    for (std::uint32_t i = 0; i < out_count; ++i) {
        out_buffers_[i] = out_storage_[i].data();
    }
    return {in_buffers_.data(), out_buffers_.data(), in_count, out_count};
}

void JackPorts::deliver(const Buffers& buffers, jack_nframes_t frames) noexcept {
    for (std::uint32_t i = 0; i < buffers.out_count; ++i) {
        if (void* buffer = jack_port_get_buffer(out_.ports[i], frames)) {
            std::copy_n(buffers.out[i], frames, static_cast<float*>(buffer));
        }
    }
}

void JackPorts::silence(jack_nframes_t frames) noexcept {
    // Pairs with the release in add().
    const std::uint32_t count = out_.count.load(std::memory_order_acquire);
    for (std::uint32_t i = 0; i < count; ++i) {
        if (void* buffer = jack_port_get_buffer(out_.ports[i], frames)) {
            std::fill_n(static_cast<float*>(buffer), frames, 0.0F);
        }
    }
    jack_port_t* midi = midi_out();
    if (void* buffer = midi != nullptr ? jack_port_get_buffer(midi, frames) : nullptr) {
        jack_midi_clear_buffer(buffer);
    }
}

jack_port_t* JackPorts::midi_in() const noexcept {
    return midi_in_.load(std::memory_order_acquire); // pairs with the release in add()
}

jack_port_t* JackPorts::midi_out() const noexcept {
    return midi_out_.load(std::memory_order_acquire); // pairs with the release in add()
}

std::vector<jack_port_t*> JackPorts::list(const Direction& direction) {
    const std::uint32_t count = direction.count.load(std::memory_order_acquire);
    return {direction.ports.begin(), direction.ports.begin() + count};
}

std::vector<jack_port_t*> JackPorts::main_of(const Direction& direction) {
    std::vector<jack_port_t*> ports;
    for (std::size_t i = 0; i < direction.config.size(); ++i) {
        if (direction.config[i].main) {
            ports.push_back(direction.ports[i]);
        }
    }
    return ports;
}

std::vector<jack_port_t*> JackPorts::main_inputs() const {
    return main_of(in_);
}

std::vector<jack_port_t*> JackPorts::main_outputs() const {
    return main_of(out_);
}

std::vector<jack_port_t*> JackPorts::all() const {
    std::vector<jack_port_t*> ports = inputs();
    const std::vector<jack_port_t*> out = outputs();
    ports.insert(ports.end(), out.begin(), out.end());
    for (jack_port_t* midi : {midi_in(), midi_out()}) {
        if (midi != nullptr) {
            ports.push_back(midi);
        }
    }
    return ports;
}

} // namespace jig::audio
