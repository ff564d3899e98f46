#include "audio/jack_connections.hpp"

#include <algorithm>
#include <array>
#include <memory>

namespace jig::audio {

namespace {

std::vector<std::string> take_names(const char** names) {
    const std::unique_ptr<const char*, decltype(&jack_free)> owner(names, &jack_free);
    std::vector<std::string> list;
    for (; names != nullptr && *names != nullptr; ++names) {
        list.emplace_back(*names);
    }
    return list;
}

std::vector<std::string> physical_ports(jack_client_t* client, const char* type,
                                        unsigned long direction) {
    return take_names(jack_get_ports(client, nullptr, type, JackPortIsPhysical | direction));
}

bool is_physical_capture(jack_client_t* client, const std::string& name) {
    jack_port_t* port = jack_port_by_name(client, name.c_str());
    const unsigned long wanted = JackPortIsPhysical | JackPortIsOutput;
    return port != nullptr &&
           (static_cast<unsigned long>(jack_port_flags(port)) & wanted) == wanted &&
           std::string(jack_port_type(port)) == JACK_DEFAULT_AUDIO_TYPE;
}

bool is_input(jack_port_t* port) {
    return (static_cast<unsigned long>(jack_port_flags(port)) & JackPortIsInput) != 0;
}

/// Whether they are connected afterwards.
bool connect(jack_client_t* client, jack_port_t* own, const std::string& other) {
    if (jack_port_connected_to(own, other.c_str()) != 0) {
        return true;
    }
    const char* name = jack_port_name(own);
    const char* source = is_input(own) ? other.c_str() : name;
    const char* sink = is_input(own) ? name : other.c_str();
    return jack_connect(client, source, sink) == 0;
}

std::string alias_or_name(const jack_port_t* port) {
    std::vector<char> first(static_cast<std::size_t>(jack_port_name_size()));
    std::vector<char> second(first.size());
    std::array<char*, 2> aliases{first.data(), second.data()};
    return jack_port_get_aliases(port, aliases.data()) > 0 ? first.data() : jack_port_name(port);
}

Physical look_at(jack_client_t* client, unsigned long direction,
                 jack_latency_callback_mode_t mode) {
    Physical physical;
    for (const std::string& name : physical_ports(client, JACK_DEFAULT_AUDIO_TYPE, direction)) {
        jack_port_t* port = jack_port_by_name(client, name.c_str());
        if (port == nullptr) {
            continue; // it went away meanwhile
        }
        jack_latency_range_t range{};
        jack_port_get_latency_range(port, mode, &range);
        physical.delay_frames = std::max(physical.delay_frames, range.max);
        physical.name = physical.name.empty() ? alias_or_name(port) : physical.name;
    }
    return physical;
}

} // namespace

Connections present_connections(jack_client_t* client, const JackPorts& ports) {
    Connections connections;
    for (jack_port_t* port : ports.all()) {
        for (std::string& other : take_names(jack_port_get_all_connections(client, port))) {
            connections.emplace_back(jack_port_short_name(port), std::move(other));
        }
    }
    std::sort(connections.begin(), connections.end()); // each server has an order of its own
    return connections;
}

Wired count_ports(const JackPorts& ports) {
    return {ports.main_inputs().size(), ports.main_outputs().size(), ports.midi_in() != nullptr};
}

void connect_physical_outputs(jack_client_t* client, const JackPorts& ports, const Wired& before) {
    const auto playback = physical_ports(client, JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput);
    const std::vector<jack_port_t*> outputs = ports.main_outputs();
    const bool grew = outputs.size() > before.main_outputs;
    if (grew && before.main_outputs == 1 && playback.size() >= 2) {
        jack_disconnect(client, jack_port_name(outputs[0]), playback[1].c_str());
    }
    for (std::size_t i = before.main_outputs; i < std::min(outputs.size(), playback.size()); ++i) {
        connect(client, outputs[i], playback[i]);
    }
    if (grew && outputs.size() == 1 && playback.size() >= 2) {
        connect(client, outputs[0], playback[1]);
    }
    if (ports.midi_in() != nullptr && !before.midi_in) {
        for (const std::string& source :
             physical_ports(client, JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput)) {
            connect(client, ports.midi_in(), source);
        }
    }
}

void connect_physical_inputs(jack_client_t* client, const JackPorts& ports, const Wired& before) {
    const auto capture = physical_ports(client, JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput);
    const std::vector<jack_port_t*> inputs = ports.main_inputs();
    for (std::size_t i = before.main_inputs; i < std::min(inputs.size(), capture.size()); ++i) {
        connect(client, inputs[i], capture[i]);
    }
}

void disconnect_physical_inputs(jack_client_t* client, const JackPorts& ports) {
    const auto capture = physical_ports(client, JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput);
    for (jack_port_t* input : ports.inputs()) {
        for (const std::string& source : capture) {
            if (jack_port_connected_to(input, source.c_str()) != 0) {
                jack_disconnect(client, source.c_str(), jack_port_name(input));
            }
        }
    }
}

Connections restore_connections(jack_client_t* client, const JackPorts& ports,
                                const Connections& wanted, bool with_capture) {
    const std::vector<jack_port_t*> own = ports.all();
    Connections missing;
    for (const auto& [short_name, other] : wanted) {
        if (!with_capture && is_physical_capture(client, other)) {
            continue;
        }
        const auto port = std::find_if(own.begin(), own.end(), [&, name = short_name](auto* p) {
            return name == jack_port_short_name(p);
        });
        const bool there = jack_port_by_name(client, other.c_str()) != nullptr;
        if (port == own.end() || !there || !connect(client, *port, other)) {
            missing.emplace_back(short_name, other);
        }
    }
    return missing;
}

Hardware look_at_hardware(jack_client_t* client) {
    return {look_at(client, JackPortIsOutput, JackCaptureLatency),
            look_at(client, JackPortIsInput, JackPlaybackLatency)};
}

} // namespace jig::audio
