#include "session/subscriptions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace jig::session {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Header {
    std::uint8_t version, kind;
    std::uint16_t sub;
    std::uint32_t seq;
    std::uint64_t frame;
    std::uint32_t generation, skipped;
    std::uint16_t channels, format;
    std::uint32_t count;
};

struct Got {
    net::Message message;
    Header header;
    std::vector<float> values;
};

class SubscriptionsTest : public testing::Test {
  protected:
    void SetUp() override {
        StreamLayouts layouts;
        layouts.meter_channels = {{"in_1", "in", wire::Direction::in},
                                  {"out_1", "out", wire::Direction::out}};
        layouts.in_device = {0};
        layouts.out_device = {1};
        layouts.tap_channels = {{"Reduction", "gr", wire::Direction::out}};
        subscriptions_.set_layouts(layouts);
        layouts_ = layouts;
    }
    std::uint16_t subscribe(net::ClientId client, double rate_hz = 60,
                            wire::Stream stream = wire::Stream::meters,
                            wire::Format format = wire::Format::bin) {
        const auto reply = subscriptions_.subscribe(client, stream, rate_hz, format);
        EXPECT_TRUE(reply);
        return reply ? reply->sub : std::uint16_t{0};
    }
    /// A sixtieth of a second in which the output's peak was this.
    void tick(float peak = 0.5F) {
        analysis::Readings readings;
        readings.frame = frame_ += 800;
        readings.generation = 3;
        readings.in_channels = 1;
        readings.out_channels = 2;
        readings.channels.resize(3);
        readings.channels[0].peak = 0.125F;
        readings.channels[2].peak = peak;
        readings.channels[2].clip_count = ++clips_;
        readings.tap_layout.count = 1;
        readings.taps = {-3.0F};
        subscriptions_.on_readings(readings);
    }
    /// What a client was sent since the last time.
    std::vector<Got> take(net::ClientId client) {
        std::vector<Got> got;
        for (const auto& message : std::exchange(sent_[client], {})) {
            Got one{message, {}, {}};
            const auto bytes = message.payload();
            if (bytes.size() >= sizeof(Header) && bytes[0] == 1) {
                std::memcpy(&one.header, bytes.data(), sizeof(Header));
                one.values.resize(one.header.count);
                std::memcpy(one.values.data(), bytes.data() + sizeof(Header),
                            one.values.size() * sizeof(float));
            }
            got.push_back(std::move(one));
        }
        return got;
    }
    void acknowledge(net::ClientId client, std::uint16_t sub, std::uint32_t seq) {
        subscriptions_.acknowledge(client, {{sub, seq}});
    }

    std::map<net::ClientId, std::vector<net::Message>> sent_;
    Subscriptions subscriptions_{[this](net::ClientId client, const net::Message& message) {
        sent_[client].push_back(message);
    }};
    StreamLayouts layouts_;
    std::uint64_t frame_ = 0;
    std::uint64_t clips_ = 0;
};

TEST_F(SubscriptionsTest, a_frame_says_what_protocol_md_says) {
    const auto sub = subscribe(1);
    tick(0.75F);
    const auto got = take(1);
    ASSERT_EQ(got.size(), 1u);
    const auto& header = got[0].header;
    EXPECT_EQ(header.version, 1);
    EXPECT_EQ(header.kind, 1);
    EXPECT_EQ(header.sub, sub);
    EXPECT_EQ(header.seq, 1u);
    EXPECT_EQ(header.frame, 800u);
    EXPECT_EQ(header.generation, 3u);
    EXPECT_EQ(header.skipped, 0u);
    EXPECT_EQ(header.channels, 2);
    EXPECT_EQ(header.count, 16u);
    EXPECT_EQ(got[0].values[0], 0.125F) << "the plugin's input, which is the device's first";
    EXPECT_EQ(got[0].values[8], 0.75F) << "the plugin's output, which is the device's second";
}

TEST_F(SubscriptionsTest, one_frame_is_built_once_for_all_who_want_it_alike) {
    const auto sub = subscribe(1);
    EXPECT_EQ(subscribe(2), sub);
    EXPECT_NE(subscribe(3, 30), sub);
    EXPECT_NE(subscribe(4, 60, wire::Stream::meters, wire::Format::json), sub);
    EXPECT_NE(subscribe(5, 60, wire::Stream::load), sub);
    tick();
    const auto one = take(1);
    const auto two = take(2);
    ASSERT_EQ(one.size(), 1u);
    ASSERT_EQ(two.size(), 1u);
    EXPECT_EQ(one[0].message.payload().data(), two[0].message.payload().data());
    EXPECT_THAT(std::string(take(4).at(0).message.payload()), HasSubstr("stream.frame"));
}

