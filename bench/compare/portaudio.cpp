// A pass-through on PortAudio's JACK host.
//
//     compare_portaudio NAME planar|interleaved FRAMES       a block; 0: as JACK has them
#include "through.hpp"

#include <cstdlib>
#include <pa_jack.h>
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

} // namespace

int main(int count, char** words) {
    if (count != 4) {
        return 2;
    }
    const bool is_planar = words[2] == std::string("planar");
    PaJack_SetClientName(words[1]);
    if (Pa_Initialize() != paNoError || jack_device() == paNoDevice) {
        return 1;
    }
    PaStreamParameters side{};
    side.device = jack_device();
    side.channelCount = kChannels;
    side.sampleFormat = is_planar ? paFloat32 | paNonInterleaved : paFloat32;
    PaStream* stream = nullptr;
    if (Pa_OpenStream(&stream, &side, &side, kRateHz, std::strtoul(words[3], nullptr, 10),
                      paClipOff | paDitherOff, is_planar ? planar : interleaved,
                      nullptr) != paNoError ||
        Pa_StartStream(stream) != paNoError) {
        return 1;
    }
    run_until_told();
    Pa_CloseStream(stream);
    return Pa_Terminate();
}
