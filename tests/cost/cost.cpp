// Runs the duplex callback around a plugin so many times, for callgrind to count.
//
//     callback_cost PLUGIN FRAMES CYCLES
#include "tests/engine/rig.hpp"

#include <cstdlib>

int main(int count, char** words) {
    if (count != 4) {
        return 2;
    }
    jig::tests::Rig rig;
    rig.play(words[1]);
    rig.warm_up(); // past the start fade
    const auto frames = static_cast<std::uint32_t>(std::strtoul(words[2], nullptr, 10));
    const auto signal = jig::tests::sine(2, 0, frames);
    for (long cycle = std::strtol(words[3], nullptr, 10); cycle > 0; --cycle) {
        rig.pump(signal);
    }
    return 0;
}
