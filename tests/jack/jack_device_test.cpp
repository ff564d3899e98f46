// Long, because all of it needs the same real servers and peers.
#include "audio/jack.hpp"
#include "tests/jack/jackd.hpp"
#include "tests/jack/peer.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <gtest/gtest.h>
#include <jack/transport.h>
#include <limits>
#include <mutex>
#include <thread>

namespace jig::audio {
namespace {

using test::connect;
using test::connected_to;
using test::eventually;
using test::Jackd;
using test::Peer;
using Kind = DeviceEvent::Kind;
using Names = std::vector<std::string>;

/// Input i to output i; a note is a full-scale sample on output 0 at its frame, and goes out again.
struct Echo {
    std::atomic<std::uint32_t> cycles{0};
    std::atomic<std::uint32_t> frames{0};
    std::atomic<std::uint32_t> in_count{0};
    std::atomic<std::uint32_t> out_count{0};
    std::atomic<std::uint32_t> flags{0};
    std::atomic<std::uint32_t> bad_times{0};
    std::mutex mutex; ///< for the test's thread only to copy what follows
    rt::Cycle last;
    rt::Cycle gap;                ///< the last that was discontinuous
    std::atomic<int> stall_ms{0}; ///< of the next cycle

    static void run(void* self, const rt::Cycle& cycle) noexcept {
        auto& that = *static_cast<Echo*>(self);
        for (std::uint32_t i = 0; i < cycle.out_count; ++i) {
            if (i < cycle.in_count) {
                std::copy_n(cycle.in[i], cycle.frames, cycle.out[i]);
            } else {
                std::fill_n(cycle.out[i], cycle.frames, 0.0F);
            }
        }
        for (std::uint32_t i = 0; i < cycle.midi_count; ++i) {
            cycle.out[0][cycle.midi[i].frame] = 1;
            if (cycle.midi_out != nullptr) {
                rt::MidiOut::Message& sent = cycle.midi_out->messages[cycle.midi_out->count++];
                sent = {cycle.midi[i].frame, cycle.midi[i].size, {}};
                std::copy_n(cycle.midi[i].bytes, cycle.midi[i].size, sent.bytes);
            }
        }
        that.frames = cycle.frames;
        that.in_count = cycle.in_count;
        that.out_count = cycle.out_count;
        that.flags |= cycle.flags;
        that.bad_times += cycle.deadline_ns != 0 && cycle.deadline_ns <= cycle.wake_ns ? 1 : 0;
        if (that.mutex.try_lock()) {
            that.last = cycle;
            that.gap = (cycle.flags & rt::kCycleDiscontinuity) != 0 ? cycle : that.gap;
            that.mutex.unlock();
        }
        ++that.cycles;
        std::this_thread::sleep_for(std::chrono::milliseconds(that.stall_ms.exchange(0)));
    }

    rt::Cycle copy(rt::Cycle Echo::*which) {
        const std::lock_guard lock(mutex);
        return this->*which;
    }
};

DeviceConfig channels(std::size_t in, std::size_t out) {
    DeviceConfig config;
    for (std::size_t i = 1; i <= in; ++i) {
        config.in.push_back({"in_" + std::to_string(i)});
    }
    for (std::size_t i = 1; i <= out; ++i) {
        config.out.push_back({"out_" + std::to_string(i)});
    }
    return config;
}

class JackDeviceTest : public testing::Test {
  protected:
    void SetUp() override {
        if (!Jackd::installed()) {
            GTEST_SKIP() << "jackd is not installed";
        }
    }

    void start(const DeviceConfig& config) {
        const Result<DeviceInfo> opened = device.open(config);
        ASSERT_TRUE(opened.ok()) << opened.error();
        const Result<void> started = device.start(Echo::run, &echo);
        ASSERT_TRUE(started.ok()) << started.error();
        wait_for_cycles(2);
    }

    void wait_for_cycles(std::uint32_t more) {
        const std::uint32_t before = echo.cycles;
        ASSERT_TRUE(eventually([&] { return echo.cycles >= before + more; }));
    }

