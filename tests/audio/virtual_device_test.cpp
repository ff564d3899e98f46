#include "audio/virtual.hpp"

#include <algorithm>
#include <condition_variable>
#include <gtest/gtest.h>
#include <mutex>

namespace jig::audio {
namespace {

/// Keeps every cycle it saw; waits for as many as a test needs, however long that takes.
class Witness {
  public:
    static void run(void* self, const rt::Cycle& cycle) noexcept {
        auto& that = *static_cast<Witness*>(self);
        const std::lock_guard lock(that.mutex_);
        // A ramp out, as long as the test; what comes in is kept.
        for (std::uint32_t i = 0; i < cycle.out_count; ++i) {
            for (std::uint32_t f = 0; f < cycle.frames; ++f) {
                cycle.out[i][f] = static_cast<float>(that.sent + f + 1);
            }
        }
        that.sent += cycle.frames;
        if (cycle.in_count > 0) {
            that.heard.insert(that.heard.end(), cycle.in[0], cycle.in[0] + cycle.frames);
        }
        that.cycles.push_back(cycle);
        that.changed_.notify_all();
    }

    template <typename Condition>
    void wait_for(Condition condition) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return condition(*this); });
    }
    void wait_for_cycles(std::size_t count) {
        wait_for([count](const Witness& w) { return w.cycles.size() >= count; });
    }

    std::uint32_t sent = 0;
    std::vector<float> heard;
    std::vector<rt::Cycle> cycles;

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
};

DeviceConfig stereo(double rate_hz, std::uint32_t period_frames) {
    DeviceConfig config;
    config.rate_hz = rate_hz;
    config.period_frames = period_frames;
    config.in = {{"in_1"}, {"in_2"}};
    config.out = {{"out_1"}, {"out_2"}};
    return config;
}

class Virtual : public testing::Test {
  protected:
    void start(const DeviceConfig& config) {
        ASSERT_TRUE(device.open(config).ok());
        ASSERT_TRUE(device.start(Witness::run, &witness).ok());
    }

    Witness witness;
    VirtualDevice device;
};

TEST_F(Virtual, runs_at_any_rate_and_period) {
    for (const auto& [rate, period] : {std::pair{48000.0, 64U}, {44100.0, 441U}, {192000.0, 1U}}) {
        witness.cycles.clear();
        start(stereo(rate, period));
        witness.wait_for_cycles(5);
        device.stop();
        EXPECT_EQ(witness.cycles[0].rate_hz, rate);
        EXPECT_EQ(witness.cycles[0].frames, period);
        EXPECT_EQ(witness.cycles[0].in_count, 2U);
        EXPECT_EQ(witness.cycles[0].out_count, 2U);
    }
}

TEST_F(Virtual, has_silent_inputs) {
    start(stereo(48000, 64));
    witness.wait_for_cycles(3);
    device.stop();
    EXPECT_EQ(witness.heard, std::vector<float>(witness.heard.size()));
}

TEST_F(Virtual, keeps_a_timeline_that_accounts_for_every_frame) {
    start(stereo(48000, 64));
    witness.wait_for_cycles(50);
    device.stop();
    EXPECT_TRUE(witness.cycles[0].flags & rt::kCycleFirst);
    for (std::size_t i = 1; i < witness.cycles.size(); ++i) {
        const rt::Cycle& before = witness.cycles[i - 1];
        const rt::Cycle& cycle = witness.cycles[i];
        ASSERT_GE(cycle.lost_frames, 0);
        EXPECT_EQ(cycle.device_frame_in,
                  before.device_frame_in + 64 + static_cast<std::uint32_t>(cycle.lost_frames));
        EXPECT_GT(cycle.deadline_ns, cycle.wake_ns);
        EXPECT_GE(cycle.wake_ns, before.wake_ns);
    }
}

TEST_F(Virtual, knows_when_each_period_was_due_captured_and_will_be_played) {
    start(stereo(48000, 480)); // 10 ms
    witness.wait_for_cycles(5);
    device.stop();
    for (std::size_t i = 0; i < witness.cycles.size(); ++i) {
        const rt::Cycle& cycle = witness.cycles[i];
        EXPECT_EQ(cycle.cycle, i);
        EXPECT_GE(cycle.wake_ns, cycle.due_ns);
        EXPECT_EQ(cycle.due_ns - cycle.capture_ns, 10'000'000);
        EXPECT_EQ(cycle.playback_ns - cycle.capture_ns, 20'000'000);
        EXPECT_EQ(cycle.device_frame_out, cycle.device_frame_in);
        EXPECT_EQ(cycle.in_delay_frames, 480);
        EXPECT_EQ(cycle.out_delay_frames, 480);
        EXPECT_EQ(cycle.rate_measured_hz, 48000);
        EXPECT_TRUE(cycle.flags & rt::kCycleDelayExact);
    }
    EXPECT_EQ(device.info().round_trip_frames, 960U);
    EXPECT_TRUE(device.info().round_trip_exact);
}

