#include "net/token.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

using namespace jig::net;
namespace fs = std::filesystem;

namespace {

class TokenFile : public testing::Test {
  protected:
    TokenFile() {
        std::string name = (fs::temp_directory_path() / "jig-token-XXXXXX").string();
        folder_ = mkdtemp(name.data());
    }
    ~TokenFile() override { fs::remove_all(folder_); }

    [[nodiscard]] std::string path(const std::string& name = "token") const {
        return (folder_ / name).string();
    }
    void write(const std::string& text, fs::perms permissions) const {
        std::ofstream(path()) << text;
        fs::permissions(path(), permissions);
    }

    static constexpr auto kOwnOnly = fs::perms::owner_read | fs::perms::owner_write;
    fs::path folder_;
};

} // namespace

TEST(MakeToken, gives_128_bits_as_32_hexadecimal_digits) {
    std::set<std::string> tokens;
    for (int i = 0; i < 100; ++i) {
        const auto token = make_token();
        ASSERT_TRUE(token.ok());
        EXPECT_THAT(*token, testing::MatchesRegex("[0-9a-f]{32}"));
        tokens.insert(*token);
    }
    EXPECT_EQ(tokens.size(), 100U);
}

TEST_F(TokenFile, is_made_with_its_folders_for_its_owner_alone) {
    const std::string deep = path("state/jig/token");
    const auto token = load_or_create_token(deep);
    ASSERT_TRUE(token.ok()) << token.error();
    EXPECT_EQ(fs::status(deep).permissions(), kOwnOnly);
    EXPECT_EQ(fs::status(fs::path(deep).parent_path()).permissions(), fs::perms::owner_all);
}

TEST_F(TokenFile, holds_the_same_token_at_the_next_start) {
    const auto first = load_or_create_token(path());
    const auto second = load_or_create_token(path());
    ASSERT_TRUE(first.ok() && second.ok());
    EXPECT_EQ(*first, *second);
}

TEST_F(TokenFile, leaves_nothing_else_behind) {
    ASSERT_TRUE(load_or_create_token(path()).ok());
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(TokenFile, is_one_token_however_many_start_at_once) {
    std::vector<std::string> tokens(8);
    std::vector<std::thread> threads;
    for (auto& token : tokens) {
        threads.emplace_back([&] { token = load_or_create_token(path()).value(); });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_THAT(tokens, testing::Each(tokens.front()));
}

TEST_F(TokenFile, that_others_may_read_is_refused) {
    for (const auto extra :
         {fs::perms::group_read, fs::perms::others_read, fs::perms::group_write}) {
        write("0123456789abcdef0123456789abcdef\n", kOwnOnly | extra);
        const auto token = load_or_create_token(path());
        ASSERT_FALSE(token.ok());
        EXPECT_THAT(token.error(), testing::HasSubstr("chmod 600"));
        EXPECT_THAT(token.error(), testing::Not(testing::HasSubstr("0123456789abcdef")));
    }
}

TEST_F(TokenFile, that_holds_no_token_is_refused) {
    for (const std::string text :
         {"", "short\n", "0123456789abcdef 0123456789abcdef", "0123456789abcdef&x=1",
          "0123456789abcdef\n\n", "<script>0123456789abcdef"}) {
        write(text, kOwnOnly);
        EXPECT_FALSE(load_or_create_token(path()).ok()) << text;
    }
    write(std::string(100'000, 'a'), kOwnOnly);
    EXPECT_FALSE(load_or_create_token(path()).ok());
}

TEST_F(TokenFile, may_be_written_by_hand) {
    write("my-own.secret_token~2", kOwnOnly);
    const auto token = load_or_create_token(path());
    ASSERT_TRUE(token.ok()) << token.error();
    EXPECT_EQ(*token, "my-own.secret_token~2");
}

TEST_F(TokenFile, that_is_no_file_is_refused_without_waiting) {
    ASSERT_EQ(mkfifo(path().c_str(), 0600), 0);
    EXPECT_FALSE(load_or_create_token(path()).ok());
    EXPECT_FALSE(load_or_create_token(folder_.string()).ok());
}

TEST_F(TokenFile, in_a_place_that_cannot_be_made_is_one_sentence) {
    const auto token = load_or_create_token("/proc/nowhere/token");
    ASSERT_FALSE(token.ok());
    EXPECT_THAT(token.error(), testing::HasSubstr("/proc/nowhere/token"));
    EXPECT_THAT(token.error(), testing::HasSubstr("--token-file"));
}

TEST(TokenPath, follows_the_users_state_folder) {
    setenv("HOME", "/home/u", 1);
    setenv("XDG_STATE_HOME", "/state", 1);
    EXPECT_EQ(*default_token_path(), "/state/jig/token");
    setenv("XDG_STATE_HOME", "relative", 1);
    EXPECT_EQ(*default_token_path(), "/home/u/.local/state/jig/token");
    unsetenv("XDG_STATE_HOME");
    EXPECT_EQ(*default_token_path(), "/home/u/.local/state/jig/token");
    unsetenv("HOME");
    EXPECT_FALSE(default_token_path().ok());
}