    /// Polls until an event of that kind came.
    std::optional<DeviceEvent> wait_for_event(Kind kind) {
        std::optional<DeviceEvent> found;
        EXPECT_TRUE(eventually([&] {
            for (const DeviceEvent& event : device.poll_events()) {
                if (event.kind == kind) {
                    found = event;
                }
            }
            return found.has_value();
        })) << "no event of kind "
            << static_cast<int>(kind);
        return found;
    }

    Echo echo;
    JackDevice device;
};

class JackDevicePeriod : public JackDeviceTest, public testing::WithParamInterface<unsigned> {};

TEST_P(JackDevicePeriod, adds_no_frame_between_input_and_output) {
    Jackd server({48000, GetParam(), 2, 2});
    DeviceConfig config = channels(1, 1);
    config.connect = Connect::none;
    start(config);
    Peer source("source");
    Peer sink("sink");
    connect(source, "source:out", "jig:in_1");
    connect(source, "jig:out_1", "sink:in");
    std::vector<std::uint32_t> sent;
    for (const std::uint32_t offset : {0U, 1U, 17U, 63U, 32U, 5U}) {
        sent.push_back(source.send(offset));
    }
    EXPECT_EQ(sink.wait_for_samples(sent.size()), sent);
    EXPECT_EQ(echo.frames, GetParam());
    EXPECT_EQ(echo.bad_times, 0U);
}

INSTANTIATE_TEST_SUITE_P(Periods, JackDevicePeriod, testing::Values(64U, 256U, 1024U),
                         testing::PrintToStringParamName());

TEST_F(JackDeviceTest, brings_a_note_of_another_client_on_its_frame_and_sends_it_on) {
    Jackd server;
    DeviceConfig config = channels(0, 1);
    config.connect = Connect::none;
    config.midi_in = config.midi_out = true;
    start(config);
    Peer source("source");
    Peer sink("sink");
    connect(source, "source:midi_out", "jig:midi_in");
    connect(source, "jig:out_1", "sink:in");
    connect(source, "jig:midi_out", "sink:midi_in");
    std::vector<std::uint32_t> sent;
    for (const std::uint32_t offset : {0U, 255U, 100U, 7U}) {
        sent.push_back(source.send(offset));
    }
    EXPECT_EQ(sink.wait_for_samples(sent.size()), sent);
    EXPECT_EQ(sink.wait_for_notes(sent.size()), sent);
}

TEST_F(JackDeviceTest, follows_a_change_of_the_buffer_size_while_it_runs) {
    Jackd server({48000, 512, 2, 2});
    start(channels(2, 2));
    Peer peer("peer");
    EXPECT_EQ(device.info().period_frames, 512U);
    for (const std::uint32_t frames : {256U, 1024U}) {
        ASSERT_EQ(jack_set_buffer_size(peer.handle(), frames), 0);
        const std::optional<DeviceEvent> event = wait_for_event(Kind::period_changed);
        ASSERT_TRUE(event);
        EXPECT_EQ(event->value, frames);
        EXPECT_TRUE(eventually([&] { return echo.frames == frames; }));
        EXPECT_EQ(device.info().period_frames, frames);
    }
    wait_for_cycles(3);
    EXPECT_EQ(device.info().max_frames, 8192U);
}

TEST_F(JackDeviceTest, comes_back_with_its_connections_after_the_server_was_killed) {
    Jackd server;
    DeviceConfig config = channels(2, 2);
    config.connect_inputs = true;
    start(config);
    {
        Peer peer("peer");
        connect(peer, "jig:out_1", "peer:in");
        EXPECT_EQ(jack_disconnect(peer.handle(), "jig:out_2", "system:playback_2"), 0);
        wait_for_event(Kind::connections_changed);
        ASSERT_TRUE(eventually([&] { return device.connections().size() == 4; }));
        server.kill();
    }
    ASSERT_TRUE(wait_for_event(Kind::lost));
    config.connections = device.connections();
    EXPECT_EQ(config.connections.size(), 4U);
    device.stop();
    device.close();
    const Result<DeviceInfo> refused = device.open(config);
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().find("No JACK server is running"), std::string::npos);

