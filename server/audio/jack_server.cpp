#include "audio/jack_server.hpp"

#include "audio/event_queue.hpp"

#include <cstdlib>
#include <jack/jack.h>
#include <string_view>

// jackd1's libjack lacks it.
extern "C" const char* jack_get_version_string() __attribute__((weak));

namespace jig::audio {

namespace {

EventQueue& messages() {
    // Never destroyed: libjack's threads may speak after main() returned.
    static auto* queue = new EventQueue;
    return *queue;
}

void on_message(const char* text) {
    messages().push(DeviceEvent::Kind::message, 0, text);
}

std::string server_instance() {
    const char* name = std::getenv("JACK_DEFAULT_SERVER");
    return name != nullptr && *name != '\0' ? name : "default";
}

} // namespace

std::string jack_server_name() {
    if (jack_get_version_string == nullptr) {
        return "JACK1 (server " + server_instance() + ")";
    }
    // PipeWire's libjack answers "3.0.0.0 (using PipeWire 0.3.65)".
    constexpr std::string_view kMark = "using PipeWire ";
    const std::string version = jack_get_version_string();
    if (const std::size_t at = version.find(kMark); at != std::string::npos) {
        const std::size_t begin = at + kMark.size();
        return "PipeWire " + version.substr(begin, version.find(')', begin) - begin) + " (JACK)";
    }
    return "JACK " + version + " (server " + server_instance() + ")";
}

void capture_jack_messages() {
    messages();
    jack_set_error_function(on_message);
    jack_set_info_function(on_message);
}

void take_jack_messages(std::vector<DeviceEvent>& events) {
    messages().drain(events);
}

Error no_jack_server(unsigned status) {
    if ((status & JackVersionError) != 0) {
        return Error{"The running JACK server and this libjack are of different versions; restart "
                     "the server after an upgrade."};
    }
    if ((status & JackShmFailure) != 0) {
        return Error{"JACK's shared memory is out of reach; the server may run as another user, or "
                     "/dev/shm may be full."};
    }
    return Error{"No JACK server is running (server \"" + server_instance() +
                 "\"): start jackd or PipeWire, or take --device virtual."};
}

} // namespace jig::audio
