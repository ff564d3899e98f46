// A pass-through on PortAudio's JACK host, or its ALSA host.
//
//     compare_portaudio NAME planar|interleaved FRAMES       a block; 0: as JACK has them
//     compare_portaudio DEVICE planar|interleaved FRAMES PERIODS      ALSA: "hw:1,0"
#include "through.hpp"

#include <cstdlib>
#include <pa_jack.h>
#include <pa_linux_alsa.h>
#include <portaudio.h>
#include <string>

namespace {

using namespace jig::compare;

int planar(const void* in, void* out, unsigned long frames, const PaStreamCallbackTimeInfo*,
           PaStreamCallbackFlags, void*) {
    through_planar(static_cast<const float* const*>(in), static_cast<float* const*>(out), frames);
    return paContinue;
}

int interleaved(const void* in, void* out, unsigned long frames, const PaStreamCallbackTimeInfo*,
                PaStreamCallbackFlags, void*) {
    through_interleaved(static_cast<const float*>(in), static_cast<float*>(out), frames);
    return paContinue;
}

PaDeviceIndex jack_device() {
    const PaHostApiIndex jack = Pa_HostApiTypeIdToHostApiIndex(paJACK);
    const PaHostApiInfo* info = jack >= 0 ? Pa_GetHostApiInfo(jack) : nullptr;
    return info != nullptr ? info->defaultInputDevice : paNoDevice;
}

PaDeviceIndex alsa_device(const std::string& address) {
    for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); ++i) {
        if (std::string(Pa_GetDeviceInfo(i)->name).find('(' + address + ')') != std::string::npos) {
            return i;
        }
    }
    return paNoDevice;
}

} // namespace

int main(int count, char** words) {
    if (count != 4 && count != 5) {
        return 2;
    }
    const bool is_alsa = count == 5;
    const bool is_planar = words[2] == std::string("planar");
    const unsigned long frames = std::strtoul(words[3], nullptr, 10);
    if (!is_alsa) {
        PaJack_SetClientName(words[1]);
    }
    if (Pa_Initialize() != paNoError) {
        return 1;
    }
    PaStreamParameters side{};
    side.device = is_alsa ? alsa_device(words[1]) : jack_device();
    if (side.device == paNoDevice) {
        return 1;
    }
    if (is_alsa) {
        // Its ring is a block and the latency that it was asked for.
        const long periods = std::strtol(words[4], nullptr, 10);
        PaAlsa_SetNumPeriods(static_cast<int>(periods));
        side.suggestedLatency =
            static_cast<double>(frames) * static_cast<double>(periods - 1) / kRateHz;
    }
    side.channelCount = kChannels;
    side.sampleFormat = is_planar ? paFloat32 | paNonInterleaved : paFloat32;
    PaStream* stream = nullptr;
    if (Pa_OpenStream(&stream, &side, &side, kRateHz, frames, paClipOff | paDitherOff,
                      is_planar ? planar : interleaved, nullptr) != paNoError ||
        Pa_StartStream(stream) != paNoError) {
        return 1;
    }
    run_until_told();
    Pa_CloseStream(stream);
    return Pa_Terminate();
}
