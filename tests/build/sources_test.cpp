#include "build/sources.hpp"

#include "base/poll_loop.hpp"

#include <fstream>
#include <gtest/gtest.h>

namespace {

using namespace jig;
using namespace jig::build;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

class SourcesTest : public testing::Test {
  protected:
    void SetUp() override {
        root_ = fs::path(testing::TempDir()) /
                ("sources_" + std::to_string(::getpid()) + "_" +
                 testing::UnitTest::GetInstance()->current_test_info()->name());
        fs::remove_all(root_);
        fs::create_directories(root_ / "dsp");
        write("gain.cpp");
    }
    void TearDown() override { fs::remove_all(root_); }

    void watch(std::vector<fs::path> roots) {
        auto made = Sources::watch(loop_, std::move(roots),
                                   [this](const fs::path& first) { told_.push_back(first); });
        ASSERT_TRUE(made) << made.error();
        sources_ = std::move(*made);
    }
    void write(const fs::path& name) { std::ofstream(root_ / name) << "int a;\n"; }
    /// What was told of until there was nothing for longer than a burst lasts.
    std::vector<fs::path> told() {
        for (int i = 0; i < 12; ++i) {
            loop_.run_once(10ms);
        }
        return std::exchange(told_, {});
    }

    fs::path root_;
    PollLoop loop_;
    std::unique_ptr<Sources> sources_;
    std::vector<fs::path> told_;
};

TEST_F(SourcesTest, are_told_of_once_a_burst) {
    watch({root_});
    write("gain.cpp");
    write("gain.hpp");
    EXPECT_EQ(told(), std::vector<fs::path>{fs::canonical(root_) / "gain.cpp"});
}

TEST_F(SourcesTest, beneath_count_as_well_as_folders_that_come_later) {
    watch({root_});
    write("dsp/filter.hpp");
    EXPECT_EQ(told().size(), 1U);
    fs::create_directories(root_ / "later");
    EXPECT_TRUE(told().empty());
    write("later/new.cpp");
    EXPECT_EQ(told().size(), 1U);
}

TEST_F(SourcesTest, an_editor_that_replaces_the_file_by_another_has_saved_it) {
    watch({root_});
    write(".gain.cpp.swp");
    EXPECT_TRUE(told().empty());
    fs::rename(root_ / ".gain.cpp.swp", root_ / "gain.cpp");
    EXPECT_EQ(told().size(), 1U);
}

TEST_F(SourcesTest, what_a_build_writes_is_no_source) {
    watch({root_});
    write("gain.o");
    write("gain.so");
    write("gain.cpp~");
    EXPECT_TRUE(told().empty());
}

TEST_F(SourcesTest, a_single_file_is_watched_alone) {
    watch({root_ / "gain.cpp"});
    write("other.cpp");
    EXPECT_TRUE(told().empty());
    write("gain.cpp");
    EXPECT_EQ(told().size(), 1U);
}

TEST_F(SourcesTest, that_are_not_there_are_refused) {
    const auto made = Sources::watch(loop_, {"/no/such/folder"}, [](const fs::path&) {});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error(),
              "There is no /no/such/folder to watch; give --watch a folder of sources, or a file.");
}

} // namespace
