#include "audio/event_queue.hpp"

#include <gtest/gtest.h>
#include <string>
#include <thread>

namespace jig::audio {
namespace {

using Kind = DeviceEvent::Kind;

TEST(EventQueue, keeps_order_value_and_text) {
    EventQueue queue;
    queue.push(Kind::xrun, 3);
    queue.push(Kind::message, 0, "hello");
    std::vector<DeviceEvent> events;
    queue.drain(events);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].kind, Kind::xrun);
    EXPECT_EQ(events[0].value, 3U);
    EXPECT_EQ(events[1].text, "hello");
}

TEST(EventQueue, cuts_a_text_that_is_too_long) {
    EventQueue queue;
    queue.push(Kind::message, 0, std::string(10000, 'x'));
    std::vector<DeviceEvent> events;
    queue.drain(events);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].text, std::string(events[0].text.size(), 'x'));
    EXPECT_GT(events[0].text.size(), 100U);
    EXPECT_LT(events[0].text.size(), 1000U);
}

TEST(EventQueue, counts_what_did_not_fit_and_works_on) {
    EventQueue queue;
    constexpr std::uint32_t kPushed = 1000;
    for (std::uint32_t i = 0; i < kPushed; ++i) {
        queue.push(Kind::xrun, i);
    }
    std::vector<DeviceEvent> events;
    queue.drain(events);
    ASSERT_FALSE(events.empty());
    EXPECT_EQ(events.back().kind, Kind::message);
    EXPECT_EQ(events.size() - 1 + events.back().value, kPushed);

    events.clear();
    queue.push(Kind::lost, 0);
    queue.drain(events);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].kind, Kind::lost);
}

TEST(EventQueue, loses_nothing_between_threads) {
    EventQueue queue;
    constexpr std::uint32_t kEach = 20000;
    const auto write = [&queue] {
        for (std::uint32_t i = 0; i < kEach; ++i) {
            queue.push(Kind::xrun, i);
        }
    };
    std::thread first(write);
    std::thread second(write);
    std::vector<DeviceEvent> events;
    std::uint64_t seen = 0;
    while (seen < 2 * kEach) {
        events.clear();
        queue.drain(events);
        for (const DeviceEvent& event : events) {
            seen += event.kind == Kind::xrun ? 1 : event.value; // a message counts the dropped
        }
    }
    first.join();
    second.join();
    EXPECT_EQ(seen, 2 * kEach);
}

} // namespace
} // namespace jig::audio
