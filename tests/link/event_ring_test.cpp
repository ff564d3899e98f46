#include "link/memory.hpp"
#include "link/rings.hpp"

#include <gtest/gtest.h>
#include <thread>

namespace {

using jig::link::EventReader;
using jig::link::EventWriter;
using jig::link::kEventRingSize;
using jig::link::Regions;
using jig::link::RingEvent;

class EventRing : public testing::Test {
  protected:
    Regions regions_ = std::move(*Regions::create());
    EventWriter writer_{regions_.server(), regions_.engine()};
    EventReader reader_{regions_.server(), regions_.engine()};
};

RingEvent numbered(std::uint64_t number) {
    RingEvent event{};
    event.frame = number;
    return event;
}

TEST_F(EventRing, a_batch_arrives_whole) {
    const std::vector<RingEvent> batch{numbered(1), numbered(2), numbered(3)};
    ASSERT_TRUE(writer_.push(batch));
    ASSERT_EQ(reader_.end() - reader_.begin(), 3u);
    EXPECT_EQ(reader_.at(reader_.begin()).frame, 1u);
    EXPECT_EQ(reader_.at(reader_.begin() + 2).frame, 3u);
    reader_.done(reader_.end());
    EXPECT_EQ(reader_.begin(), reader_.end());
}

TEST_F(EventRing, a_batch_that_does_not_fit_is_refused_whole) {
    const std::vector<RingEvent> most(kEventRingSize - 1);
    ASSERT_TRUE(writer_.push(most));
    EXPECT_FALSE(writer_.push(std::vector<RingEvent>(2)));
    EXPECT_EQ(reader_.end(), kEventRingSize - 1);
    EXPECT_TRUE(writer_.push(std::vector<RingEvent>(1)));
    EXPECT_FALSE(writer_.push(std::vector<RingEvent>(kEventRingSize + 1)));
}

TEST_F(EventRing, an_engine_that_lies_about_what_it_has_read_gets_nothing_more) {
    for (const std::uint64_t lie : {std::uint64_t{1}, ~std::uint64_t{0}}) {
        regions_.engine().event_read = lie + kEventRingSize;
        EXPECT_FALSE(writer_.push(std::vector<RingEvent>(1)));
    }
}

TEST_F(EventRing, events_of_an_engine_that_ended_are_forgotten) {
    ASSERT_TRUE(writer_.push(std::vector<RingEvent>(100)));
    writer_.restart(regions_.engine());
    EXPECT_EQ(reader_.begin(), reader_.end());
    EXPECT_TRUE(writer_.push(std::vector<RingEvent>(kEventRingSize)));
}

TEST_F(EventRing, two_threads_pass_events_in_order_and_without_loss) {
    constexpr std::uint64_t kCount = 50'000;
    std::thread producer([&] {
        for (std::uint64_t i = 0; i < kCount;) {
            i += writer_.push(std::vector<RingEvent>{numbered(i)}) ? 1 : 0;
        }
    });
    std::uint64_t expected = 0;
    while (expected < kCount) {
        const auto end = reader_.end();
        for (auto at = reader_.begin(); at != end; ++at) {
            ASSERT_EQ(reader_.at(at).frame, expected++);
        }
        reader_.done(end);
    }
    producer.join();
}

} // namespace