TEST_F(SubscriptionsTest, the_rate_is_kept_and_no_peak_falls_between) {
    subscribe(1, 20);
    for (const float peak : {0.1F, 0.9F, 0.2F, 0.3F, 0.1F, 0.1F}) {
        tick(peak);
    }
    const auto got = take(1);
    ASSERT_EQ(got.size(), 2u);
    EXPECT_EQ(got[0].values[8], 0.9F);
    EXPECT_EQ(got[0].header.frame, 2400u);
    EXPECT_EQ(got[1].values[8], 0.3F);
    EXPECT_EQ(got[1].header.skipped, 0u) << "nothing was merged for want of credit";
}

TEST_F(SubscriptionsTest, odd_rates_are_kept_in_the_mean) {
    const auto sub = subscribe(1, 25);
    subscribe(2, 0.1);
    for (int second = 0; second < 20; ++second) {
        for (int i = 0; i < 60; ++i) {
            tick();
            acknowledge(1, sub, UINT32_MAX);
        }
    }
    EXPECT_EQ(take(1).size(), 500u);
    EXPECT_EQ(take(2).size(), 2u);
}

TEST_F(SubscriptionsTest, sixteen_frames_are_under_way_and_then_one_is_kept) {
    const auto sub = subscribe(1);
    for (int i = 0; i < 100; ++i) {
        tick(i == 50 ? 1.0F : 0.25F);
    }
    EXPECT_EQ(take(1).size(), 16u);
    acknowledge(1, sub, 1);
    const auto got = take(1);
    ASSERT_EQ(got.size(), 1u);
    EXPECT_EQ(got[0].values[8], 1.0F) << "the peak of all 84";
    EXPECT_EQ(got[0].values[8 + 4], 100.0F) << "counts are the newest";
    EXPECT_EQ(got[0].header.skipped, 83u);
    EXPECT_EQ(got[0].header.seq, 100u);
    EXPECT_EQ(got[0].header.frame, 80000u);
    tick();
    EXPECT_THAT(take(1), IsEmpty()) << "again without credit";
    acknowledge(1, sub, 100);
    EXPECT_EQ(take(1).at(0).header.skipped, 0u);
    tick();
    EXPECT_EQ(take(1).at(0).header.seq, 102u);
}

TEST_F(SubscriptionsTest, acknowledging_one_acknowledges_all_before_it) {
    const auto sub = subscribe(1);
    for (int i = 0; i < 16; ++i) {
        tick();
    }
    acknowledge(1, sub, 16);
    for (int i = 0; i < 20; ++i) {
        tick();
    }
    EXPECT_EQ(take(1).size(), 32u);
}

TEST_F(SubscriptionsTest, who_stalls_delays_nobody) {
    const auto sub = subscribe(1);
    subscribe(2);
    for (std::uint32_t i = 1; i <= 1000; ++i) {
        tick();
        acknowledge(2, sub, i);
    }
    EXPECT_EQ(take(1).size(), 16u);
    const auto kept_up = take(2);
    ASSERT_EQ(kept_up.size(), 1000u);
    std::uint32_t seq = 0;
    for (const auto& got : kept_up) {
        EXPECT_EQ(got.header.seq, ++seq);
        EXPECT_EQ(got.header.skipped, 0u);
    }
}

TEST_F(SubscriptionsTest, acknowledgements_of_others_or_of_nothing_do_nothing) {
    const auto sub = subscribe(1);
    for (int i = 0; i < 20; ++i) {
        tick();
    }
    EXPECT_EQ(take(1).size(), 16u);
    acknowledge(2, sub, 16);
    acknowledge(1, 999, 16);
    acknowledge(1, sub, 0);
    EXPECT_THAT(take(1), IsEmpty());
}

