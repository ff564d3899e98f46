// A JACK client "echo" (in_1 → out_1) in two ways: `device` by jig's JACK device, `bare` by plain
// libjack. Prints "ready", runs until the end of its standard input.

#include "audio/device.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <jack/jack.h>

namespace {

using namespace jig;

void wait_for_the_end() {
    std::puts("ready");
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
}

void copy(void* /*context*/, const rt::Cycle& cycle) noexcept {
    std::copy_n(cycle.in[0], cycle.frames, cycle.out[0]);
}

int run_device() {
    const std::unique_ptr<audio::Device> device = audio::make_jack_device();
    audio::DeviceConfig config;
    config.client_name = "echo";
    config.in = {{"in_1"}};
    config.out = {{"out_1"}};
    config.connect = audio::Connect::none;
    const auto opened = device->open(config);
    if (!opened || !device->start(copy, nullptr)) {
        return 1;
    }
    wait_for_the_end();
    device->close();
    return 0;
}

struct Bare {
    jack_client_t* client = nullptr;
    jack_port_t* in = nullptr;
    jack_port_t* out = nullptr;

    static int process(jack_nframes_t frames, void* self) {
        const Bare& bare = *static_cast<Bare*>(self);
        std::memcpy(jack_port_get_buffer(bare.out, frames), jack_port_get_buffer(bare.in, frames),
                    frames * sizeof(float));
        return 0;
    }
};

int run_bare() {
    Bare bare;
    bare.client = jack_client_open("echo", JackNoStartServer, nullptr);
    if (bare.client == nullptr) {
        return 1;
    }
    bare.in = jack_port_register(bare.client, "in_1", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
    bare.out =
        jack_port_register(bare.client, "out_1", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
    jack_set_process_callback(bare.client, Bare::process, &bare);
    if (jack_activate(bare.client) != 0) {
        return 1;
    }
    wait_for_the_end();
    return jack_client_close(bare.client);
}

} // namespace

int main(int count, char** words) {
    return count == 2 && std::strcmp(words[1], "device") == 0 ? run_device() : run_bare();
}
