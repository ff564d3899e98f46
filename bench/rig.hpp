// jig/bench/rig.hpp: a device, an engine and a lone plugin, each to be called by a benchmark.
#pragma once

#include "audio/device.hpp"
#include "engine/core.hpp"
#include "link/memory.hpp"
#include "link/slots.hpp"

#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace jig::bench {

inline constexpr double kRateHz = 48000;
inline constexpr std::uint32_t kChannels = 2;

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

/// Nobody listens.
class Silent final : public engine::Notices {
    void swapped(const link::Swapped&) override {}
    void retired(const link::Retired&) override {}
    void device_changed(const link::DeviceState&) override {}
    void latency_changed(std::uint32_t) override {}
};

/// What a benchmark cannot do without.
template <typename T>
T take(Result<T> result) {
    if (!result) {
        throw std::runtime_error(result.error());
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*result);
    }
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

/// One plugin and the block that its process gets, without a host around it.
class Bare {
  public:
    Bare(const jig_plugin& plugin, std::vector<float> params, std::uint32_t frames)
        : plugin_(plugin), params_(std::move(params)), out_params_(params_.size()),
          buffers_(frames) {
        host_.struct_size = sizeof host_;
        host_.name = host_.version = "bench";
        instance_.emplace(take(plugin::Instance::create(plugin, host_)));
        const auto channels = take(plugin::choose_channels(plugin));
        take(instance_->activate({kRateHz, link::kMaxFrames, JIG_MODE_REALTIME, channels}));
        block_.struct_size = sizeof block_;
        block_.frames = frames;
        block_.in = &in_;
        block_.out = &out_;
        block_.in_count = static_cast<std::uint32_t>(channels.in.size());
        block_.out_count = static_cast<std::uint32_t>(channels.out.size());
        block_.params = params_.data();
        block_.out_params = out_params_.data();
    }

    void process() {
        plugin_.process(instance_->raw(), &block_);
        block_.frame += block_.frames;
    }
    /// One block with these events.
    void process(const std::vector<jig_event>& events) {
        block_.events = events.data();
        block_.event_count = static_cast<std::uint32_t>(events.size());
        process();
        block_.events = nullptr;
        block_.event_count = 0;
    }
    [[nodiscard]] const Buffers& buffers() const { return buffers_; }

  private:
    const jig_plugin& plugin_;
    jig_host host_{};
    std::vector<float> params_;
    std::vector<float> out_params_;
    Buffers buffers_;
    jig_audio_in in_{buffers_.in.data(), kChannels, 0, 0};
    jig_audio_out out_{buffers_.out.data(), kChannels, 0, 0};
    jig_block block_{};
    std::optional<plugin::Instance> instance_;
};

} // namespace jig::bench
