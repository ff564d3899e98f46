// What the host costs around a plugin: the whole callback against a bare call of process on the
// same buffers. Read the ratio of the two at one size; the machines are noisy, single times mean
// little.
#include "bench/rig.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace jig;
using namespace jig::bench;

void bare_process(benchmark::State& state) {
    const auto library = take(plugin::Library::open(JIG_BENCH_GAIN));
    Bare bare(*take(library.select()), {-6}, static_cast<std::uint32_t>(state.range(0)));
    for (auto _ : state) {
        bare.process();
        benchmark::ClobberMemory();
    }
}
BENCHMARK(bare_process)->RangeMultiplier(4)->Range(16, 1024);

void whole_callback(benchmark::State& state) {
    const auto frames = static_cast<std::uint32_t>(state.range(0));
    const auto regions = take(link::Regions::create());
    const auto view = take(link::EngineView::map(regions.server_fd(), regions.engine_fd()));
    Silent notices;
    HeldDevice* device = nullptr;
    engine::Core core(view.server(), view.engine(), view.streams(), notices,
                      [&](const std::string&) -> std::unique_ptr<audio::Device> {
                          auto made = std::make_unique<HeldDevice>();
                          device = made.get();
                          return made;
                      });
    link::OpenDevice request;
    request.device = "held";
    request.rate_hz = kRateHz;
    request.period_frames = frames;
    take(core.open_device(request));
    engine::Refusal refusal;
    take(core.load({1, JIG_BENCH_GAIN, "gain.so", ""}, refusal));
    regions.server().slots[0].store(link::pack({-6.0F, 1, false}));
    take(core.install({1, {0}, 0}, refusal));

    Buffers buffers(frames);
    rt::Cycle cycle;
    cycle.frames = frames;
    cycle.rate_hz = kRateHz;
    cycle.in = buffers.in.data();
    cycle.out = buffers.out.data();
    cycle.in_count = cycle.out_count = kChannels;
    for (std::uint32_t done = 0; done < kRateHz; done += frames) {
        device->callback(device->context, cycle); // past the start fade
    }
    for (auto _ : state) {
        device->callback(device->context, cycle);
        benchmark::ClobberMemory();
    }
}
BENCHMARK(whole_callback)->RangeMultiplier(4)->Range(16, 1024);

} // namespace
