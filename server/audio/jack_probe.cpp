// The probe's child: asks the JACK server that this process's libjack leads to.

#include "audio/probe.hpp"
#include "audio/probe_line.hpp"

#include "audio/jack_server.hpp"

#include <cstdio>
#include <jack/jack.h>

namespace jig::audio {

int probe_jack_main() {
    capture_jack_messages();
    jack_status_t status{};
    jack_client_t* client = jack_client_open("jig-probe", JackNoStartServer, &status);
    if (client == nullptr) {
        std::puts(format_probe_error(no_jack_server(status).message).c_str());
        return 1;
    }
    JackServer server;
    server.rate_hz = jack_get_sample_rate(client);
    server.period_frames = jack_get_buffer_size(client);
    server.realtime = jack_is_realtime(client) != 0;
    server.name = jack_server_name();
    std::puts(format_probe_line(server).c_str());
    // The answer counts even if the server never lets us go.
    std::fflush(stdout);
    jack_client_close(client);
    return 0;
}

} // namespace jig::audio