TEST_F(SubscriptionsTest, another_rate_is_another_number) {
    const auto sub = subscribe(1);
    subscribe(2);
    const auto reply = subscriptions_.update(1, sub, 20);
    ASSERT_TRUE(reply);
    EXPECT_NE(reply->sub, sub);
    EXPECT_FALSE(subscriptions_.update(1, sub, 30)) << "it is no longer this client's";
    EXPECT_FALSE(subscriptions_.unsubscribe(1, sub));
    for (int i = 0; i < 3; ++i) {
        tick();
    }
    EXPECT_EQ(take(1).size(), 1u);
    EXPECT_EQ(take(2).size(), 3u);
}

TEST_F(SubscriptionsTest, who_has_gone_gets_nothing_and_wants_nothing) {
    subscribe(1, 60, wire::Stream::taps);
    subscribe(1, 30, wire::Stream::meters);
    subscribe(2, 30, wire::Stream::meters);
    EXPECT_TRUE(subscriptions_.wanted(wire::Stream::taps));
    subscriptions_.remove(1);
    EXPECT_FALSE(subscriptions_.wanted(wire::Stream::taps));
    EXPECT_TRUE(subscriptions_.wanted(wire::Stream::meters));
    tick();
    tick();
    EXPECT_THAT(take(1), IsEmpty());
    EXPECT_EQ(take(2).size(), 1u);
}

TEST_F(SubscriptionsTest, a_client_has_at_most_thirty_two) {
    for (std::size_t i = 0; i < Subscriptions::kMostOfOneClient; ++i) {
        subscribe(1, static_cast<double>(i + 1));
    }
    EXPECT_FALSE(subscriptions_.subscribe(1, wire::Stream::load, 60, wire::Format::bin));
    EXPECT_TRUE(subscriptions_.subscribe(1, wire::Stream::meters, 5, wire::Format::bin))
        << "one that it has already";
    EXPECT_TRUE(subscriptions_.subscribe(2, wire::Stream::load, 60, wire::Format::bin));
}

TEST_F(SubscriptionsTest, a_number_is_not_used_again_while_it_is_in_use) {
    const auto kept = subscribe(1);
    for (int i = 0; i < 70'000; ++i) {
        const auto sub = subscribe(2, 30);
        ASSERT_NE(sub, kept);
        ASSERT_NE(sub, 0);
        ASSERT_TRUE(subscriptions_.unsubscribe(2, sub));
    }
}

TEST_F(SubscriptionsTest, a_new_layout_comes_before_its_first_frame_to_those_whom_it_concerns) {
    subscribe(1);
    subscribe(2, 60, wire::Stream::load);
    subscribe(3, 60, wire::Stream::taps);
    layouts_.meter_channels.push_back({"out_2", "out", wire::Direction::out});
    layouts_.out_device.push_back(0);
    subscriptions_.set_layouts(layouts_);
    tick();
    const auto meters = take(1);
    ASSERT_EQ(meters.size(), 2u);
    EXPECT_THAT(std::string(meters[0].message.payload()), HasSubstr("stream.layout"));
    EXPECT_EQ(meters[1].header.channels, 3);
    EXPECT_EQ(take(2).size(), 1u);
    EXPECT_EQ(take(3).size(), 1u);
    subscriptions_.set_layouts(layouts_);
    EXPECT_THAT(take(1), IsEmpty());
}

TEST_F(SubscriptionsTest, channels_that_the_device_does_not_have_read_zero) {
    layouts_.in_device = {0xffffffff};
    layouts_.out_device = {7};
    subscribe(1);
    subscriptions_.set_layouts(layouts_);
    take(1);
    tick();
    const auto got = take(1);
    ASSERT_EQ(got.size(), 1u);
    EXPECT_THAT(got[0].values, Each(0.0F));
}

TEST_F(SubscriptionsTest, readings_with_fewer_channels_than_they_claim_read_zero) {
    subscribe(1);
    analysis::Readings lie;
    lie.in_channels = 1000;
    lie.out_channels = 1000;
    subscriptions_.on_readings(lie);
    const auto got = take(1);
    ASSERT_EQ(got.size(), 1u);
    EXPECT_EQ(got[0].values.size(), 16u);
    EXPECT_THAT(got[0].values, Each(0.0F));
}

TEST_F(SubscriptionsTest, taps_come_one_value_each) {
    subscribe(1, 60, wire::Stream::taps);
    tick();
    EXPECT_THAT(take(1).at(0).values, ElementsAre(-3.0F));
}

} // namespace
} // namespace jig::session
