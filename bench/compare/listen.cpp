// A pair of inputs that looks like a sound card's; prints "ready", and once CLOCK_MONOTONIC in ns
// of the first cycle in which it hears something. Ends with its standard input.
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <jack/jack.h>
#include <poll.h>
#include <string>

namespace {

struct Listener {
    jack_client_t* client = nullptr;
    std::array<jack_port_t*, 2> in{};
    std::atomic<std::int64_t> heard_ns{0}; // release in process, acquire in main

    static int process(jack_nframes_t frames, void* self) {
        auto& listener = *static_cast<Listener*>(self);
        const auto* samples =
            static_cast<const float*>(jack_port_get_buffer(listener.in[0], frames));
        for (jack_nframes_t i = 0; i < frames; ++i) {
            if (samples[i] != 0.0F && listener.heard_ns.load(std::memory_order_relaxed) == 0) {
                timespec now{};
                clock_gettime(CLOCK_MONOTONIC, &now);
                listener.heard_ns.store(std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec,
                                        std::memory_order_release);
            }
        }
        return 0;
    }
};

} // namespace

int main() {
    Listener listener;
    listener.client = jack_client_open("listen", JackNoStartServer, nullptr);
    if (listener.client == nullptr) {
        return 1;
    }
    for (unsigned c = 0; c < listener.in.size(); ++c) {
        listener.in[c] = jack_port_register(
            listener.client, ("in_" + std::to_string(c + 1)).c_str(), JACK_DEFAULT_AUDIO_TYPE,
            JackPortIsInput | JackPortIsPhysical | JackPortIsTerminal, 0);
    }
    jack_set_process_callback(listener.client, Listener::process, &listener);
    if (jack_activate(listener.client) != 0) {
        return 1;
    }
    std::puts("ready");
    std::fflush(stdout);
    pollfd input{0, POLLIN, 0};
    bool told = false;
    while (::poll(&input, 1, 5) == 0) {
        const auto heard_ns = listener.heard_ns.load(std::memory_order_acquire);
        if (heard_ns != 0 && !told) {
            told = true;
            std::printf("%lld\n", static_cast<long long>(heard_ns));
            std::fflush(stdout);
        }
    }
    return jack_client_close(listener.client);
}
