#include "session/event_log.hpp"

#include <gtest/gtest.h>

namespace jig::session {
namespace {

class EventLogTest : public testing::Test {
  protected:
    void add(int count) {
        for (int i = 0; i < count; ++i) {
            log_.add(wire::Level::info, "something happened", wire::Log{}, 48000);
        }
    }

    std::vector<std::uint64_t> told_;
    EventLog log_{[this](const wire::Event& event) { told_.push_back(event.id); }};
};

TEST_F(EventLogTest, events_are_numbered_from_one_and_told_at_once) {
    add(3);
    EXPECT_EQ(told_, (std::vector<std::uint64_t>{1, 2, 3}));
    EXPECT_EQ(log_.last_id(), 3u);
}

TEST_F(EventLogTest, since_gives_what_came_later) {
    add(5);
    const auto reply = log_.since(3);
    ASSERT_EQ(reply.events.size(), 2u);
    EXPECT_EQ(reply.events[0].id, 4u);
    EXPECT_EQ(reply.events[1].id, 5u);
    EXPECT_EQ(reply.events[1].frame, 48000u);
    EXPECT_EQ(reply.last_event_id, 5u);
    EXPECT_EQ(reply.gap, 0u);
}

TEST_F(EventLogTest, a_thousand_are_kept_and_the_gap_is_counted) {
    add(1234);
    const auto all = log_.since(0);
    EXPECT_EQ(all.events.size(), 1000u);
    EXPECT_EQ(all.events.front().id, 235u);
    EXPECT_EQ(all.gap, 234u);
    EXPECT_EQ(log_.since(200).gap, 34u);
    EXPECT_EQ(log_.since(234).gap, 0u);
}

TEST_F(EventLogTest, nothing_is_new_for_who_has_the_last_or_comes_from_another_session) {
    EXPECT_TRUE(log_.since(0).events.empty());
    add(2);
    EXPECT_TRUE(log_.since(2).events.empty());
    EXPECT_TRUE(log_.since(UINT64_MAX).events.empty());
    EXPECT_EQ(log_.since(UINT64_MAX).gap, 0u);
}

} // namespace
} // namespace jig::session
