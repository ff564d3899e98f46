#include "latency/measure.hpp"

#include "audio/virtual.hpp"

#include <gtest/gtest.h>

namespace jig::latency {
namespace {

audio::DeviceConfig cable(std::int32_t frames) {
    audio::DeviceConfig config;
    config.period_frames = 256;
    config.cable_frames = frames;
    return config;
}

TEST(Measure, finds_the_length_of_the_cable_to_the_frame) {
    audio::VirtualDevice device;
    const auto measured = measure(device, cable(700), -24);
    ASSERT_TRUE(measured.ok()) << measured.error();
    EXPECT_EQ(measured->arrival.verdict, Verdict::found);
    EXPECT_EQ(measured->arrival.frames, 700);
    EXPECT_NEAR(measured->arrival.gain_db, 0, 0.01);
    EXPECT_EQ(measured->device.round_trip_frames, 512U);
    EXPECT_EQ(measured->calibration_frames(), 188);
}

TEST(Measure, hears_nothing_without_a_cable) {
    audio::VirtualDevice device;
    const auto measured = measure(device, cable(-1), -24);
    ASSERT_TRUE(measured.ok()) << measured.error();
    EXPECT_EQ(measured->arrival.verdict, Verdict::silent);
}

/// A virtual device that loses frames once, while the sequence is being heard.
class Stumbling final : public audio::Device {
  public:
    Result<audio::DeviceInfo> open(const audio::DeviceConfig& config) override {
        return inner_.open(config);
    }
    Result<void> start(rt::Callback callback, void* context) override {
        callback_ = callback;
        context_ = context;
        return inner_.start(trip, this);
    }
    void stop() override { inner_.stop(); }
    void close() override { inner_.close(); }
    Result<void> add_ports(const audio::DeviceConfig& config) override {
        return inner_.add_ports(config);
    }
    void set_inputs_connected(bool) override {}
    void set_plugin_latency(std::uint32_t) override {}
    std::vector<std::pair<std::string, std::string>> connections() override { return {}; }
    std::vector<audio::DeviceEvent> poll_events() override { return inner_.poll_events(); }
    [[nodiscard]] audio::DeviceInfo info() const override { return inner_.info(); }

  private:
    static void trip(void* self, const rt::Cycle& cycle) noexcept {
        const auto& that = *static_cast<Stumbling*>(self);
        rt::Cycle told = cycle;
        told.flags |= cycle.cycle == 150 ? std::uint32_t{rt::kCycleDiscontinuity} : 0;
        that.callback_(that.context_, told);
    }
    audio::VirtualDevice inner_;
    rt::Callback callback_ = nullptr;
    void* context_ = nullptr;
};

TEST(Measure, begins_anew_when_the_device_lost_frames) {
    Stumbling device;
    const auto measured = measure(device, cable(300), -24);
    ASSERT_TRUE(measured.ok()) << measured.error();
    EXPECT_GE(measured->restarts, 1U);
    EXPECT_EQ(measured->arrival.frames, 300);
}

} // namespace
} // namespace jig::latency
