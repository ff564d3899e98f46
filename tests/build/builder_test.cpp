#include "build/builder.hpp"

#include "base/poll_loop.hpp"

#include <algorithm>
#include <gmock/gmock.h>

namespace {

using namespace jig;
using namespace jig::build;
using namespace std::chrono_literals;

struct Bench {
    PollLoop loop;
    std::vector<std::string> output;
    std::vector<Status> statuses;

    Builder builder(const std::string& command) {
        return Builder(
            {loop, command, "/tmp",
             [this](const auto& lines) { output.insert(output.end(), lines.begin(), lines.end()); },
             [this](const Progress& progress) { statuses.push_back(progress.status); }});
    }
    void until(const std::function<bool()>& condition) {
        for (int i = 0; i < 2000 && !condition(); ++i) {
            loop.run_once(10ms);
        }
        ASSERT_TRUE(condition());
    }
};

TEST(Builder, tells_output_and_outcome) {
    Bench bench;
    auto builder = bench.builder("echo compiling; echo 'a.cpp:3:1: error: wrong'; exit 1");
    builder.request();
    EXPECT_EQ(builder.progress().status, Status::running);
    bench.until([&] { return builder.progress().status != Status::running; });
    EXPECT_EQ(builder.progress().status, Status::failed);
    EXPECT_EQ(builder.progress().exit_status, 1);
    ASSERT_EQ(builder.progress().diagnostics.size(), 1U);
    EXPECT_EQ(builder.progress().diagnostics[0].file, "/tmp/a.cpp");
    EXPECT_EQ(bench.output.front(), "compiling");
}

TEST(Builder, a_newer_request_ends_the_build_under_way_and_builds_once_more) {
    Bench bench;
    auto builder = bench.builder("echo begun; sleep 0.3");
    builder.request();
    bench.until([&] { return bench.output.size() == 1; });
    builder.request();
    builder.request();
    bench.until([&] { return builder.progress().status == Status::succeeded; });
    EXPECT_EQ(builder.progress().number, 2U);
    EXPECT_EQ(builder.progress().cancelled, 1U);
    EXPECT_THAT(bench.statuses,
                testing::ElementsAre(Status::running, Status::running, Status::succeeded));
}

TEST(Builder, a_build_that_asks_for_itself_comes_to_its_end) {
    Bench bench;
    auto builder = bench.builder("echo saved; sleep 0.05");
    std::size_t seen = 0;
    builder.request();
    bench.until([&] {
        if (bench.output.size() > seen) { // each build writes something that is watched
            seen = bench.output.size();
            builder.request();
        }
        return std::find(bench.statuses.begin(), bench.statuses.end(), Status::succeeded) !=
               bench.statuses.end();
    });
    EXPECT_GE(builder.progress().cancelled, 3U);
}

TEST(Builder, what_is_cancelled_is_no_failure) {
    Bench bench;
    auto builder = bench.builder("sleep 30");
    builder.request();
    builder.cancel();
    bench.until([&] { return builder.progress().status != Status::running; });
    EXPECT_EQ(builder.progress().status, Status::idle);
}

TEST(Builder, a_build_that_succeeds_leaves_no_old_complaint) {
    Bench bench;
    const std::string marker = testing::TempDir() + "builder_mended";
    std::remove(marker.c_str());
    auto builder = bench.builder("test -e " + marker + " || { touch " + marker +
                                 "; echo 'a.cpp:1: error: x'; exit 1; }");
    builder.request();
    bench.until([&] { return builder.progress().status == Status::failed; });
    builder.request();
    bench.until([&] { return builder.progress().status == Status::succeeded; });
    EXPECT_TRUE(builder.progress().diagnostics.empty());
    std::remove(marker.c_str());
}

} // namespace
