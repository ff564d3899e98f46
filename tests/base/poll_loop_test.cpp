#include "base/poll_loop.hpp"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <thread>

using namespace std::chrono_literals;

namespace {

TEST(PollLoop, runs_posted_jobs_in_the_order_of_posting) {
    jig::PollLoop loop;
    std::string order;
    loop.post([&] { order += 'a'; });
    loop.post([&] { order += 'b'; });
    EXPECT_TRUE(loop.run_once(0ms));
    EXPECT_EQ(order, "ab");
}

TEST(PollLoop, wakes_for_a_job_posted_by_another_thread) {
    jig::PollLoop loop;
    bool ran = false;
    std::thread other([&] { loop.post([&] { ran = true; }); });
    while (!ran) {
        loop.run_once(1000ms);
    }
    other.join();
    EXPECT_TRUE(ran);
}

TEST(PollLoop, watches_a_descriptor_until_its_handle_is_destroyed) {
    jig::PollLoop loop;
    const jig::UniqueFd event(::eventfd(1, EFD_CLOEXEC));
    int calls = 0;
    auto handle = loop.watch(event.get(), [&] { ++calls; });
    loop.run_once(1000ms);
    EXPECT_EQ(calls, 1);
    handle.reset();
    loop.run_once(0ms);
    EXPECT_EQ(calls, 1);
}

TEST(PollLoop, a_job_may_destroy_its_own_timer) {
    jig::PollLoop loop;
    int calls = 0;
    jig::Loop::HandlePtr timer;
    timer = loop.every(1ms, [&] {
        ++calls;
        timer.reset();
    });
    loop.run_once(1000ms);
    loop.run_once(5ms);
    EXPECT_EQ(calls, 1);
}

TEST(PollLoop, stop_from_a_job_ends_run) {
    jig::PollLoop loop;
    loop.post([&] { loop.stop(); });
    loop.run();
    SUCCEED();
}

} // namespace
