// What bringing the input over from another clock costs, beside what libsamplerate would take.
#include "audio/clocks/capture_resampler.hpp"

#include <benchmark/benchmark.h>
#include <cstdint>
#include <samplerate.h>
#include <vector>

namespace {

constexpr std::uint32_t kFrames = 128;
constexpr double kRatio = 1.0005;
constexpr double kPeriodNs = 1e9 * kFrames / 48000;

/// A period captured and a period played, 500 ppm apart; with as many channels as the argument.
void capture_resampler(benchmark::State& state) {
    const auto channels = static_cast<std::uint32_t>(state.range(0));
    jig::audio::CaptureResampler resampler;
    resampler.configure({.channels = channels, .push_frames = kFrames, .ring_frames = 4 * kFrames});
    const std::vector<float> in(kFrames, 0.25F);
    std::vector<float> out(kFrames);
    const std::vector<const float*> ins(channels, in.data());
    const std::vector<float*> outs(channels, out.data());
    double captured_ns = 0;
    double played_ns = 0;
    for (auto _ : state) {
        played_ns += kPeriodNs;
        while (captured_ns < played_ns) {
            captured_ns += kPeriodNs / kRatio;
            resampler.push(ins.data(), kFrames, static_cast<std::int64_t>(captured_ns));
        }
        resampler.pull(outs.data(), kFrames, static_cast<std::int64_t>(played_ns));
        benchmark::ClobberMemory();
    }
    if (resampler.underruns() + resampler.overruns() > 0) {
        state.SkipWithError("it did not keep up with its own clocks");
    }
    state.SetItemsProcessed(state.iterations() * kFrames);
}
BENCHMARK(capture_resampler)->Arg(1)->Arg(2)->Arg(8);

/// The least of libsamplerate's converters that passes 20 kHz at 48 kHz.
void libsamplerate_medium(benchmark::State& state) {
    const auto channels = static_cast<int>(state.range(0));
    int fault = 0;
    SRC_STATE* converter = src_new(SRC_SINC_MEDIUM_QUALITY, channels, &fault);
    const auto samples = static_cast<std::size_t>(channels) * kFrames;
    const std::vector<float> in(samples, 0.25F);
    std::vector<float> out(2 * samples);
    std::int64_t frames = 0;
    for (auto _ : state) {
        SRC_DATA data{};
        data.data_in = in.data();
        data.data_out = out.data();
        data.input_frames = kFrames;
        data.output_frames = 2 * kFrames;
        data.src_ratio = 1 / kRatio;
        src_process(converter, &data);
        frames += data.output_frames_gen;
        benchmark::ClobberMemory();
    }
    src_delete(converter);
    state.SetItemsProcessed(frames);
}
BENCHMARK(libsamplerate_medium)->Arg(1)->Arg(2)->Arg(8);

} // namespace
