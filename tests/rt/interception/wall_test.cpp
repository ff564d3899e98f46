// That the watch sees: a plugin that does in process what is forbidden, one thing after another.
#include "tests/engine/rig.hpp"
#include "tests/rt/interception/watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ostream>
#include <string>
#include <vector>

namespace jig::tests {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

struct Sin {
    std::string name;
    int which; ///< the plugin's parameter
    std::vector<std::string> seen;
};

void PrintTo(const Sin& sin, std::ostream* out) {
    *out << sin.name;
}

std::string name_of(const ::testing::TestParamInfo<Sin>& info) {
    return info.param.name;
}

class Wall : public ::testing::TestWithParam<Sin> {
  protected:
    void SetUp() override {
        if (!sees_system_calls()) {
            GTEST_SKIP() << "this kernel does not report system calls (Linux 5.11, x86-64)";
        }
        rig_.play(JIG_SINNER);
        rig_.warm_up();
        start_watching();
    }
    /// One cycle in which the plugin does it.
    Watched commit(int which) {
        rig_.set(0, static_cast<float>(which));
        rig_.pump(64);
        return watched();
    }

    Rig rig_;
};

TEST_P(Wall, sees_it_and_says_who_did_it) {
    const auto seen = commit(GetParam().which);
    std::vector<std::string> names;
    for (const Violation& violation : seen.violations) {
        names.push_back(violation.what);
        EXPECT_THAT(violation.backtrace, HasSubstr("sinner.so"));
    }
    EXPECT_THAT(names, ElementsAreArray(GetParam().seen)) << in_words(seen);
}

INSTANTIATE_TEST_SUITE_P(
    Each, Wall,
    ::testing::Values(
        Sin{"innocence", 0, {}}, Sin{"malloc", 1, {"malloc", "realloc", "free"}},
        Sin{"calloc", 2, {"calloc", "free"}},
        Sin{"mutex", 3, {"pthread_mutex_lock", "pthread_cond_timedwait", "pthread_mutex_unlock"}},
        Sin{"rwlock", 4, {"pthread_rwlock_rdlock"}},
        Sin{"file", 5, {"open", "read", "write", "close"}}, Sin{"mmap", 6, {"mmap", "munmap"}},
        Sin{"sleep", 7, {"nanosleep", "poll"}}, Sin{"puts", 8, {"puts"}},
        Sin{"getppid", 9, {"system call getppid"}}, Sin{"futex", 10, {"system call futex"}},
        Sin{"lseek", 11, {"system call lseek"}}),
    name_of);

class WallOfPages : public Wall {};

TEST_P(WallOfPages, sees_a_page_that_was_not_there) {
    const auto before = watched().faults;
    EXPECT_GE(commit(GetParam().which).faults - before, 200u);
}

INSTANTIATE_TEST_SUITE_P(Each, WallOfPages, ::testing::Values(Sin{"fresh", 12, {}}), name_of);

} // namespace
} // namespace jig::tests
