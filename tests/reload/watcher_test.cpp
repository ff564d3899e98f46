#include "reload/watcher.hpp"
#include "tests/reload/files.hpp"
#include "tests/reload/manual_loop.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using jig::reload::Changes;
using jig::reload::Watcher;
using jig::reload::WatchOptions;
using jig::test::write_file;
using testing::ElementsAre;
using testing::IsEmpty;

class WatcherTest : public testing::Test {
  protected:
    void watch(const fs::path& target) {
        WatchOptions options = options_;
        options.now = [this] { return loop_.now(); };
        auto watcher = Watcher::create(
            loop_, target, [this](const Changes& changes) { told_.push_back(changes); }, options);
        ASSERT_TRUE(watcher.ok()) << watcher.error();
        watcher_ = std::move(*watcher);
    }
    /// What is told when all is quiet.
    std::vector<Changes> told() {
        loop_.advance(100ms);
        return std::exchange(told_, {});
    }
    std::vector<fs::path> told_files() {
        std::vector<fs::path> files;
        for (const auto& changes : told()) {
            files.insert(files.end(), changes.files.begin(), changes.files.end());
        }
        return files;
    }

    jig::test::TempFolder folder_;
    jig::test::ManualLoop loop_;
    WatchOptions options_;
    std::unique_ptr<Watcher> watcher_;
    std::vector<Changes> told_;
};

TEST_F(WatcherTest, tells_of_a_file_that_is_written_and_closed) {
    write_file(folder_ / "p.so", "one");
    watch(folder_ / "p.so");
    EXPECT_THAT(told(), IsEmpty()) << "what was there is no news";
    write_file(folder_ / "p.so", "two");
    EXPECT_THAT(told_files(), ElementsAre(folder_ / "p.so"));
}

TEST_F(WatcherTest, tells_of_a_file_that_is_moved_into_place) {
    write_file(folder_ / "p.so", "one");
    watch(folder_ / "p.so");
    write_file(folder_ / "p.so.tmp", "two");
    EXPECT_THAT(told(), IsEmpty());
    fs::rename(folder_ / "p.so.tmp", folder_ / "p.so");
    EXPECT_THAT(told_files(), ElementsAre(folder_ / "p.so"));
}

TEST_F(WatcherTest, tells_of_links_that_are_made_in_place) {
    write_file(folder_ / "one", "one");
    watch(folder_ / "p.so");
    fs::create_symlink("one", folder_ / "p.so");
    EXPECT_THAT(told_files(), ElementsAre(folder_ / "p.so"));
    fs::remove(folder_ / "p.so");
    fs::create_hard_link(folder_ / "one", folder_ / "p.so");
    EXPECT_THAT(told_files(), ElementsAre(folder_ / "p.so"));
}

TEST_F(WatcherTest, follows_a_symbolic_link_to_the_file_that_is_written) {
    fs::create_directory(folder_ / "versions");
    write_file(folder_ / "versions/p.so.1", "one");
    fs::create_symlink("versions/p.so.1", folder_ / "p.so");
    watch(folder_ / "p.so");
    write_file(folder_ / "versions/p.so.1", "two");
    EXPECT_THAT(told_files(), ElementsAre(folder_ / "p.so"));

    write_file(folder_ / "versions/p.so.2", "three");
    EXPECT_THAT(told(), IsEmpty());
    fs::create_symlink("versions/p.so.2", folder_ / "next");
    fs::rename(folder_ / "next", folder_ / "p.so");
    EXPECT_THAT(told_files(), ElementsAre(folder_ / "p.so"));
    write_file(folder_ / "versions/p.so.2", "four");
    EXPECT_THAT(told_files(), ElementsAre(folder_ / "p.so")) << "the link leads there now";
}

TEST_F(WatcherTest, a_file_that_is_still_open_is_not_told) {
    watch(folder_ / "p.so");
    std::ofstream file(folder_ / "p.so");
    file << "half" << std::flush;
    EXPECT_THAT(told(), IsEmpty());
    file.close();
    EXPECT_THAT(told_files(), ElementsAre(folder_ / "p.so"));
}

