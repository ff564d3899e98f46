#include "base/state_file.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace jig {
namespace {

class StateFile : public testing::Test {
  protected:
    void SetUp() override {
        std::string folder = testing::TempDir() + "state-XXXXXX";
        ASSERT_NE(::mkdtemp(folder.data()), nullptr);
        folder_ = folder;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path folder_;
};

TEST_F(StateFile, is_replaced_whole_with_its_folders_and_is_the_users_own) {
    const std::string path = folder_ / "jig" / "things.json";
    EXPECT_EQ(*read_state(path), "") << "there is none";
    ASSERT_TRUE(replace_state(path, "one").ok());
    ASSERT_TRUE(replace_state(path, "two, and longer").ok());
    EXPECT_EQ(*read_state(path), "two, and longer");
    struct stat info {};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_ / "jig"), {}), 1)
        << "no half-written file is left";
}

TEST_F(StateFile, that_cannot_be_written_says_so) {
    std::ofstream(folder_ / "jig") << "a file where the folder should be";
    EXPECT_NE(replace_state(folder_ / "jig" / "x", "").error().find("jig/x"), std::string::npos);
}

TEST_F(StateFile, that_is_a_folder_or_too_large_is_refused) {
    EXPECT_FALSE(read_state(folder_).ok());
    const std::string path = folder_ / "large";
    std::ofstream(path) << std::string((1 << 20) + 1, 'x');
    EXPECT_FALSE(read_state(path).ok());
}

} // namespace
} // namespace jig
