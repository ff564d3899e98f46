#include "audio/attendant.hpp"

#include <future>
#include <gtest/gtest.h>
#include <memory>
#include <thread>

namespace jig::audio {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(Attendant, gives_back_what_the_function_returned) {
    Attendant attendant;
    EXPECT_EQ(attendant.call(hours(1), [] { return 7; }), 7);
    EXPECT_EQ(attendant.call(hours(1), [] { return 8; }), 8);
    EXPECT_FALSE(attendant.hung());
}

TEST(Attendant, gives_up_a_call_that_hangs_and_refuses_further_ones_until_it_returns) {
    auto release = std::make_shared<std::promise<void>>();
    auto returned = std::make_shared<std::promise<void>>();
    Attendant attendant;
    EXPECT_FALSE(attendant.call(milliseconds(1), [release, returned] {
        release->get_future().wait();
        returned->set_value();
        return 1;
    }));
    EXPECT_TRUE(attendant.hung());
    EXPECT_FALSE(attendant.call(hours(1), [] { return 2; }));

    release->set_value();
    returned->get_future().wait();
    while (attendant.hung()) {
        std::this_thread::yield();
    }
    EXPECT_EQ(attendant.call(hours(1), [] { return 3; }), 3);
}

TEST(Attendant, can_be_destroyed_while_a_call_hangs) {
    auto release = std::make_shared<std::promise<void>>();
    auto owned = std::make_shared<int>(0);
    const std::weak_ptr<int> watched = owned;
    {
        Attendant attendant;
        EXPECT_FALSE(attendant.call(milliseconds(1), [release, owned = std::move(owned)] {
            release->get_future().wait();
            return *owned;
        }));
    }
    EXPECT_FALSE(watched.expired()) << "the call that hangs still needs it";
    release->set_value();
    while (!watched.expired()) {
        std::this_thread::yield();
    }
}

} // namespace
} // namespace jig::audio
