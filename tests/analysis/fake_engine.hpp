// tests/analysis/fake_engine.hpp: writes the shared region as an engine does, under the test's
// hand.
#pragma once

#include "link/memory.hpp"
#include "link/rings.hpp"
#include "link/streams.hpp"

#include <functional>
#include <vector>

namespace jig::test {

class FakeEngine {
  public:
    explicit FakeEngine(double rate_hz = 48000, std::uint32_t ins = 1, std::uint32_t outs = 2)
        : regions_(std::move(*link::Regions::create())), streams_{regions_.streams(),
                                                                  link::stream_frames(rate_hz)} {
        set_channels(ins, outs);
        region().generation = 1;
    }

    [[nodiscard]] link::EngineRegion& region() { return regions_.engine(); }
    [[nodiscard]] float* streams() { return regions_.streams(); }
    [[nodiscard]] const link::StreamLayout& layout() const { return streams_; }

    void set_channels(std::uint32_t ins, std::uint32_t outs) {
        region().in_channels = ins;
        region().out_channels = outs;
    }
    void set_rate(double rate_hz) { streams_.frames = link::stream_frames(rate_hz); }

    /// Renders one block. `sample(channel, frame)`: outputs count from 0, inputs from −1 downwards.
    void render(std::uint32_t frames, const std::function<float(int, std::uint64_t)>& sample) {
        const std::uint64_t begin = region().frame;
        std::vector<float> block(frames);
        const auto write = [&](float* stream, int channel) {
            for (std::uint32_t i = 0; i < frames; ++i) {
                block[i] = sample(channel, begin + i);
            }
            link::write_stream(stream, streams_.frames, begin, block.data(), frames);
        };
        for (std::uint32_t c = 0; c < region().in_channels; ++c) {
            write(streams_.input(c), -1 - static_cast<int>(c));
        }
        for (std::uint32_t c = 0; c < region().out_channels; ++c) {
            write(streams_.output(c), static_cast<int>(c));
        }
        region().frame.store(begin + frames, std::memory_order_release);
    }

  private:
    link::Regions regions_;
    link::StreamLayout streams_;
};

} // namespace jig::test
