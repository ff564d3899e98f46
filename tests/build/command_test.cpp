#include "build/command.hpp"

#include "base/poll_loop.hpp"

#include <csignal>
#include <fstream>
#include <functional>
#include <gmock/gmock.h>

namespace {

using namespace jig;
using namespace jig::build;
using namespace std::chrono_literals;
using testing::ElementsAre;

struct OneRun {
    PollLoop loop;
    std::vector<std::string> lines;
    std::optional<CommandEnd> end;
    std::unique_ptr<Command> command;

    void start(const std::string& text, const std::filesystem::path& folder = "/") {
        auto started = Command::start(
            loop, text, folder, [this](std::string_view line) { lines.emplace_back(line); },
            [this](const CommandEnd& how) { end = how; });
        ASSERT_TRUE(started) << started.error();
        command = std::move(*started);
    }
    void until(const std::function<bool()>& condition) {
        for (int i = 0; i < 2000 && !condition(); ++i) {
            loop.run_once(10ms);
        }
        ASSERT_TRUE(condition());
    }
    void finish() {
        until([this] { return end.has_value(); });
    }
};

TEST(BuildCommand, tells_each_line_of_both_streams_and_its_status) {
    OneRun run;
    run.start("echo one; echo two >&2; printf three; exit 3");
    run.finish();
    EXPECT_THAT(run.lines, ElementsAre("one", "two", "three"));
    EXPECT_EQ(run.end->status, 3);
    EXPECT_FALSE(run.end->killed);
}

TEST(BuildCommand, runs_in_its_folder_and_reads_nothing) {
    OneRun run;
    run.start("pwd; cat; echo done", "/usr");
    run.finish();
    EXPECT_THAT(run.lines, ElementsAre("/usr", "done"));
}

TEST(BuildCommand, a_shell_that_was_killed_says_by_which_signal) {
    OneRun run;
    run.start("kill -9 $$");
    run.finish();
    EXPECT_TRUE(run.end->killed);
    EXPECT_EQ(run.end->status, 128 + SIGKILL);
}

TEST(BuildCommand, a_daemon_that_keeps_the_output_open_does_not_keep_the_build_open) {
    OneRun run;
    run.start("setsid sleep 30 & echo built");
    run.finish();
    EXPECT_THAT(run.lines, ElementsAre("built"));
}

TEST(BuildCommand, that_is_terminated_takes_everything_with_it_that_it_started) {
    OneRun run;
    run.start("trap '' TERM; (trap '' TERM; sleep 60) & echo $!; sleep 60 & echo $!; wait; wait");
    run.until([&] { return run.lines.size() == 2; });
    run.command->terminate();
    run.finish();
    for (const std::string& line : run.lines) {
        const auto gone = [&] {
            std::ifstream status("/proc/" + line + "/stat");
            std::string text((std::istreambuf_iterator<char>(status)), {});
            return text.empty() || text.find(") Z") != std::string::npos;
        };
        run.until(gone);
    }
}

TEST(BuildCommand, that_is_destroyed_takes_even_those_with_it_that_do_not_want_to_end) {
    OneRun run;
    run.start("trap '' TERM; (trap '' TERM; sleep 60) & echo $!; wait");
    run.until([&] { return run.lines.size() == 1; });
    run.command.reset();
    run.until([&] {
        std::ifstream status("/proc/" + run.lines[0] + "/stat");
        const std::string text((std::istreambuf_iterator<char>(status)), {});
        return text.empty() || text.find(") Z") != std::string::npos;
    });
}

TEST(BuildCommand, that_cannot_be_run_is_refused_in_a_sentence) {
    PollLoop loop;
    const auto started = Command::start(
        loop, "true", "/no/such/folder", [](auto) {}, [](const auto&) {});
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error(),
              "The build cannot be run in /no/such/folder: No such file or directory.");
}

} // namespace
