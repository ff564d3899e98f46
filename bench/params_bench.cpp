// What the audio thread does about parameters and taps, part by part.
#include "bench/rig.hpp"
#include "rt/host_calls.hpp"
#include "rt/params.hpp"

#include <benchmark/benchmark.h>
#include <numeric>

namespace {

using namespace jig;
using namespace jig::bench;

constexpr std::uint32_t kParams = 1000;

/// A build of a thousand parameters, as the audio thread sees it.
struct Wide {
    Wide() {
        std::iota(slots.begin(), slots.end(), 0U);
        build.param_count = kParams;
        build.slots = slots.data();
        build.params = values.data();
    }
    std::vector<std::uint32_t> slots = std::vector<std::uint32_t>(kParams);
    std::vector<float> values = std::vector<float>(kParams);
    rt::Build build;
};

/// A block's snapshot of a thousand parameters, of which so many have just been written; their
/// writing is in the figure.
void snapshot_of_1000(benchmark::State& state) {
    kAudioThread.assume();
    const auto changed = static_cast<std::uint32_t>(state.range(0));
    const auto regions = take(link::Regions::create());
    auto& server = regions.server();
    const auto params = std::make_unique<rt::Params>(server, regions.engine());
    Wide wide;
    std::uint32_t revision = 0;
    for (auto _ : state) {
        ++revision;
        for (std::uint32_t i = 0; i < changed; ++i) {
            server.slots[i].store(link::pack({0.5F, revision, false}), std::memory_order_relaxed);
        }
        if (changed > 0) {
            server.param_epoch.fetch_add(1, std::memory_order_release);
        }
        params->snapshot(revision, &wide.build, nullptr, false);
        params->fill(wide.build);
        benchmark::ClobberMemory();
    }
    if (changed > 0 && wide.values[changed - 1] != 0.5F) {
        state.SkipWithError("the snapshot missed a change");
    }
}
BENCHMARK(snapshot_of_1000)->Arg(0)->Arg(1)->Arg(1000);

void tap_push(benchmark::State& state) {
    const auto regions = take(link::Regions::create());
    rt::HostContext context;
    context.region = &regions.engine();
    const jig_tap_kind kind = JIG_TAP_VALUE;
    float latest = 0;
    float* buffer = &latest;
    rt::Build build;
    build.tap_count = 1;
    build.tap_kinds = &kind;
    build.tap_buffers = &buffer;
    context.build = &build;
    const auto host = rt::make_host(context, "bench");
    float value = 0;
    for (auto _ : state) {
        value += 1;
        benchmark::DoNotOptimize(host.tap_push(host.ctx, 0, &value, 1));
    }
    if (latest != value) {
        state.SkipWithError("the tap does not hold the last value");
    }
}
BENCHMARK(tap_push);

} // namespace
