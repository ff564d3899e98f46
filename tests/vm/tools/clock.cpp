// Runs a card's playback for ever without serving it, so that its PCM timer ticks once a period:
// what moves snd-aloop when it is loaded with timer_source=. (By itself aloop moves in jiffies of
// 192 frames.) All that runs on the cable must then have this period.
//
//     clock DEVICE PERIOD
#include "card.hpp"

#include <unistd.h>

int main(int count, char** words) {
    using namespace jig::vm;
    if (count != 3) {
        return 2;
    }
    snd_pcm_t* pcm = nullptr;
    must(snd_pcm_open(&pcm, words[1], SND_PCM_STREAM_PLAYBACK, 0), words[1]);
    const Shape shape{std::strtoul(words[2], nullptr, 10), 4, SND_PCM_FORMAT_S16_LE, false};
    install(pcm, shape);
    const std::vector<short> silence(shape.period * kChannels);
    must(snd_pcm_writei(pcm, silence.data(), shape.period), "write");
    must(snd_pcm_start(pcm), "start");
    std::puts("ready");
    std::fflush(stdout);
    for (;;) {
        pause();
    }
}
