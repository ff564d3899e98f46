// What a message costs the server: frames of meters out, changes of parameters in.
#include "wire/codec.hpp"
#include "wire/frame.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace jig::wire;

constexpr std::size_t kReadings = 8; // of a channel

FrameHeader meters(std::size_t channels) {
    FrameHeader header;
    header.sub = 1;
    header.seq = 1000;
    header.frame = 48'000'000;
    header.generation = 3;
    header.channels = static_cast<std::uint16_t>(channels);
    return header;
}

void encode_meters(benchmark::State& state) {
    const auto channels = static_cast<std::size_t>(state.range(0));
    const std::vector<float> values(channels * kReadings, 0.25F);
    for (auto _ : state) {
        benchmark::DoNotOptimize(encode_frame(meters(channels), values));
    }
}
BENCHMARK(encode_meters)->Arg(4)->Arg(64);

void encode_meters_as_json(benchmark::State& state) {
    const auto channels = static_cast<std::size_t>(state.range(0));
    const std::vector<float> values(channels * kReadings, 0.25F);
    for (auto _ : state) {
        benchmark::DoNotOptimize(encode_frame_json(meters(channels), values));
    }
}
BENCHMARK(encode_meters_as_json)->Arg(4);

void decode_param_set(benchmark::State& state) {
    constexpr std::string_view kText =
        R"({"jsonrpc":"2.0","id":42,"method":"param.set","params":{"id":"gain","value":-6.5}})";
    for (auto _ : state) {
        auto parsed = parse_request(kText);
        if (!std::holds_alternative<Envelope>(parsed)) {
            state.SkipWithError("refused");
            break;
        }
        benchmark::DoNotOptimize(parsed);
    }
}
BENCHMARK(decode_param_set);

} // namespace
