// Jig's own ALSA device around a callback that copies: what the server adds nothing to.
//
//     through ADDRESS PERIOD PERIODS PREFILL [resample]     says "ready"; ends with its standard
//     input
//
// At its end it prints a line of JSON with the cycles, and each event of the device, in order.
#include "audio/device.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

namespace {

using namespace jig;

struct Seen {
    std::uint64_t cycles = 0;
    std::uint64_t discontinuities = 0;
    std::uint64_t wrong_frames = 0; ///< cycles of another size than the period
    std::uint32_t frames = 0;
};

void copy(void* context, const rt::Cycle& cycle) noexcept {
    Seen& seen = *static_cast<Seen*>(context);
    ++seen.cycles;
    seen.discontinuities += (cycle.flags & rt::kCycleDiscontinuity) != 0 ? 1 : 0;
    seen.wrong_frames += cycle.frames != seen.frames ? 1 : 0;
    for (int c = 0; c < 2; ++c) {
        std::copy_n(cycle.in[c], cycle.frames, cycle.out[c]);
    }
}

void print(const Seen& seen, const audio::DeviceInfo& info,
           const std::vector<audio::DeviceEvent>& events) {
    std::printf("{\"cycles\": %llu, \"discontinuities\": %llu, \"wrong_frames\": %llu, "
                "\"round_trip\": %u, \"exact\": %s, \"realtime\": %s, \"detail\": \"%s\", "
                "\"events\": [",
                static_cast<unsigned long long>(seen.cycles),
                static_cast<unsigned long long>(seen.discontinuities),
                static_cast<unsigned long long>(seen.wrong_frames), info.round_trip_frames,
                info.round_trip_exact ? "true" : "false", info.realtime ? "true" : "false",
                info.detail.c_str());
    for (std::size_t i = 0; i < events.size(); ++i) {
        std::printf("%s[%d, %u, \"%s\"]", i > 0 ? ", " : "", static_cast<int>(events[i].kind),
                    events[i].value, events[i].text.c_str());
    }
    std::puts("]}");
    std::fflush(stdout);
}

} // namespace

int main(int count, char** words) {
    if (count != 5 && !(count == 6 && std::strcmp(words[5], "resample") == 0)) {
        return 2;
    }
    const auto device = audio::make_alsa_device();
    audio::DeviceConfig config;
    config.address = words[1];
    config.period_frames = static_cast<std::uint32_t>(std::atoi(words[2]));
    config.periods = static_cast<std::uint32_t>(std::atoi(words[3]));
    config.prefill_periods = static_cast<std::uint32_t>(std::atoi(words[4]));
    config.resample_capture = count == 6;
    config.in = {{"in_1"}, {"in_2"}};
    config.out = {{"out_1"}, {"out_2"}};
    config.connect_inputs = true;
    mlockall(MCL_CURRENT | MCL_FUTURE); // as the engine does; in a guest a page may take long
    Seen seen;
    seen.frames = config.period_frames;
    const auto opened = device->open(config);
    if (!opened) {
        std::fprintf(stderr, "%s\n", opened.error().c_str());
        return 1;
    }
    if (const auto started = device->start(copy, &seen); !started) {
        std::fprintf(stderr, "%s\n", started.error().c_str());
        return 1;
    }
    std::puts("ready");
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    device->stop();
    print(seen, device->info(), device->poll_events());
    device->close();
    return 0;
}
