// A pass-through on RtAudio's JACK host.
//
//     compare_rtaudio NAME planar|interleaved PERIOD
#include "through.hpp"

#include <RtAudio.h>
#include <array>
#include <cstdlib>
#include <string>

namespace {

using namespace jig::compare;

int planar(void* out, void* in, unsigned frames, double, RtAudioStreamStatus, void*) {
    std::array<const float*, kChannels> from{};
    std::array<float*, kChannels> to{};
    for (unsigned c = 0; c < kChannels; ++c) {
        from[c] = static_cast<const float*>(in) + std::size_t{c} * frames;
        to[c] = static_cast<float*>(out) + std::size_t{c} * frames;
    }
    through_planar(from.data(), to.data(), frames);
    return 0;
}

int interleaved(void* out, void* in, unsigned frames, double, RtAudioStreamStatus, void*) {
    through_interleaved(static_cast<const float*>(in), static_cast<float*>(out), frames);
    return 0;
}

} // namespace

int main(int count, char** words) {
    if (count != 4) {
        return 2;
    }
    const bool is_planar = words[2] == std::string("planar");
    RtAudio audio(RtAudio::UNIX_JACK);
    if (audio.getDeviceCount() == 0) {
        return 1;
    }
    RtAudio::StreamParameters out;
    RtAudio::StreamParameters in;
    out.deviceId = audio.getDefaultOutputDevice();
    in.deviceId = audio.getDefaultInputDevice();
    out.nChannels = in.nChannels = kChannels;
    RtAudio::StreamOptions options;
    options.streamName = words[1];
    options.flags = is_planar ? RTAUDIO_NONINTERLEAVED : 0;
    auto frames = static_cast<unsigned>(std::strtoul(words[3], nullptr, 10));
    try {
        audio.openStream(&out, &in, RTAUDIO_FLOAT32, kRateHz, &frames,
                         is_planar ? planar : interleaved, nullptr, &options);
        audio.startStream();
    } catch (const RtAudioError& error) {
        error.printMessage();
        return 1;
    }
    run_until_told();
    audio.closeStream();
    return 0;
}
