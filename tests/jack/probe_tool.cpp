// The probe as the server's executable has it, for tests:
//   probe              probe_jack_main()
//   devices            what find_devices() finds, running itself
//   cycle COUNT        opens the JACK device, runs COUNT cycles, says what it saw
//   follow             the same, then waits for the server's end and for its return

#include "audio/device.hpp"
#include "audio/probe.hpp"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

namespace {

using namespace jig;

int devices(const char* self) {
    const std::vector<audio::FoundDevice> found = audio::find_devices({self, {"probe"}});
    for (const audio::FoundDevice& device : found) {
        std::printf("%s|%s|%s|%d|%s|%s\n", device.kind.c_str(), device.name.c_str(),
                    device.description.c_str(), device.available ? 1 : 0, device.reason.c_str(),
                    device.library_path.c_str());
    }
    const auto choice = audio::choose_device("auto", found);
    std::printf("chosen|%s|%s|%s\n", choice->kind.c_str(), choice->library_path.c_str(),
                choice->why.c_str());
    return 0;
}

std::atomic<unsigned> cycles{0};
std::atomic<unsigned> frames{0};

void silence(void* /*context*/, const rt::Cycle& cycle) noexcept {
    for (std::uint32_t i = 0; i < cycle.out_count; ++i) {
        std::memset(cycle.out[i], 0, cycle.frames * sizeof(float));
    }
    frames = cycle.frames;
    ++cycles;
}

using Clock = std::chrono::steady_clock;

template <typename Condition>
bool within_seconds(int seconds, Condition condition) {
    const auto deadline = Clock::now() + std::chrono::seconds(seconds);
    while (!condition() && Clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return condition();
}

bool run_cycles(audio::Device& device, unsigned count) {
    audio::DeviceConfig config;
    config.in = {{"in_1"}, {"in_2"}};
    config.out = {{"out_1"}, {"out_2"}};
    config.midi_in = true;
    cycles = 0;
    if (const auto opened = device.open(config); !opened) {
        std::printf("%s\n", opened.error().c_str());
        return false;
    }
    if (const auto started = device.start(silence, nullptr); !started) {
        std::printf("%s\n", started.error().c_str());
        return false;
    }
    return within_seconds(5, [count] { return cycles >= count; });
}

int cycle(unsigned count) {
    const std::unique_ptr<audio::Device> device = audio::make_jack_device();
    if (!run_cycles(*device, count)) {
        return 1;
    }
    const audio::DeviceInfo info = device->info();
    std::printf("%s|%.0f|%u|%u\n", info.name.c_str(), info.rate_hz, info.period_frames,
                frames.load());
    for (const auto& [own, other] : device->connections()) {
        std::printf("%s|%s\n", own.c_str(), other.c_str());
    }
    device->close();
    return 0;
}

bool lost(audio::Device& device) {
    for (const audio::DeviceEvent& event : device.poll_events()) {
        if (event.kind == audio::DeviceEvent::Kind::lost) {
            return true;
        }
    }
    return false;
}

int follow() {
    const std::unique_ptr<audio::Device> device = audio::make_jack_device();
    if (!run_cycles(*device, 3)) {
        return 1;
    }
    std::puts("running");
    std::fflush(stdout);
    bool gone = false;
    if (!within_seconds(8, [&] { return gone = gone || lost(*device); })) {
        return 2;
    }
    device->close();
    std::puts("lost");
    std::fflush(stdout);
    bool back = false;
    if (!within_seconds(8, [&] { return back = back || run_cycles(*device, 3); })) {
        return 3;
    }
    std::puts("back");
    device->close();
    return 0;
}

} // namespace

int main(int count, char** words) {
    const std::string command = count > 1 ? words[1] : "";
    if (command == "probe") {
        return audio::probe_jack_main();
    }
    if (command == "cycle" && count > 2) {
        return cycle(static_cast<unsigned>(std::atoi(words[2])));
    }
    if (command == "follow") {
        return follow();
    }
    return devices(words[0]);
}