TEST_F(WatcherTest, other_files_and_hidden_ones_are_not_told) {
    watch(folder_.path());
    write_file(folder_ / "p.o", "object");
    write_file(folder_ / ".p.1-1.so", "one of our copies");
    write_file(folder_ / "p.so.tmp", "on its way");
    EXPECT_THAT(told(), IsEmpty());
}

TEST_F(WatcherTest, of_a_folder_every_library_is_told) {
    watch(folder_.path());
    write_file(folder_ / "a.so", "one");
    write_file(folder_ / "b.so", "two");
    const auto changes = told();
    ASSERT_EQ(changes.size(), 1u) << "one burst";
    EXPECT_THAT(changes[0].files, ElementsAre(folder_ / "a.so", folder_ / "b.so"));
}

TEST_F(WatcherTest, waits_until_a_burst_is_over_and_keeps_the_time_of_its_first_event) {
    watch(folder_ / "p.so");
    loop_.advance(1000ms);
    write_file(folder_ / "p.so", "linked");
    loop_.advance(15ms);
    write_file(folder_ / "p.so", "stripped");
    loop_.advance(15ms);
    EXPECT_THAT(told_, IsEmpty());
    loop_.advance(5ms);
    ASSERT_EQ(told_.size(), 1u);
    EXPECT_EQ(told_[0].first_event.time_since_epoch(), 1000ms);
    EXPECT_THAT(told_[0].files, ElementsAre(folder_ / "p.so"));
}

TEST_F(WatcherTest, a_burst_that_does_not_end_is_told_all_the_same) {
    watch(folder_ / "p.so");
    for (int i = 0; i < 60; ++i) {
        write_file(folder_ / "p.so", "again");
        loop_.advance(10ms);
    }
    EXPECT_EQ(told_.size(), 1u);
}

TEST_F(WatcherTest, survives_the_removal_of_the_folder_and_its_return) {
    const auto build = folder_ / "build";
    fs::create_directories(build / "lib");
    write_file(build / "lib/p.so", "one");
    watch(build / "lib/p.so");
    for (int round = 0; round < 3; ++round) {
        fs::remove_all(build);
        EXPECT_THAT(told(), IsEmpty());
        fs::create_directories(build / "lib");
        EXPECT_THAT(told(), IsEmpty());
        write_file(build / "lib/p.so", "new");
        EXPECT_THAT(told_files(), ElementsAre(build / "lib/p.so")) << "round " << round;
    }
}

TEST_F(WatcherTest, nothing_is_missed_when_folder_and_file_come_back_at_once) {
    const auto build = folder_ / "build";
    fs::create_directories(build / "lib");
    write_file(build / "lib/p.so", "one");
    watch(build / "lib/p.so");
    fs::remove_all(build);
    fs::create_directories(build / "lib");
    write_file(build / "lib/p.so", "two"); // before the watcher has looked even once
    EXPECT_THAT(told_files(), ElementsAre(build / "lib/p.so"));
}

TEST_F(WatcherTest, a_folder_that_is_moved_away_and_replaced_is_watched_anew) {
    fs::create_directories(folder_ / "a/b");
    watch(folder_ / "a/b/p.so");
    fs::rename(folder_ / "a", folder_ / "old");
    EXPECT_THAT(told(), IsEmpty());
    write_file(folder_ / "old/b/p.so", "elsewhere");
    EXPECT_THAT(told(), IsEmpty());
    fs::create_directories(folder_ / "a/b");
    EXPECT_THAT(told(), IsEmpty());
    write_file(folder_ / "a/b/p.so", "here");
    EXPECT_THAT(told_files(), ElementsAre(folder_ / "a/b/p.so"));
}

TEST_F(WatcherTest, a_removed_folder_of_which_a_file_is_still_in_use_is_watched_anew) {
    fs::create_directories(folder_ / "a/b");
    write_file(folder_ / "a/b/p.so", "one");
    watch(folder_ / "a/b/p.so");
    // As a mapped build: the folder does not tell of its end.
    const std::ifstream in_use(folder_ / "a/b/p.so");
    fs::remove_all(folder_ / "a");
    EXPECT_THAT(told(), IsEmpty());
    fs::create_directories(folder_ / "a/b");
    EXPECT_THAT(told(), IsEmpty());
    write_file(folder_ / "a/b/p.so", "two");
    EXPECT_THAT(told_files(), ElementsAre(folder_ / "a/b/p.so"));
}

