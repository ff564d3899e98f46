#include "reload/copier.hpp"
#include "reload/library_files.hpp"
#include "tests/reload/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using jig::reload::Copier;
using jig::test::names_in;
using jig::test::read_text;
using jig::test::TempFolder;
using jig::test::write_file;
using testing::ElementsAre;

/// A process id that was used and is free again.
pid_t dead_pid() {
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::_exit(0);
    }
    ::waitpid(pid, nullptr, 0);
    return pid;
}

TEST(Copier, makes_a_hidden_copy_beside_the_file_with_its_bytes_and_its_mode) {
    const TempFolder folder;
    const std::string bytes(3'000'001, 'x');
    write_file(folder / "gain.so", bytes);
    fs::permissions(folder / "gain.so", fs::perms(0755));
    Copier copier;
    const auto copy = copier.copy(folder / "gain.so");
    ASSERT_TRUE(copy.ok()) << copy.error();
    EXPECT_EQ((*copy)->path().parent_path(), folder.path());
    EXPECT_TRUE((*copy)->beside_source());
    EXPECT_EQ(read_text((*copy)->path()), bytes);
    EXPECT_EQ(fs::status((*copy)->path()).permissions(), fs::perms(0755));
    const auto name = (*copy)->path().filename().string();
    EXPECT_TRUE(name.starts_with(".gain.")) << name;
    EXPECT_TRUE(Copier::is_copy_name(name)) << name;
    EXPECT_FALSE(jig::reload::is_library_name(name)) << "the watcher passes it over";
}

TEST(Copier, every_copy_has_a_path_of_its_own) {
    const TempFolder folder;
    write_file(folder / "gain.so", "bytes");
    Copier one;
    Copier two;
    const auto first = one.copy(folder / "gain.so");
    const auto second = one.copy(folder / "gain.so");
    const auto third = two.copy(folder / "gain.so");
    ASSERT_TRUE(first.ok() && second.ok() && third.ok());
    EXPECT_NE((*first)->path(), (*second)->path());
    EXPECT_NE((*second)->path(), (*third)->path());
}

TEST(Copier, a_copy_is_gone_when_nobody_holds_it) {
    const TempFolder folder;
    write_file(folder / "gain.so", "bytes");
    Copier copier;
    {
        const auto copy = copier.copy(folder / "gain.so");
        ASSERT_TRUE(copy.ok());
        EXPECT_EQ(names_in(folder.path()).size(), 2u);
    }
    EXPECT_THAT(names_in(folder.path()), ElementsAre("gain.so"));
}

TEST(Copier, a_file_that_is_not_there_is_one_sentence_and_leaves_nothing) {
    const TempFolder folder;
    Copier copier;
    const auto copy = copier.copy(folder / "gain.so");
    ASSERT_FALSE(copy.ok());
    EXPECT_NE(copy.error().find("gain.so: No such file"), std::string::npos) << copy.error();
    EXPECT_TRUE(names_in(folder.path()).empty());
}

TEST(Copier, goes_to_a_private_temporary_folder_where_it_may_not_write) {
    const TempFolder folder;
    write_file(folder / "gain.so", "bytes");
    fs::permissions(folder.path(), fs::perms(0555));
    const bool root = ::geteuid() == 0;
    constexpr uid_t kNobody = 65534; // root may write anywhere
    ASSERT_TRUE(!root || ::seteuid(kNobody) == 0);
    fs::path where;
    {
        Copier copier;
        const auto copy = copier.copy(folder / "gain.so");
        EXPECT_TRUE(copy.ok()) << copy.error();
        if (copy.ok()) {
            EXPECT_FALSE((*copy)->beside_source());
            EXPECT_EQ(read_text((*copy)->path()), "bytes");
            where = (*copy)->path().parent_path();
            EXPECT_EQ(fs::status(where).permissions(), fs::perms(0700));
        }
    }
    EXPECT_FALSE(fs::exists(where)) << "it ends with the copier";
    ASSERT_TRUE(!root || ::seteuid(0) == 0);
    fs::permissions(folder.path(), fs::perms(0755));
}

TEST(Copier, knows_its_names_and_no_others) {
    EXPECT_TRUE(Copier::is_copy_name(".gain.12-3.so"));
    EXPECT_TRUE(Copier::is_copy_name(".libmy-gain.v2.12-3.so"));
    for (const auto* name : {"gain.so", ".gain.so", ".gain.12.so", "gain.12-3.so", ".gain.12-.so",
                             ".gain.-3.so", ".gain.x-3.so", ".12-3.so", ".gain.12-3.so.1", ".so"}) {
        EXPECT_FALSE(Copier::is_copy_name(name)) << name;
    }
}

TEST(Copier, removes_what_a_killed_server_left_and_nothing_else) {
    const TempFolder folder;
    const auto dead = std::to_string(dead_pid());
    write_file(folder / (".gain." + dead + "-1.so"), "left over");
    write_file(folder / (".gain." + std::to_string(::getppid()) + "-1.so"), "in use");
    write_file(folder / (".gain." + std::to_string(::getpid()) + "-4000000.so"),
               "of another life of this process id");
    write_file(folder / ".gain.so", "somebody's");
    write_file(folder / "gain.so", "the plugin");
    Copier copier;
    const auto mine = copier.copy(folder / "gain.so");
    ASSERT_TRUE(mine.ok());
    EXPECT_EQ(Copier::remove_leftovers(folder.path()), 2u);
    EXPECT_EQ(names_in(folder.path()).size(), 4u);
    EXPECT_TRUE(fs::exists((*mine)->path()));
}

TEST(Copier, removes_temporary_folders_that_a_killed_server_left) {
    const TempFolder folder;
    const auto temporary = fs::temp_directory_path();
    const auto left = temporary / ("jig-copies-" + std::to_string(dead_pid()) + "-abcdef");
    const auto used = temporary / ("jig-copies-" + std::to_string(::getppid()) + "-abcdef");
    fs::create_directory(left);
    fs::create_directory(used);
    write_file(left / ".gain.1-1.so", "left over");
    EXPECT_GE(Copier::remove_leftovers(folder.path()), 1u);
    EXPECT_FALSE(fs::exists(left));
    EXPECT_TRUE(fs::exists(used));
    fs::remove_all(used);
}

} // namespace