TEST_F(Virtual, counts_the_cpu_time_of_its_thread) {
    struct Burning {
        Witness witness;
        static void run(void* self, const rt::Cycle& cycle) noexcept {
            const auto cpu_ns = [] {
                timespec used{};
                clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
                return used.tv_sec * 1'000'000'000 + used.tv_nsec;
            };
            for (const auto begin = cpu_ns(); cpu_ns() < begin + 2'000'000;) {
            }
            Witness::run(&static_cast<Burning*>(self)->witness, cycle);
        }
    } burning;
    ASSERT_TRUE(device.open(stereo(48000, 480)).ok());
    ASSERT_TRUE(device.start(Burning::run, &burning).ok());
    burning.witness.wait_for_cycles(3);
    device.stop();
    const auto& cycles = burning.witness.cycles;
    EXPECT_GE(cycles[2].cpu_ns - cycles[1].cpu_ns, 2'000'000);
}

TEST_F(Virtual, has_an_id_for_each_rate_and_period) {
    EXPECT_EQ(device.open(stereo(44100, 64))->id, "virtual, 44100 Hz, 64 frames");
}

TEST_F(Virtual, reports_an_xrun_after_a_stall_instead_of_a_burst) {
    struct Stalling {
        Witness witness;
        static void run(void* self, const rt::Cycle& cycle) noexcept {
            auto& that = *static_cast<Stalling*>(self);
            if (that.witness.cycles.size() == 3) {
                const timespec ten_periods{0, 20'000'000};
                nanosleep(&ten_periods, nullptr);
            }
            Witness::run(&that.witness, cycle);
        }
    } stalling;
    ASSERT_TRUE(device.open(stereo(32000, 64)).ok()); // a period is 2 ms
    ASSERT_TRUE(device.start(Stalling::run, &stalling).ok());
    stalling.witness.wait_for_cycles(6);
    device.stop();
    const rt::Cycle& after = stalling.witness.cycles[4];
    EXPECT_GE(after.lost_frames, 9 * 64);
    EXPECT_EQ(after.device_frame_in, stalling.witness.cycles[3].device_frame_in + 64 +
                                         static_cast<std::uint32_t>(after.lost_frames));
    EXPECT_TRUE(after.flags & rt::kCycleDiscontinuity);
    EXPECT_EQ(after.xruns_in, 1U);
    EXPECT_GE(after.wake_ns - after.due_ns, 18'000'000) << "late for the first that was missed";
    EXPECT_EQ(stalling.witness.cycles[5].xruns_in, 0U);
    const std::vector<DeviceEvent> events = device.poll_events();
    EXPECT_TRUE(std::any_of(events.begin(), events.end(), [](const DeviceEvent& event) {
        return event.kind == DeviceEvent::Kind::xrun;
    }));
}

TEST_F(Virtual, feeds_outputs_back_through_the_cable_to_the_frame) {
    DeviceConfig config = stereo(48000, 64);
    config.cable_frames = 100;
    start(config);
    witness.wait_for_cycles(10);
    device.stop();
    for (std::size_t i = 0; i < witness.heard.size(); ++i) {
        ASSERT_EQ(witness.heard[i], i < 100 ? 0.0F : static_cast<float>(i - 100 + 1));
    }
}

TEST_F(Virtual, adds_ports_while_it_runs) {
    start(stereo(48000, 64));
    witness.wait_for_cycles(1);
    DeviceConfig wanted = stereo(48000, 64);
    wanted.in.push_back({"sidechain_1", false});
    ASSERT_TRUE(device.add_ports(wanted).ok());
    witness.wait_for([](const Witness& w) { return w.cycles.back().in_count == 3; });
    device.stop();
    EXPECT_EQ(witness.cycles.back().out_count, 2U);
}

TEST_F(Virtual, calls_nobody_after_stop_and_starts_again) {
    start(stereo(48000, 64));
    witness.wait_for_cycles(1);
    device.stop();
    device.stop();
    const std::uint32_t epoch = witness.cycles.back().epoch;
    const std::size_t cycles = witness.cycles.size();
    ASSERT_TRUE(device.start(Witness::run, &witness).ok());
    witness.wait_for_cycles(cycles + 1);
    device.close();
    EXPECT_EQ(witness.cycles.back().epoch, epoch + 1);
    EXPECT_TRUE(witness.cycles[cycles].flags & rt::kCycleFirst);
}

TEST_F(Virtual, stops_in_the_middle_of_a_period_of_seconds) {
    start(stereo(1000, 8192));
    device.stop();
    EXPECT_TRUE(witness.cycles.empty());
}

TEST_F(Virtual, says_whether_it_runs_in_real_time_and_if_not_the_remedy) {
    start(stereo(48000, 64));
    const DeviceInfo info = device.info();
    EXPECT_EQ(info.kind, "virtual");
    EXPECT_EQ(info.realtime, info.realtime_note.empty());
    if (!info.realtime) {
        EXPECT_NE(info.realtime_note.find("/etc/security/limits.d"), std::string::npos);
    }
}

TEST_F(Virtual, cannot_start_before_it_is_open) {
    EXPECT_FALSE(device.start(Witness::run, &witness).ok());
}

} // namespace
} // namespace jig::audio
