// The device around the loop: opening, its words, its thread.
#include "audio/alsa/device.hpp"

#include "fake_alsa.hpp"

#include <atomic>
#include <gtest/gtest.h>

namespace {

using namespace jig;
using audio::alsa::AlsaDevice;
using test::FakeAlsa;

audio::DeviceConfig config(const std::string& address) {
    audio::DeviceConfig config;
    config.address = address;
    config.in = {{"in_1"}, {"in_2"}};
    config.out = {{"out_1"}, {"out_2"}};
    return config;
}

struct Card {
    FakeAlsa alsa;
    test::FakePcm& in = alsa.add("hw:0,0", SND_PCM_STREAM_CAPTURE);
    test::FakePcm& out = alsa.add("hw:0,0", SND_PCM_STREAM_PLAYBACK);
    AlsaDevice device{alsa};

    Card() {
        for (auto* pcm : {&in, &out}) {
            pcm->identity.card_id = "PCH";
            pcm->identity.card_name = "HDA Intel PCH";
        }
    }
};

TEST(AlsaDevice, says_what_it_opened) {
    Card card;
    const auto info = card.device.open(config("hw:0"));
    ASSERT_TRUE(info) << info.error();
    EXPECT_EQ(info->kind, "alsa");
    EXPECT_EQ(info->name, "HDA Intel PCH (hw:PCH,0)");
    EXPECT_EQ(info->address, "hw:PCH,0") << "by its id, which a replug does not change";
    EXPECT_EQ(info->id, "alsa:hw:PCH,0 48000 Hz");
    EXPECT_EQ(info->detail, "FLOAT_LE, 2 channels, mapped, 2 periods, linked, one clock");
    EXPECT_EQ(info->round_trip_frames, 256U);
    EXPECT_TRUE(info->round_trip_exact);
    EXPECT_TRUE(info->has_input);
    EXPECT_TRUE(info->has_output);
}

TEST(AlsaDevice, a_card_with_playback_only_says_so) {
    Card card;
    card.in.name = "hw:1,0";
    const auto info = card.device.open(config("hw:0"));
    ASSERT_TRUE(info) << info.error();
    EXPECT_FALSE(info->has_input);
    EXPECT_EQ(info->round_trip_frames, 0U);
    EXPECT_EQ(info->address, "none+hw:PCH,0");
}

TEST(AlsaDevice, refuses_a_prefill_that_leaves_no_time) {
    Card card;
    auto short_prefill = config("hw:0");
    short_prefill.prefill_periods = 1;
    const auto info = card.device.open(short_prefill);
    ASSERT_FALSE(info);
    EXPECT_EQ(info.error(),
              "A prefill of 1 periods leaves no time to compute; use --prefill 2 or more.");
    EXPECT_FALSE(card.out.is_open);
}

TEST(AlsaDevice, a_ring_is_at_least_as_long_as_its_prefill) {
    Card card;
    auto long_prefill = config("hw:0");
    long_prefill.prefill_periods = 6;
    ASSERT_TRUE(card.device.open(long_prefill));
    EXPECT_EQ(card.out.buffer, 6U * 128);
}

TEST(AlsaDevice, plays_until_it_is_stopped_and_can_play_again) {
    Card card;
    ASSERT_TRUE(card.device.open(config("hw:0")));
    std::atomic<int> cycles{0};
    const auto count = [](void* context, const rt::Cycle&) noexcept {
        ++*static_cast<std::atomic<int>*>(context);
    };
    for (int round = 0; round < 2; ++round) {
        cycles = 0;
        ASSERT_TRUE(card.device.start(count, &cycles));
        while (cycles < 100) {
            std::this_thread::yield();
        }
        card.device.stop();
        EXPECT_EQ(card.out.state, SND_PCM_STATE_SETUP);
    }
    card.device.close();
    EXPECT_FALSE(card.in.is_open);
    EXPECT_FALSE(card.out.is_open);
}

TEST(AlsaDevice, lets_go_of_a_card_that_is_gone_before_it_says_so) {
    Card card;
    ASSERT_TRUE(card.device.open(config("hw:0")));
    card.alsa.at(card.alsa.now_ns() + 50'000'000, [&] { card.alsa.unplug(0); });
    ASSERT_TRUE(card.device.start([](void*, const rt::Cycle&) noexcept {}, nullptr));
    std::vector<audio::DeviceEvent> events;
    while (events.empty()) {
        events = card.device.poll_events();
        std::this_thread::yield();
    }
    EXPECT_EQ(events.front().kind, audio::DeviceEvent::Kind::lost);
    card.device.stop();
    EXPECT_FALSE(card.in.is_open);
    EXPECT_FALSE(card.out.is_open);
}

TEST(AlsaDevice, asks_to_be_opened_again_when_the_card_has_more_channels_than_were_needed) {
    Card card;
    card.out.channels = {2, 4, 8};
    ASSERT_TRUE(card.device.open(config("hw:0")));
    auto more = config("hw:0");
    more.in.push_back({"sidechain_1"}); // of which the card has none
    ASSERT_TRUE(card.device.add_ports(more));
    EXPECT_TRUE(card.device.poll_events().empty());
    more.out.push_back({"out_3"});
    ASSERT_TRUE(card.device.add_ports(more));
    const auto events = card.device.poll_events();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].kind, audio::DeviceEvent::Kind::reopen);
    ASSERT_TRUE(card.device.open(more));
    EXPECT_EQ(card.out.channel_count, 4U);
    EXPECT_EQ(card.in.channel_count, 2U);
}

TEST(AlsaDevice, a_port_that_comes_later_is_there_in_the_next_cycle) {
    Card card;
    ASSERT_TRUE(card.device.open(config("hw:0")));
    auto more = config("hw:0");
    more.out.push_back({"out_3"});
    ASSERT_TRUE(card.device.add_ports(more));
    std::atomic<std::uint32_t> outputs{0};
    ASSERT_TRUE(card.device.start(
        [](void* context, const rt::Cycle& cycle) noexcept {
            *static_cast<std::atomic<std::uint32_t>*>(context) = cycle.out_count;
        },
        &outputs));
    while (outputs == 0) {
        std::this_thread::yield();
    }
    card.device.stop();
    EXPECT_EQ(outputs, 3U);
}

} // namespace
