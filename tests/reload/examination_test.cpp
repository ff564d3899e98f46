#include "reload/examination.hpp"
#include "tests/reload/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using jig::reload::Copier;
using jig::reload::examine_build;
using jig::reload::Failure;
using jig::test::copy_over;
using jig::test::fixture;
using jig::test::plain_plugin;
using jig::test::read_text;
using jig::test::TempFolder;
using jig::test::write_file;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Examination, a_plugin_passes_and_its_copy_is_what_was_checked) {
    const TempFolder folder;
    Copier copier;
    copy_over(plain_plugin(), folder / "p.so");
    const auto found = examine_build(copier, folder / "p.so", {});
    EXPECT_EQ(found.failure, Failure::none) << found.message;
    EXPECT_TRUE(found.image.exports_entry);
    write_file(folder / "p.so", "written over");
    EXPECT_EQ(read_text(found.copy->path()), read_text(plain_plugin()));
}

TEST(Examination, a_file_cut_anywhere_is_incomplete) {
    const TempFolder folder;
    Copier copier;
    const auto whole = read_text(plain_plugin());
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{3}, std::size_t{64}, whole.size() / 2, whole.size() - 1}) {
        write_file(folder / "p.so", whole.substr(0, size));
        const auto found = examine_build(copier, folder / "p.so", {});
        EXPECT_EQ(found.failure, Failure::image_incomplete) << size;
        EXPECT_TRUE(found.may_be_half_written());
        EXPECT_THAT(found.message, HasSubstr((folder / "p.so").string()));
    }
}

TEST(Examination, a_library_that_is_no_plugin_has_no_entry) {
    const TempFolder folder;
    Copier copier;
    copy_over(fixture("reload_helper"), folder / "p.so");
    const auto found = examine_build(copier, folder / "p.so", {});
    EXPECT_EQ(found.failure, Failure::no_entry);
    EXPECT_FALSE(found.may_be_half_written());
}

TEST(Examination, a_plugin_for_another_abi_is_named_as_such) {
    const TempFolder folder;
    Copier copier;
    copy_over(fixture("reload_entry_v2"), folder / "p.so");
    const auto found = examine_build(copier, folder / "p.so", {});
    EXPECT_EQ(found.failure, Failure::abi_mismatch);
    EXPECT_THAT(found.message, HasSubstr("jig_entry_v2"));
}

TEST(Examination, names_the_libraries_beside_the_file_that_it_needs) {
    const TempFolder folder;
    Copier copier;
    copy_over(fixture("reload_needs_helper"), folder / "p.so");
    copy_over(fixture("reload_helper"), folder / "reload_helper.so");
    const auto found = examine_build(copier, folder / "p.so", {});
    EXPECT_THAT(found.libraries, ElementsAre(folder / "reload_helper.so"));
}

TEST(Examination, the_version_that_was_seen_is_not_copied_again) {
    const TempFolder folder;
    Copier copier;
    copy_over(plain_plugin(), folder / "p.so");
    const auto first = examine_build(copier, folder / "p.so", {});
    const auto second = examine_build(copier, folder / "p.so", first.stamp);
    EXPECT_TRUE(second.unchanged);
    EXPECT_EQ(second.copy, nullptr);
    copy_over(plain_plugin(), folder / "p.so"); // the same bytes, saved again
    EXPECT_FALSE(examine_build(copier, folder / "p.so", first.stamp).unchanged);
}

TEST(Examination, a_file_that_is_gone_is_missing) {
    const TempFolder folder;
    Copier copier;
    EXPECT_EQ(examine_build(copier, folder / "p.so", {}).failure, Failure::file_missing);
}

} // namespace
