// What the host costs around a plugin: the whole callback against a bare call of process on the
// same buffers. Read the ratio of the two at one size; the machines are noisy, single times mean
// little.
#include "audio/device.hpp"
#include "engine/core.hpp"
#include "link/memory.hpp"
#include "link/slots.hpp"

#include <benchmark/benchmark.h>

#include <memory>
#include <stdexcept>
#include <vector>

namespace {

using namespace jig;

constexpr double kRateHz = 48000;
constexpr std::uint32_t kChannels = 2;

/// Keeps the callback, so that the benchmark can call it as a device would.
class HeldDevice final : public audio::Device {
  public:
    rt::Callback callback = nullptr;
    void* context = nullptr;

    Result<audio::DeviceInfo> open(const audio::DeviceConfig&) override { return info(); }
    Result<void> start(rt::Callback function, void* argument) override {
        callback = function;
        context = argument;
        return {};
    }
    void stop() override {}
    void close() override {}
    Result<void> add_ports(const audio::DeviceConfig&) override { return {}; }
    void set_inputs_connected(bool) override {}
    void set_plugin_latency(std::uint32_t) override {}
    std::vector<std::pair<std::string, std::string>> connections() override { return {}; }
    std::vector<audio::DeviceEvent> poll_events() override { return {}; }
    audio::DeviceInfo info() const override {
        audio::DeviceInfo info;
        info.kind = "held";
        info.rate_hz = kRateHz;
        info.max_frames = link::kMaxFrames;
        return info;
    }
};

class Silent final : public engine::Notices {
    void swapped(const link::Swapped&) override {}
    void retired(const link::Retired&) override {}
    void device_changed(const link::DeviceState&) override {}
    void latency_changed(std::uint32_t) override {}
    void xrun(std::uint64_t) override {}
};

template <typename T>
T take(Result<T> result) {
    if (!result) {
        throw std::runtime_error(result.error());
    }
    return std::move(*result);
}

struct Buffers {
    explicit Buffers(std::uint32_t frames)
        : in_samples(kChannels, std::vector<float>(frames, 0.25F)),
          out_samples(kChannels, std::vector<float>(frames)) {
        for (std::uint32_t c = 0; c < kChannels; ++c) {
            in.push_back(in_samples[c].data());
            out.push_back(out_samples[c].data());
        }
    }
    std::vector<std::vector<float>> in_samples;
    std::vector<std::vector<float>> out_samples;
    std::vector<const float*> in;
    std::vector<float*> out;
};

void bare_process(benchmark::State& state) {
    const auto frames = static_cast<std::uint32_t>(state.range(0));
    const auto library = take(plugin::Library::open(JIG_BENCH_GAIN));
    const auto* gain = take(library.select());
    jig_host host{};
    host.struct_size = sizeof host;
    host.name = host.version = "bench";
    auto instance = take(plugin::Instance::create(*gain, host));
    const auto channels = take(plugin::choose_channels(*gain));
    if (!instance.activate({kRateHz, link::kMaxFrames, JIG_MODE_REALTIME, channels})) {
        throw std::runtime_error("gain does not activate");
    }
    Buffers buffers(frames);
    const jig_audio_in in{buffers.in.data(), kChannels, 0, 0};
    jig_audio_out out{buffers.out.data(), kChannels, 0, 0};
    float param = -6;
    float out_param = 0;
    jig_block block{};
    block.struct_size = sizeof block;
    block.frames = frames;
    block.in = &in;
    block.out = &out;
    block.in_count = block.out_count = 1;
    block.params = &param;
    block.out_params = &out_param;
    for (auto _ : state) {
        gain->process(instance.raw(), &block);
        benchmark::ClobberMemory();
        block.frame += frames;
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
    take(core.open_device({"held", kRateHz, frames, true, false, "bench", 0, {}}));
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
