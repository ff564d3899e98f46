#include "analysis/meter_bank.hpp"
#include "tests/analysis/fake_engine.hpp"

#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <random>

namespace {

using jig::analysis::MeterBank;
using jig::analysis::Readings;
using jig::test::FakeEngine;

float click_at(std::uint64_t where, std::uint64_t frame) {
    return frame == where ? 1.0F : 0.0F;
}

Readings take(MeterBank& bank) {
    Readings readings;
    bank.take(readings);
    return readings;
}

TEST(MeterBank, hands_out_every_input_and_then_every_output) {
    FakeEngine engine(48000, 2, 3);
    MeterBank bank(engine.region(), engine.streams(), 48000);
    engine.render(256, [](int channel, std::uint64_t) {
        return channel < 0 ? 0.1F * static_cast<float>(-channel)
                           : 0.5F + 0.1F * static_cast<float>(channel);
    });
    bank.update();
    const auto readings = take(bank);
    EXPECT_EQ(readings.frame, 256u);
    EXPECT_EQ(readings.generation, 1u);
    EXPECT_EQ(readings.in_channels, 2u);
    EXPECT_EQ(readings.out_channels, 3u);
    ASSERT_EQ(readings.channels.size(), 5u);
    EXPECT_FLOAT_EQ(readings.channels[0].peak, 0.1F);
    EXPECT_FLOAT_EQ(readings.channels[1].peak, 0.2F);
    EXPECT_FLOAT_EQ(readings.channels[2].peak, 0.5F);
    EXPECT_FLOAT_EQ(readings.channels[4].peak, 0.7F);
}

TEST(MeterBank, sees_a_click_of_one_sample_wherever_it_falls) {
    FakeEngine engine(48000, 0, 1);
    MeterBank bank(engine.region(), engine.streams(), 48000);
    std::uint64_t clicks = 0;
    for (std::uint64_t block = 0; block < 2000; ++block) {
        const std::uint64_t where = block * 97 + block % 97;
        engine.render(97, [&](int, std::uint64_t frame) { return click_at(where, frame); });
        if (block % 5 == 4) {
            bank.update();
            const auto reading = take(bank).channels[0];
            clicks += 5;
            EXPECT_EQ(reading.peak, 1.0F);
            EXPECT_EQ(reading.clip_count, clicks);
            EXPECT_EQ(reading.dropped_frames, 0u);
        }
    }
}

TEST(MeterBank, what_it_could_not_see_is_counted) {
    FakeEngine engine(48000, 0, 1);
    MeterBank bank(engine.region(), engine.streams(), 48000);
    const auto frames = engine.layout().frames;
    for (std::uint64_t done = 0; done < 3 * frames; done += 4096) {
        engine.render(4096, [](int, std::uint64_t frame) { return click_at(0, frame % 1000); });
    }
    bank.update();
    const auto reading = take(bank).channels[0];
    const std::uint64_t expected = 2 * frames + 2 * jig::link::kMaxFrames;
    EXPECT_EQ(reading.dropped_frames, expected);
    EXPECT_NEAR(static_cast<double>(reading.clip_count),
                static_cast<double>(3 * frames - expected) / 1000, 1.0)
        << "every frame that was not dropped is metered";
}

TEST(MeterBank, follows_the_number_of_channels) {
    FakeEngine engine(48000, 1, 1);
    MeterBank bank(engine.region(), engine.streams(), 48000);
    engine.set_channels(2, 8);
    engine.render(64, [](int, std::uint64_t) { return 0.25F; });
    bank.update();
    const auto readings = take(bank);
    EXPECT_EQ(readings.channels.size(), 10u);
    EXPECT_EQ(readings.channels.back().peak, 0.25F);
}

TEST(MeterBank, an_engine_that_claims_absurd_channels_gets_as_many_as_there_are) {
    FakeEngine engine(48000, 1, 1);
    engine.set_channels(0xffffffff, 1000000);
    MeterBank bank(engine.region(), engine.streams(), 48000);
    bank.update();
    EXPECT_EQ(take(bank).channels.size(), 2 * jig::link::kMaxChannels);
}

TEST(MeterBank, survives_any_bytes_in_the_region) {
    FakeEngine engine;
    MeterBank bank(engine.region(), engine.streams(), 48000);
    std::mt19937_64 random(7);
    for (int round = 0; round < 20; ++round) {
        auto* bytes = reinterpret_cast<unsigned char*>(&engine.region());
        for (std::size_t at = 0; at + 8 <= 4096; at += 8) {
            const auto word = random();
            std::memcpy(bytes + at, &word, 8);
        }
        bank.update();
        const auto readings = take(bank);
        EXPECT_LE(readings.channels.size(), 2 * jig::link::kMaxChannels);
        for (const auto& channel : readings.channels) {
            EXPECT_TRUE(std::isfinite(channel.rms));
        }
    }
}

TEST(MeterBank, after_a_restart_it_goes_on_from_the_present_without_loss) {
    FakeEngine engine(48000, 0, 1);
    MeterBank bank(engine.region(), engine.streams(), 48000);
    engine.render(100, [](int, std::uint64_t) { return 0.5F; });
    bank.update();
    engine.region().frame += 10'000'000; // the time that passed without an engine
    bank.resync();
    engine.render(100, [](int, std::uint64_t) { return 0.25F; });
    bank.update();
    const auto readings = take(bank);
    EXPECT_EQ(readings.channels[0].dropped_frames, 0u);
    EXPECT_EQ(readings.frame, 10'000'200u);
}

TEST(MeterBank, another_rate_reads_the_streams_where_they_lie_then) {
    FakeEngine engine(48000, 0, 2);
    MeterBank bank(engine.region(), engine.streams(), 48000);
    engine.render(500, [](int, std::uint64_t) { return 0.5F; }); // never seen
    engine.set_rate(192000);
    bank.set_rate(192000);
    engine.render(4096, [](int channel, std::uint64_t) { return channel == 1 ? 0.75F : 0.0F; });
    bank.update();
    const auto readings = take(bank);
    EXPECT_EQ(readings.channels[0].peak, 0.0F);
    EXPECT_EQ(readings.channels[1].peak, 0.75F);
    EXPECT_EQ(readings.channels[1].dropped_frames, 500u);
}

TEST(MeterBank, resets_one_channel_of_both_directions) {
    FakeEngine engine(48000, 2, 2);
    MeterBank bank(engine.region(), engine.streams(), 48000);
    engine.render(64, [](int, std::uint64_t) { return 1.0F; });
    bank.update();
    bank.reset(1);
    const auto readings = take(bank);
    EXPECT_EQ(readings.channels[0].clip_count, 64u);
    EXPECT_EQ(readings.channels[1].clip_count, 0u);
    EXPECT_EQ(readings.channels[2].clip_count, 64u);
    EXPECT_EQ(readings.channels[3].clip_count, 0u);
}

} // namespace
