#include "tests/engine/rig.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

namespace jig::tests {

namespace {

/// A device that tells when it opens whether it may.
class GatedDevice final : public audio::Device {
  public:
    GatedDevice(const bool& may_open, audio::ManualDevice*& current)
        : may_open_(may_open), current_(current) {}

    Result<audio::DeviceInfo> open(const audio::DeviceConfig& config) override {
        if (!may_open_) {
            return Error{"the device is away"};
        }
        return device_.open(config);
    }
    Result<void> start(rt::Callback callback, void* context) override {
        current_ = &device_;
        return device_.start(callback, context);
    }
    void stop() override { device_.stop(); }
    void close() override { device_.close(); }
    Result<void> add_ports(const audio::DeviceConfig& config) override {
        return device_.add_ports(config);
    }
    void set_inputs_connected(bool on) override { device_.set_inputs_connected(on); }
    void set_plugin_latency(std::uint32_t frames) override { device_.set_plugin_latency(frames); }
    std::vector<std::pair<std::string, std::string>> connections() override {
        return device_.connections();
    }
    std::vector<audio::DeviceEvent> poll_events() override { return device_.poll_events(); }
    audio::DeviceInfo info() const override { return device_.info(); }

  private:
    const bool& may_open_;
    audio::ManualDevice*& current_;
    audio::ManualDevice device_;
};

const bool kAlways = true;

link::Regions make_regions() {
    auto regions = link::Regions::create();
    EXPECT_TRUE(regions.ok()) << (regions.ok() ? "" : regions.error());
    return std::move(*regions);
}

link::EngineView view_of(const link::Regions& regions) {
    auto view = link::EngineView::map(regions.server_fd(), regions.engine_fd());
    EXPECT_TRUE(view.ok()) << (view.ok() ? "" : view.error());
    return std::move(*view);
}

} // namespace

Signal sine(std::uint32_t channels, std::uint64_t first_frame, std::uint32_t frames, double hz,
            double level) {
    Signal signal(channels, std::vector<float>(frames));
    for (std::uint32_t i = 0; i < frames; ++i) {
        const double t = static_cast<double>(first_frame + i) / Rig::kRateHz;
        const double x = level * std::sin(2 * std::numbers::pi * hz * t);
        for (auto& channel : signal) {
            channel[i] = static_cast<float>(x);
        }
    }
    return signal;
}

Signal constant(std::uint32_t channels, std::uint32_t frames, float value) {
    return Signal(channels, std::vector<float>(frames, value));
}

float largest_difference(const Signal& a, const Signal& b) {
    float largest = a.size() == b.size() ? 0.0F : INFINITY;
    for (std::size_t c = 0; c < std::min(a.size(), b.size()); ++c) {
        for (std::size_t i = 0; i < a[c].size(); ++i) {
            const float difference = std::fabs(a[c][i] - b[c][i]);
            largest = difference <= largest ? largest : difference; // NaN counts as large
        }
    }
    return largest;
}

Rig::Rig()
    : regions_(make_regions()), view_(view_of(regions_)),
      events_(regions_.server(), regions_.engine()),
      core_(
          view_.server(), view_.engine(), view_.streams(), *this,
          [this](const std::string& kind) { return make(kind); }, [this] { return now; }) {}

std::unique_ptr<audio::Device> Rig::make(const std::string& kind) {
    devices_made.push_back(kind);
    return std::make_unique<GatedDevice>(kind == "jack" ? device_may_open : kAlways, device_);
}

bool Rig::install(const std::filesystem::path& library, const std::string& id,
                  std::uint32_t fade_frames) {
    engine::Refusal refusal;
    ++generation_;
    auto info =
        core_.load({generation_, library.string(), library.filename().string(), id}, refusal);
    if (!info) {
        refused = refusal.message;
        return false;
    }
    slot_by_index_.clear();
    for (const auto& param : info->params) {
        auto found = std::find(slots_.begin(), slots_.end(), param.id);
        const auto slot = static_cast<std::uint32_t>(found - slots_.begin());
        slot_by_index_.push_back(slot);
        if (found == slots_.end()) {
            slots_.push_back(param.id);
            server().slots[slot].store(
                link::pack({static_cast<float>(param.def), ++revision_, false}));
        }
    }
    server().param_epoch.fetch_add(1);
    const auto installed = core_.install({generation_, slot_by_index_, fade_frames}, refusal);
    refused = refusal.message;
    return installed.ok();
}

void Rig::play(const std::filesystem::path& library, const std::string& id) {
    link::OpenDevice request;
    request.device = "jack";
    request.rate_hz = kRateHz;
    request.client_name = "jig";
    ASSERT_TRUE(core_.open_device(request).ok());
    ASSERT_TRUE(install(library, id)) << refused;
}

void Rig::finish_swap() {
    for (int i = 0; i < 200; ++i) {
        pump(128);
        const auto before = swaps.size();
        core_.tick();
        if (swaps.size() > before) {
            return;
        }
    }
    FAIL() << "the swap did not end";
}

void Rig::play_figures(const std::filesystem::path& library) {
    scale_ = 0x1p24F;
    server().trim_gain.store(1.0F / scale_);
    play(library);
}

const Signal& Rig::pump(const Signal& input, const std::vector<audio::PumpedMidi>& midi) {
    const auto& out = device_->pump(input, midi).out;
    if (scale_ == 1) {
        return out;
    }
    scaled_ = out;
    for (auto& channel : scaled_) {
        for (auto& sample : channel) {
            sample *= scale_;
        }
    }
    return scaled_;
}

const Signal& Rig::pump(std::uint32_t frames) {
    return pump(constant(2, frames, 0));
}

void Rig::warm_up() {
    finish_swap();
    while (region().frame.load() < kStartFrames) {
        pump(128);
    }
}

void Rig::set(std::uint32_t index, float value) {
    server().slots[slot_by_index_[index]].store(link::pack({value, ++revision_, false}));
    server().param_epoch.fetch_add(1, std::memory_order_release);
}

void Rig::set_at(std::uint64_t frame, std::uint32_t index, float value) {
    batch({{index, value}}, frame);
}

void Rig::batch(const std::vector<std::pair<std::uint32_t, float>>& values, std::uint64_t frame) {
    std::vector<link::RingEvent> events;
    for (const auto& [index, value] : values) {
        link::RingEvent event{};
        event.frame = frame;
        event.slot = slot_by_index_[index];
        event.rev = ++revision_;
        event.event.type = JIG_EVENT_PARAM;
        event.event.u.param.value = value;
        events.push_back(event);
        server().slots[event.slot].store(link::pack({value, event.rev, true}));
    }
    EXPECT_TRUE(events_.push(events));
    server().param_epoch.fetch_add(1, std::memory_order_release);
}

bool Rig::send(std::uint64_t frame, const jig_event& event, std::uint32_t index) {
    link::RingEvent made{};
    made.frame = frame;
    made.slot = slot_by_index_.empty() ? 0 : slot_by_index_[index];
    made.event = event;
    return events_.push({&made, 1});
}

} // namespace jig::tests