    server.start();
    start(config);
    Peer peer("peer");
    EXPECT_EQ(connected_to(peer, "jig:in_1"), Names{"system:capture_1"});
    EXPECT_EQ(connected_to(peer, "jig:in_2"), Names{"system:capture_2"});
    EXPECT_EQ(connected_to(peer, "jig:out_2"), Names{});
    // The peer came later than we did; it is connected as soon as it is there.
    EXPECT_TRUE(eventually([&] {
        (void)device.poll_events();
        return connected_to(peer, "jig:out_1") == Names{"peer:in", "system:playback_1"};
    }));
}

TEST_F(JackDeviceTest, comes_back_after_the_server_ended_in_good_order) {
    Jackd server;
    start(channels(1, 1));
    server.stop();
    ASSERT_TRUE(wait_for_event(Kind::lost));
    const Connections before = device.connections();
    EXPECT_EQ(before,
              (Connections{{"out_1", "system:playback_1"}, {"out_1", "system:playback_2"}}));
    device.close();
    server.start();
    start(channels(1, 1));
    EXPECT_EQ(device.connections(), before);
}

TEST_F(JackDeviceTest, notices_a_server_that_stopped_and_lets_go_of_it) {
    Jackd server;
    start(channels(2, 2));
    server.signal(SIGSTOP);
    ASSERT_TRUE(wait_for_event(Kind::lost));
    const std::uint32_t cycles = echo.cycles;
    device.close();
    EXPECT_FALSE(device.open(channels(2, 2)).ok());
    server.signal(SIGCONT);
    // What was given up returns now; then there is a way back.
    ASSERT_TRUE(eventually([&] { return device.open(channels(2, 2)).ok(); }));
    EXPECT_EQ(echo.cycles, cycles) << "the callback ran after close()";
    ASSERT_TRUE(device.start(Echo::run, &echo).ok());
    wait_for_cycles(2);
}

TEST_F(JackDeviceTest, connects_main_outputs_to_what_is_physical_but_no_input) {
    Jackd server;
    DeviceConfig config = channels(2, 3);
    config.out[0].main = false;
    start(config);
    Peer peer("peer");
    EXPECT_EQ(connected_to(peer, "jig:out_1"), Names{});
    EXPECT_EQ(connected_to(peer, "jig:out_2"), Names{"system:playback_1"});
    EXPECT_EQ(connected_to(peer, "jig:out_3"), Names{"system:playback_2"});
    EXPECT_EQ(connected_to(peer, "jig:in_1"), Names{});

    device.set_inputs_connected(true);
    EXPECT_EQ(connected_to(peer, "jig:in_1"), Names{"system:capture_1"});
    EXPECT_EQ(connected_to(peer, "jig:in_2"), Names{"system:capture_2"});
    device.set_inputs_connected(false);
    EXPECT_EQ(connected_to(peer, "jig:in_1"), Names{});
}

TEST_F(JackDeviceTest, is_heard_on_both_sides_when_it_is_mono) {
    Jackd server({48000, 256, 2, 4});
    start(channels(1, 1));
    Peer peer("peer");
    EXPECT_EQ(connected_to(peer, "jig:out_1"), (Names{"system:playback_1", "system:playback_2"}));
    ASSERT_TRUE(device.add_ports(channels(1, 2)).ok());
    EXPECT_EQ(connected_to(peer, "jig:out_1"), Names{"system:playback_1"});
    EXPECT_EQ(connected_to(peer, "jig:out_2"), Names{"system:playback_2"});
}

TEST_F(JackDeviceTest, leaves_connections_alone_when_asked_to) {
    Jackd server;
    DeviceConfig config = channels(2, 2);
    config.connect = Connect::none;
    config.connect_inputs = true;
    start(config);
    device.set_inputs_connected(true);
    EXPECT_EQ(device.connections(), Connections{});
}

TEST_F(JackDeviceTest, does_not_restore_a_microphone_that_is_switched_off) {
    Jackd server;
    DeviceConfig config = channels(1, 1);
    config.connections = {{"in_1", "system:capture_1"}, {"out_1", "system:playback_2"}};
    start(config);
    EXPECT_EQ(device.connections(), (Connections{{"out_1", "system:playback_2"}}));
}

TEST_F(JackDeviceTest, keeps_connections_over_stop_and_start) {
    Jackd server;
    start(channels(1, 1));
    {
        Peer peer("peer");
        EXPECT_EQ(jack_disconnect(peer.handle(), "jig:out_1", "system:playback_2"), 0);
        ASSERT_TRUE(eventually([&] { return device.connections().size() == 1; }));
    }
    device.stop();
    const std::uint32_t cycles = echo.cycles;
    ASSERT_TRUE(device.start(Echo::run, &echo).ok());
    wait_for_cycles(1);
    EXPECT_GT(echo.cycles, cycles);
    EXPECT_EQ(device.connections(), (Connections{{"out_1", "system:playback_1"}}));
}

TEST_F(JackDeviceTest, carries_eight_channels_each_way_and_a_sidechain) {
    Jackd server({48000, 256, 8, 8});
    DeviceConfig config = channels(8, 8);
    config.in.push_back({"sidechain_1", false});
    config.connect_inputs = true;
    start(config);
    Peer source("source");
    Peer sink("sink");
    EXPECT_EQ(echo.in_count, 9U);
    EXPECT_EQ(echo.out_count, 8U);
    EXPECT_EQ(connected_to(source, "jig:in_8"), Names{"system:capture_8"});
    EXPECT_EQ(connected_to(source, "jig:out_8"), Names{"system:playback_8"});
    EXPECT_EQ(connected_to(source, "jig:sidechain_1"), Names{});
    connect(source, "source:out", "jig:in_8");
    connect(source, "jig:out_8", "sink:in");
    const std::uint32_t sent = source.send(3);
    EXPECT_EQ(sink.wait_for_samples(1), std::vector<std::uint32_t>{sent});
}

TEST_F(JackDeviceTest, adds_ports_while_it_runs) {
    Jackd server;
    DeviceConfig config = channels(1, 1);
    start(config);
    config.in.insert(config.in.begin(), {"sidechain_1", false});
    config.midi_in = true;
    ASSERT_TRUE(device.add_ports(config).ok());
    EXPECT_TRUE(eventually([&] { return echo.in_count == 2; }));
    Peer source("source");
    Peer sink("sink");
    connect(source, "source:midi_out", "jig:midi_in");
    connect(source, "jig:out_1", "sink:in");
    const std::uint32_t sent = source.send(9);
    EXPECT_EQ(sink.wait_for_samples(1), std::vector<std::uint32_t>{sent});
    EXPECT_EQ(echo.out_count, 1U);
}

TEST_F(JackDeviceTest, gives_an_output_its_own_name_where_an_input_has_it) {
    Jackd server;
    DeviceConfig config;
    config.in = {{"main_1"}};
    config.out = {{"main_1"}};
    start(config);
    Peer peer("peer");
    EXPECT_EQ(connected_to(peer, "jig:main_1_out").size(), 2U);
}

TEST_F(JackDeviceTest, passes_latency_on_with_the_plugins_added) {
    Jackd server;
    DeviceConfig config = channels(1, 1);
    config.connect_inputs = true;
    device.set_plugin_latency(100);
    start(config);
    Peer peer("peer");
    const auto latency = [&](const char* port, jack_latency_callback_mode_t mode) {
        jack_latency_range_t range{};
        jack_port_get_latency_range(jack_port_by_name(peer.handle(), port), mode, &range);
        return range.max;
    };
    const auto added = [&](std::uint32_t frames) {
        return eventually([&] {
            return latency("jig:out_1", JackCaptureLatency) ==
                       latency("system:capture_1", JackCaptureLatency) + frames &&
                   latency("jig:in_1", JackPlaybackLatency) ==
                       latency("system:playback_1", JackPlaybackLatency) + frames;
        });
    };
    EXPECT_TRUE(added(100));
    device.set_plugin_latency(1234);
    EXPECT_TRUE(added(1234));
    EXPECT_EQ(device.info().round_trip_frames,
              latency("system:capture_1", JackCaptureLatency) +
                  latency("system:playback_1", JackPlaybackLatency));
}

TEST_F(JackDeviceTest, knows_when_each_cycle_began_and_passes_the_converters) {
    Jackd server;
    start(channels(2, 2));
    wait_for_cycles(2);
    const rt::Cycle cycle = echo.copy(&Echo::last);
    const DeviceInfo info = device.info();
    EXPECT_GT(cycle.cycle, 0U);
    EXPECT_GT(cycle.cpu_ns, 0);
    EXPECT_NEAR(static_cast<double>(cycle.wake_ns - cycle.due_ns), 0, 1e9);
    EXPECT_LE(cycle.capture_ns, cycle.due_ns);
    EXPECT_GE(cycle.playback_ns, cycle.due_ns);
    EXPECT_EQ(cycle.in_delay_frames + cycle.out_delay_frames,
              static_cast<std::int32_t>(info.round_trip_frames));
    EXPECT_FALSE(info.round_trip_exact) << "a driver's word";
    EXPECT_NE(info.id.find("dummy"), std::string::npos) << info.id;
    EXPECT_NE(info.id.find(" frames"), std::string::npos) << info.id;
}

TEST_F(JackDeviceTest, marks_the_cycle_after_a_loss_and_counts_the_xrun) {
    if (Jackd::is_jackd1()) {
        GTEST_SKIP() << "jackd1's dummy driver tells nobody that it was late";
    }
    Jackd server;
    start(channels(1, 1));
    echo.stall_ms = 300;
    EXPECT_TRUE(wait_for_event(Kind::xrun));
    EXPECT_TRUE(eventually([this] { return echo.copy(&Echo::gap).frames != 0; }));
    const rt::Cycle gap = echo.copy(&Echo::gap);
    EXPECT_NE(gap.lost_frames, 0);
    EXPECT_GE(gap.xruns_in, 1U);
}

/// Leaves NaN in its output until it is let go on.
struct Unfinished {
    std::atomic<bool> inside{false};
    std::atomic<bool> go_on{false};

