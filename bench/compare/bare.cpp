// A pass-through on plain libjack: the least that a JACK client can cost.
//
//     compare_bare NAME
#include "through.hpp"

#include <array>
#include <jack/jack.h>
#include <string>

namespace {

using namespace jig::compare;

struct Bare {
    jack_client_t* client = nullptr;
    std::array<jack_port_t*, kChannels> in{};
    std::array<jack_port_t*, kChannels> out{};

    static int process(jack_nframes_t frames, void* self) {
        const Bare& bare = *static_cast<Bare*>(self);
        std::array<const float*, kChannels> from{};
        std::array<float*, kChannels> to{};
        for (unsigned c = 0; c < kChannels; ++c) {
            from[c] = static_cast<const float*>(jack_port_get_buffer(bare.in[c], frames));
            to[c] = static_cast<float*>(jack_port_get_buffer(bare.out[c], frames));
        }
        through_planar(from.data(), to.data(), frames);
        return 0;
    }
};

} // namespace

int main(int count, char** words) {
    Bare bare;
    bare.client = jack_client_open(count > 1 ? words[1] : "bare", JackNoStartServer, nullptr);
    if (bare.client == nullptr) {
        return 1;
    }
    for (unsigned c = 0; c < kChannels; ++c) {
        const std::string number = std::to_string(c + 1);
        bare.in[c] = jack_port_register(bare.client, ("in_" + number).c_str(),
                                        JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
        bare.out[c] = jack_port_register(bare.client, ("out_" + number).c_str(),
                                         JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
    }
    jack_set_process_callback(bare.client, Bare::process, &bare);
    if (jack_activate(bare.client) != 0) {
        return 1;
    }
    run_until_told();
    return jack_client_close(bare.client);
}
