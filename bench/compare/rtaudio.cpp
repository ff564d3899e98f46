// A pass-through on RtAudio's JACK host, or its ALSA host.
//
//     compare_rtaudio NAME planar|interleaved PERIOD
//     compare_rtaudio DEVICE planar|interleaved PERIOD PERIODS      ALSA: "hw:Loopback,0"
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

unsigned device_called(RtAudio& audio, const std::string& name) {
    for (unsigned i = 0; i < audio.getDeviceCount(); ++i) {
        if (audio.getDeviceInfo(i).name == name) {
            return i;
        }
    }
    return audio.getDefaultOutputDevice();
}

} // namespace

int main(int count, char** words) {
    if (count != 4 && count != 5) {
        return 2;
    }
    const bool is_alsa = count == 5;
    const bool is_planar = words[2] == std::string("planar");
    RtAudio audio(is_alsa ? RtAudio::LINUX_ALSA : RtAudio::UNIX_JACK);
    if (audio.getDeviceCount() == 0) {
        return 1;
    }
    RtAudio::StreamParameters out;
    RtAudio::StreamParameters in;
    out.deviceId = is_alsa ? device_called(audio, words[1]) : audio.getDefaultOutputDevice();
    in.deviceId = is_alsa ? out.deviceId : audio.getDefaultInputDevice();
    out.nChannels = in.nChannels = kChannels;
    RtAudio::StreamOptions options;
    options.streamName = words[1];
    options.numberOfBuffers = is_alsa ? static_cast<unsigned>(std::atoi(words[4])) : 0;
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
