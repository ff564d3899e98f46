#include "base/worker.hpp"

#include <future>
#include <gtest/gtest.h>

namespace {

TEST(Worker, runs_jobs_one_after_the_other) {
    std::string order;
    std::promise<void> done;
    jig::Worker worker;
    worker.submit([&] { order += 'a'; });
    worker.submit([&] { order += 'b'; });
    worker.submit([&] { done.set_value(); });
    done.get_future().wait();
    EXPECT_EQ(order, "ab");
}

} // namespace
