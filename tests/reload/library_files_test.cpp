#include "reload/library_files.hpp"
#include "tests/reload/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using jig::reload::newest_library;
using jig::test::copy_over;
using jig::test::fixture;
using jig::test::plain_plugin;
using jig::test::TempFolder;
using jig::test::write_file;
using testing::ElementsAre;

void put(const fs::path& from, const fs::path& to, std::chrono::seconds age) {
    copy_over(from, to);
    fs::last_write_time(to, fs::file_time_type::clock::now() - age);
}

TEST(LibraryFiles, the_newest_plugin_of_a_folder_is_found) {
    const TempFolder folder;
    put(plain_plugin(), folder / "old.so", 60s);
    put(plain_plugin(), folder / "new.so", 30s);
    put(plain_plugin(), folder / ".hidden.so", 1s);
    put(fixture("reload_helper"), folder / "no_plugin.so", 1s);
    write_file(folder / "half.so", jig::test::read_text(plain_plugin()).substr(0, 2000));
    write_file(folder / "text.so", "no library");
    const auto newest = newest_library(folder.path());
    ASSERT_TRUE(newest.ok()) << newest.error();
    EXPECT_EQ(*newest, folder / "new.so");
    EXPECT_THAT(*jig::reload::plugin_libraries(folder.path()),
                ElementsAre(folder / "new.so", folder / "old.so"));
}

TEST(LibraryFiles, what_was_put_into_live_beneath_a_folder_goes_before_what_the_linker_left) {
    const TempFolder folder;
    for (const auto* name : {"a/b/c/live", "CMakeFiles/live", ".git/live", "1/2/3/4/live"}) {
        fs::create_directories(folder / name);
    }
    put(plain_plugin(), folder / "linked.so", 10s);
    put(plain_plugin(), folder / "CMakeFiles/live/own.so", 1s);
    put(plain_plugin(), folder / ".git/live/hidden.so", 1s);
    put(plain_plugin(), folder / "1/2/3/4/live/deep.so", 1s);
    EXPECT_EQ(*newest_library(folder.path()), folder / "linked.so");
    put(plain_plugin(), folder / "a/b/c/live/older.so", 60s);
    put(plain_plugin(), folder / "a/b/c/live/whole.so", 30s);
    EXPECT_EQ(*newest_library(folder.path()), folder / "a/b/c/live/whole.so");
}

TEST(LibraryFiles, a_folder_without_a_plugin_is_one_sentence) {
    const TempFolder folder;
    const auto newest = newest_library(folder.path());
    ASSERT_FALSE(newest.ok());
    EXPECT_NE(newest.error().find(folder.path().string()), std::string::npos);
    EXPECT_FALSE(newest_library(folder / "none").ok());
}

TEST(LibraryFiles, of_the_libraries_that_are_needed_those_beside_the_file_count) {
    const TempFolder folder;
    write_file(folder / "libdep.so.1", "x");
    EXPECT_THAT(jig::reload::libraries_beside(folder / "p.so", {"libc.so.6", "libdep.so.1"}),
                ElementsAre(folder / "libdep.so.1"));
}

TEST(LibraryFiles, a_library_is_named_so) {
    EXPECT_TRUE(jig::reload::is_library_name("gain.so"));
    for (const auto* name : {".gain.so", ".so", "gain.so.1", "gain", ""}) {
        EXPECT_FALSE(jig::reload::is_library_name(name)) << name;
    }
}

} // namespace