TEST_F(WatcherTest, a_folder_that_a_link_on_the_way_leads_to_is_watched_when_the_link_moves) {
    fs::create_directory(folder_ / "debug");
    fs::create_directory(folder_ / "release");
    write_file(folder_ / "release/p.so", "fast");
    fs::create_symlink("debug", folder_ / "build");
    watch(folder_ / "build/p.so");
    fs::create_symlink("release", folder_ / "next");
    fs::rename(folder_ / "next", folder_ / "build");
    EXPECT_THAT(told_files(), ElementsAre(folder_ / "build/p.so"));
    write_file(folder_ / "release/p.so", "faster");
    EXPECT_THAT(told_files(), ElementsAre(folder_ / "build/p.so"));
}

TEST_F(WatcherTest, a_target_that_does_not_exist_yet_is_waited_for) {
    watch(folder_ / "build/out/p.so");
    fs::create_directories(folder_ / "build/out");
    write_file(folder_ / "build/out/p.so", "first");
    EXPECT_THAT(told_files(), ElementsAre(folder_ / "build/out/p.so"));
}

TEST_F(WatcherTest, tells_of_libraries_that_it_is_given) {
    fs::create_directory(folder_ / "lib");
    write_file(folder_ / "lib/dep.so.1", "one");
    watch(folder_ / "p.so");
    watcher_->set_libraries({folder_ / "lib/dep.so.1"});
    EXPECT_THAT(told(), IsEmpty());
    write_file(folder_ / "lib/dep.so.1", "two");
    EXPECT_THAT(told_files(), ElementsAre(folder_ / "lib/dep.so.1"));
    watcher_->set_libraries({});
    write_file(folder_ / "lib/dep.so.1", "three");
    EXPECT_THAT(told(), IsEmpty());
}

TEST_F(WatcherTest, looks_itself_when_events_were_lost) {
    write_file(folder_ / "p.so", "one");
    watch(folder_ / "p.so");
    std::ifstream limit("/proc/sys/fs/inotify/max_queued_events");
    std::size_t queued = 0;
    limit >> queued;
    ASSERT_GT(queued, 0u);
    // Two names in turn, because equal events that follow each other are one.
    for (std::size_t i = 0; i < queued / 2 + 10; ++i) {
        write_file(folder_ / (i % 2 == 0 ? "x" : "y"), "");
    }
    write_file(folder_ / "p.so", "two"); // no room for this event
    EXPECT_THAT(told_files(), ElementsAre(folder_ / "p.so"));
}

TEST_F(WatcherTest, polls_where_it_must_and_says_so) {
    options_.poll = true;
    write_file(folder_ / "p.so", "one");
    watch(folder_ / "p.so");
    EXPECT_NE(watcher_->note().find("every 250 ms"), std::string::npos) << watcher_->note();
    EXPECT_THAT(told(), IsEmpty());
    // An event that inotify does not see: the time of the file's change is all there is.
    fs::last_write_time(folder_ / "p.so", fs::file_time_type::clock::now());
    loop_.advance(300ms);
    EXPECT_THAT(told_files(), ElementsAre(folder_ / "p.so"));
    loop_.advance(1000ms);
    EXPECT_THAT(told(), IsEmpty()) << "once only";
}

TEST_F(WatcherTest, a_local_folder_is_not_polled) {
    watch(folder_.path());
    EXPECT_EQ(watcher_->note(), "");
}

TEST_F(WatcherTest, a_target_that_is_neither_file_nor_folder_is_refused) {
    const auto watcher = Watcher::create(loop_, "/dev/null", [](const Changes&) {});
    ASSERT_FALSE(watcher.ok());
    EXPECT_NE(watcher.error().find("/dev/null"), std::string::npos);
}

TEST_F(WatcherTest, may_be_destroyed_by_what_it_calls) {
    auto watcher = Watcher::create(loop_, folder_ / "p.so", [&](const Changes& changes) {
        told_.push_back(changes);
        watcher_.reset();
    });
    ASSERT_TRUE(watcher.ok());
    watcher_ = std::move(*watcher);
    write_file(folder_ / "p.so", "one");
    EXPECT_EQ(told().size(), 1u);
    write_file(folder_ / "p.so", "two");
    EXPECT_THAT(told(), IsEmpty());
}

} // namespace
