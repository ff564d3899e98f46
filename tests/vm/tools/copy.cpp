// The least that a duplex program can be: reads a period, writes it, two periods ahead. Its round
// trip is 2 periods by construction; what far_side says of it is what far_side itself adds.
//
//     copy DEVICE PERIOD [PERIODS]        of the ring
#include "card.hpp"

int main(int count, char** words) {
    using namespace jig::vm;
    if (count < 3) {
        return 2;
    }
    Shape shape;
    shape.period = std::strtoul(words[2], nullptr, 10);
    shape.periods = count > 3 ? static_cast<unsigned>(std::atoi(words[3])) : 2;
    const Pair card(words[1], shape);
    auto buffer = card.period_buffer();
    for (int i = 0; i < 2; ++i) {
        must(snd_pcm_writei(card.playback, buffer.data(), shape.period), "write");
    }
    run_realtime(70);
    must(snd_pcm_start(card.capture), "start");
    std::puts("ready");
    std::fflush(stdout);
    for (;;) {
        must(snd_pcm_readi(card.capture, buffer.data(), shape.period), "read");
        must(snd_pcm_writei(card.playback, buffer.data(), shape.period), "write");
    }
}
