// A hundred voices of the SDK's, by way of the C ABI.
#include "bench/rig.hpp"

#include <benchmark/benchmark.h>
#include <cmath>
#include <jig/jig.hpp>
#include <numbers>

namespace {

constexpr std::uint32_t kVoices = 100;
constexpr std::uint32_t kFrames = 128;

/// A sine by rotation: the voice costs little, so that what holds it together shows.
struct Sine : jig::Voice {
    float cosine = 1, sine = 0, turn_cosine = 1, turn_sine = 0;

    void start(const jig::Note& note) {
        const float step =
            2 * std::numbers::pi_v<float> * note.hz() / static_cast<float>(jig::bench::kRateHz);
        turn_cosine = std::cos(step);
        turn_sine = std::sin(step);
        cosine = 1;
        sine = 0;
    }
    void stop() {}
    bool render(jig::Block& b) {
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            const float next = cosine * turn_cosine - sine * turn_sine;
            sine = sine * turn_cosine + cosine * turn_sine;
            cosine = next;
            b.out(0, i) += sine;
        }
        return true;
    }
};

struct Choir : jig::Instrument {
    static constexpr auto id = "dev.jig.bench.choir", name = "Choir";
    jig::Voices<kVoices, Sine> voices{this};

    void process(jig::Block b) {
        for (std::uint32_t c = 0; c < b.channels(); ++c) {
            std::fill_n(&b.out(c, 0), b.frames(), 0.0f);
        }
        voices.render(b);
    }
};

} // namespace

JIG_PLUGIN(Choir)

namespace {

using namespace jig;

/// Blocks of 128 frames in which so many voices sound.
void voices(benchmark::State& state) {
    bench::Bare choir(*jig_entry_v1()->plugins[0], {}, kFrames);
    std::vector<jig_event> notes;
    for (std::int64_t i = 0; i < state.range(0); ++i) {
        jig_event on{};
        on.type = JIG_EVENT_NOTE_ON;
        on.u.note.voice = static_cast<std::int32_t>(i);
        on.u.note.key = static_cast<std::int16_t>(i);
        on.u.note.velocity = 0.01F;
        notes.push_back(on);
    }
    choir.process(notes);
    for (auto _ : state) {
        choir.process();
        benchmark::ClobberMemory();
    }
    if (state.range(0) > 0 && choir.buffers().out_samples[0][kFrames - 1] == 0.0F) {
        state.SkipWithError("nothing sounds");
    }
    state.SetItemsProcessed(state.iterations() * state.range(0) * kFrames);
}
BENCHMARK(voices)->Arg(0)->Arg(10)->Arg(kVoices);

} // namespace
