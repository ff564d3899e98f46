// jig/audio/jack_connections.hpp: which of our ports are connected to what, and to what they should
// be.
#pragma once

#include "audio/jack_ports.hpp"

#include <cstddef>
#include <cstdint>
#include <jack/jack.h>
#include <string>
#include <utility>
#include <vector>

namespace jig::audio {

/// {own short name, other's full name}
using Connections = std::vector<std::pair<std::string, std::string>>;

/// As they are now. [control]
[[nodiscard]] Connections present_connections(jack_client_t* client, const JackPorts& ports);

/// How many of our ports were there when they were last connected; only newer ones are.
struct Wired {
    std::size_t main_inputs = 0;
    std::size_t main_outputs = 0;
    bool midi_in = false;
};

[[nodiscard]] Wired count_ports(const JackPorts& ports);

/// Main outputs newer than `before` to the physical playback ports, one to one; a lone output to
/// the first two. A new MIDI input is connected to every physical MIDI source. [control]
void connect_physical_outputs(jack_client_t* client, const JackPorts& ports, const Wired& before);

/// Main inputs newer than `before` to the physical capture ports, one to one. [control]
void connect_physical_inputs(jack_client_t* client, const JackPorts& ports, const Wired& before);

/// No physical capture port is connected to any input afterwards. [control]
void disconnect_physical_inputs(jack_client_t* client, const JackPorts& ports);

/// Connects what exists of `wanted` and returns the rest. Physical capture ports are left out
/// unless `with_capture`. [control]
[[nodiscard]] Connections restore_connections(jack_client_t* client, const JackPorts& ports,
                                              const Connections& wanted, bool with_capture);

/// The physical audio ports of one direction.
struct Physical {
    std::uint32_t delay_frames = 0; ///< between converter and cycle, as the driver says
    std::string name;               ///< of the first; its alias, if it has one, names the card
};
struct Hardware {
    Physical capture;
    Physical playback;
};

/// [control]
[[nodiscard]] Hardware look_at_hardware(jack_client_t* client);

} // namespace jig::audio
