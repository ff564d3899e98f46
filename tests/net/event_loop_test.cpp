#include "net/event_loop.hpp"

#include "base/fd.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>

using jig::Loop;
using jig::UniqueFd;
using jig::net::EventLoop;
using namespace std::chrono_literals;

TEST(EventLoop, runs_posted_jobs_in_their_order) {
    EventLoop loop;
    std::vector<int> order;
    for (int i = 0; i < 100; ++i) {
        loop.post([&order, i] { order.push_back(i); });
    }
    loop.stop();
    loop.run();
    ASSERT_EQ(order.size(), 100U);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(EventLoop, runs_what_other_threads_post) {
    EventLoop loop;
    int count = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int job = 0; job < 250; ++job) {
                loop.post([&] {
                    if (++count == 1000) {
                        loop.stop();
                    }
                });
            }
        });
    }
    loop.run();
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(count, 1000);
}

TEST(EventLoop, can_run_again_after_a_stop) {
    EventLoop loop;
    int count = 0;
    for (int i = 0; i < 3; ++i) {
        loop.post([&] { ++count; });
        loop.stop();
        loop.run();
    }
    EXPECT_EQ(count, 3);
}

TEST(EventLoop, calls_again_while_something_is_left_to_read) {
    EventLoop loop;
    const UniqueFd fd(eventfd(3, EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK));
    int calls = 0;
    const auto watch = loop.watch(fd.get(), [&] {
        if (++calls % 2 == 0) { // every other time nothing is read
            eventfd_t value = 0;
            EXPECT_EQ(eventfd_read(fd.get(), &value), 0);
        }
        if (calls == 6) {
            loop.stop();
        }
    });
    loop.run();
    EXPECT_EQ(calls, 6);
}

TEST(EventLoop, does_not_call_a_watch_that_has_ended_and_leaves_its_descriptor_open) {
    EventLoop loop;
    const UniqueFd fd(eventfd(1, EFD_CLOEXEC));
    int calls = 0;
    auto watch = loop.watch(fd.get(), [&] { ++calls; });
    watch.reset();
    const auto again = loop.watch(fd.get(), [&] { loop.stop(); });
    loop.run();
    EXPECT_EQ(calls, 0);
    EXPECT_EQ(eventfd_write(fd.get(), 1), 0);
}

TEST(EventLoop, a_watch_may_end_itself) {
    EventLoop loop;
    const UniqueFd fd(eventfd(1, EFD_CLOEXEC));
    int calls = 0;
    Loop::HandlePtr watch;
    watch = loop.watch(fd.get(), [&] {
        ++calls;
        watch.reset();
        loop.stop();
    });
    loop.run();
    EXPECT_EQ(calls, 1);
}

TEST(EventLoop, timers_fire_by_their_time) {
    EventLoop loop;
    std::string order;
    const auto late = loop.after(20ms, [&] {
        order += "b";
        loop.stop();
    });
    const auto soon = loop.after(1ms, [&] { order += "a"; });
    const auto never = loop.after(1h, [&] { order += "c"; });
    loop.run();
    EXPECT_EQ(order, "ab");
}

TEST(EventLoop, a_cancelled_timer_is_silent) {
    EventLoop loop;
    bool fired = false;
    auto timer = loop.after(0ms, [&] { fired = true; });
    timer.reset();
    const auto last = loop.after(5ms, [&] { loop.stop(); });
    loop.run();
    EXPECT_FALSE(fired);
}

TEST(EventLoop, a_periodic_timer_goes_on_until_its_handle_goes) {
    EventLoop loop;
    int calls = 0;
    Loop::HandlePtr timer;
    timer = loop.every(1ms, [&] {
        if (++calls == 5) {
            timer.reset();
            loop.stop();
        }
    });
    loop.run();
    EXPECT_EQ(calls, 5);
}

TEST(EventLoop, goes_on_after_a_job_throws) {
    EventLoop loop;
    std::vector<std::string> faults;
    loop.on_fault([&](const std::string& what) { faults.push_back(what); });
    const UniqueFd fd(eventfd(2, EFD_SEMAPHORE | EFD_CLOEXEC));
    int reads = 0;
    loop.post([] { throw std::runtime_error("oops"); });
    loop.post([] { throw 7; });
    const auto watch = loop.watch(fd.get(), [&] {
        eventfd_t value = 0;
        (void)eventfd_read(fd.get(), &value);
        if (++reads == 2) {
            loop.stop();
        }
        throw std::runtime_error("read");
    });
    loop.run();
    EXPECT_EQ(reads, 2);
    EXPECT_THAT(faults,
                testing::ElementsAre(testing::HasSubstr("oops"), testing::_,
                                     testing::HasSubstr("read"), testing::HasSubstr("read")));
}