    static void run(void* self, const rt::Cycle& cycle) noexcept {
        auto& that = *static_cast<Unfinished*>(self);
        std::fill_n(cycle.out[0], cycle.frames, std::numeric_limits<float>::quiet_NaN());
        that.inside = true;
        while (!that.go_on) {
            std::this_thread::yield();
        }
        std::fill_n(cycle.out[0], cycle.frames, 0.25F);
    }
};

TEST_F(JackDeviceTest, shows_nobody_an_output_that_is_not_finished) {
    Jackd server;
    Unfinished plugin;
    ASSERT_TRUE(device.open(channels(0, 1)).ok());
    Peer peer("peer");
    jack_port_t* port = jack_port_by_name(peer.handle(), "jig:out_1");
    ASSERT_NE(port, nullptr);
    ASSERT_TRUE(device.start(Unfinished::run, &plugin).ok());
    const bool entered = eventually([&] { return plugin.inside.load(); });
    const auto* seen = static_cast<const float*>(jack_port_get_buffer(port, 256));
    const std::vector<float> unfinished(seen, seen + 256);
    plugin.go_on = true;
    EXPECT_TRUE(entered);
    EXPECT_EQ(unfinished, std::vector<float>(256, 0.0F));
    EXPECT_TRUE(eventually([&] { return seen[0] == 0.25F; }));
    device.close();
}

TEST_F(JackDeviceTest, follows_the_transport_once_somebody_uses_it) {
    Jackd server;
    start(channels(1, 1));
    Peer peer("peer");
    const auto transport = [this] {
        const std::lock_guard lock(echo.mutex);
        return echo.last.transport;
    };
    wait_for_cycles(2);
    EXPECT_FALSE(transport().valid);
    jack_transport_start(peer.handle());
    EXPECT_TRUE(eventually([&] { return transport().playing && transport().seconds > 0; }));
    EXPECT_TRUE(transport().valid);
    EXPECT_FALSE(transport().has_bbt);
    jack_transport_stop(peer.handle());
    EXPECT_TRUE(eventually([&] { return !transport().playing; }));
    EXPECT_TRUE(transport().valid);

    const auto timebase = [](jack_transport_state_t, jack_nframes_t, jack_position_t* position, int,
                             void*) {
        position->valid = JackPositionBBT;
        position->bar = 2;
        position->beat = 1;
        position->tick = 0;
        position->ticks_per_beat = 960;
        position->beats_per_bar = 3;
        position->beat_type = 4;
        position->beats_per_minute = 90;
        position->bar_start_tick = 0;
    };
    ASSERT_EQ(jack_set_timebase_callback(peer.handle(), 0, timebase, nullptr), 0);
    EXPECT_TRUE(eventually([&] { return transport().has_bbt; }));
    EXPECT_EQ(transport().bpm, 90);
    EXPECT_EQ(transport().beat, 3);
    EXPECT_EQ(transport().signature_num, 3);
}

TEST_F(JackDeviceTest, says_when_it_freewheels) {
    Jackd server;
    start(channels(1, 1));
    Peer peer("peer");
    ASSERT_EQ(jack_set_freewheel(peer.handle(), 1), 0);
    EXPECT_EQ(wait_for_event(Kind::freewheel_changed)->value, 1U);
    EXPECT_TRUE(eventually([&] { return (echo.flags & rt::kCycleFreewheel) != 0; }));
    ASSERT_EQ(jack_set_freewheel(peer.handle(), 0), 0);
    EXPECT_EQ(wait_for_event(Kind::freewheel_changed)->value, 0U);
}

TEST_F(JackDeviceTest, reads_back_how_its_thread_is_scheduled) {
    Jackd server;
    start(channels(1, 1));
    const DeviceInfo info = device.info();
    EXPECT_EQ(info.kind, "jack");
    EXPECT_EQ(info.name.rfind("JACK", 0), 0U) << info.name;
    EXPECT_EQ(info.rate_hz, 48000);
    EXPECT_EQ(info.realtime, info.realtime_note.empty());
    if (!info.realtime) {
        EXPECT_NE(info.realtime_note.find("start jackd with -R"), std::string::npos);
    }
}

TEST_F(JackDeviceTest, can_be_closed_while_other_clients_come_and_go) {
    Jackd server;
    std::atomic<bool> enough{false};
    std::thread others([&enough] {
        const std::string program = test::find_program("jack_lsp");
        while (!enough && !program.empty()) {
            EXPECT_EQ(std::system((program + " >/dev/null 2>&1").c_str()), 0);
        }
    });
    for (int round = 0; round < 15 && !HasFailure(); ++round) {
        const Result<DeviceInfo> opened = device.open(channels(1, 1));
        ASSERT_TRUE(opened.ok()) << opened.error() << " in round " << round;
        ASSERT_TRUE(device.start(Echo::run, &echo).ok());
        device.close();
    }
    enough = true;
    others.join();
}

TEST_F(JackDeviceTest, is_silent_and_calls_nobody_once_stopped) {
    Jackd server;
    start(channels(1, 1));
    device.stop();
    const std::uint32_t cycles = echo.cycles;
    Peer peer("peer");
    EXPECT_TRUE(eventually([&] { return peer.cycles() > 10; }));
    EXPECT_EQ(echo.cycles, cycles);
    device.stop();
    device.close();
    device.close();
}

} // namespace
} // namespace jig::audio
