#include "plugin/info.hpp"
#include "plugin/library.hpp"
#include "tests/plugins/test_plugins.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <unistd.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace jig::plugin {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using tests::test_plugin;

/// A folder of the test's own, gone with it.
class Folder {
  public:
    Folder() {
        std::string pattern = testing::TempDir() + "jig-library-XXXXXX";
        path_ = ::mkdtemp(pattern.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    std::filesystem::path operator/(const char* name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

std::string fault_of(const std::filesystem::path& path) {
    const auto library = Library::open(path);
    if (library) {
        ADD_FAILURE() << path << " was loaded";
        return "";
    }
    return library.error();
}

struct Fault {
    const char* plugin;
    const char* words;
    const char* remedy;
};

void PrintTo(const Fault& fault, std::ostream* out) {
    *out << fault.words;
}

class ABrokenLibrary : public testing::TestWithParam<Fault> {};

TEST_P(ABrokenLibrary, is_refused_in_one_line_with_file_fault_and_remedy) {
    const auto path = test_plugin(GetParam().plugin);
    const auto line = fault_of(path);
    EXPECT_THAT(line, AllOf(HasSubstr(path.string() + ": "), HasSubstr(GetParam().words),
                            HasSubstr(GetParam().remedy), Not(HasSubstr("\n"))));
}

INSTANTIATE_TEST_SUITE_P(
    Each, ABrokenLibrary,
    testing::Values(
        Fault{"wrong_abi", "another ABI (jig_entry_v2)", "rebuild it"},
        Fault{"no_symbol", "exports no jig_entry_v1", "jig_add_plugin"},
        Fault{"null_entry", "jig_entry_v1 returns NULL", "return a static jig_entry"},
        Fault{"newer_host", "built for ABI 1.1 and this host has 1.0", "use a newer host"},
        Fault{"null_slot", "\"dev.jig.test.null_slot\" has NULL in its slot process",
              "point it at a function"},
        Fault{"duplicate_param", "two parameters with the id \"drive\"", "an id of its own"},
        Fault{"bad_range", "\"drive\" that ranges from 1 to -1", "min must be less"},
        Fault{"undefined", "jig_test_function_that_nobody_has", "-Wl,-z,defs"}),
    [](const auto& test) { return std::string(test.param.plugin); });

TEST(Library, refuses_what_is_not_there) {
    EXPECT_THAT(fault_of("/nowhere/echo.so"),
                AllOf(HasSubstr("/nowhere/echo.so: "), HasSubstr("No such file")));
}

TEST(Library, refuses_a_folder) {
    EXPECT_THAT(fault_of(testing::TempDir()), HasSubstr("no regular file"));
}

TEST(Library, refuses_what_is_no_library) {
    const Folder folder;
    std::ofstream(folder / "words.so") << "These are words and no library at all.";
    EXPECT_THAT(fault_of(folder / "words.so"), HasSubstr("no ELF shared library"));
}

TEST(Library, refuses_a_truncated_library) {
    const Folder folder;
    std::filesystem::copy_file(tests::kGain, folder / "gain.so");
    std::filesystem::resize_file(folder / "gain.so", std::filesystem::file_size(tests::kGain) / 2);
    EXPECT_THAT(fault_of(folder / "gain.so"), AllOf(HasSubstr("incomplete"), HasSubstr("again")));
}

TEST(Library, selects_the_first_plugin_or_the_one_that_is_named) {
    const auto library = Library::open(test_plugin("two_plugins"));
    ASSERT_TRUE(library.ok()) << library.error();
    EXPECT_STREQ((*library->select())->id, "dev.jig.test.copy");
    EXPECT_STREQ((*library->select("dev.jig.test.invert"))->id, "dev.jig.test.invert");
    const auto other = library->select("dev.jig.test.reverse");
    ASSERT_FALSE(other.ok());
    EXPECT_THAT(other.error(),
                AllOf(HasSubstr("no plugin \"dev.jig.test.reverse\""),
                      HasSubstr("choose one of dev.jig.test.copy, dev.jig.test.invert")));
}

TEST(Library, is_gone_from_memory_when_it_is_closed) {
    auto library = Library::open(test_plugin("plain"));
    ASSERT_TRUE(library.ok()) << library.error();
    const auto mapping = library->mapping();
    EXPECT_NE(mapping.base, 0u);
    EXPECT_TRUE(is_mapped(mapping));
    EXPECT_TRUE(library->close());
    EXPECT_FALSE(is_mapped(mapping));
}

TEST(Library, says_when_a_library_stays_in_memory) {
    auto library = Library::open(test_plugin("pinned"));
    ASSERT_TRUE(library.ok()) << library.error();
    EXPECT_FALSE(library->close());
    EXPECT_TRUE(is_mapped(library->mapping()));
}

TEST(Library, is_closed_once_however_it_is_moved) {
    auto first = Library::open(test_plugin("plain"));
    ASSERT_TRUE(first.ok()) << first.error();
    const auto mapping = first->mapping();
    {
        Library second = std::move(*first);
        EXPECT_TRUE(is_mapped(mapping));
        Library third = std::move(second);
        EXPECT_STREQ((*third.select())->id, "dev.jig.test.plain");
    }
    EXPECT_FALSE(is_mapped(mapping));
}

TEST(Library, loads_each_copy_as_its_own) {
    const Folder folder;
    std::filesystem::copy_file(test_plugin("plain"), folder / "one.so");
    std::filesystem::copy_file(test_plugin("plain"), folder / "two.so");
    const auto one = Library::open(folder / "one.so");
    const auto two = Library::open(folder / "two.so");
    ASSERT_TRUE(one.ok() && two.ok());
    EXPECT_NE(*one->select(), *two->select());
}

TEST(Library, keeps_the_thread_s_floating_point_mode) {
#if defined(__x86_64__)
    constexpr unsigned int kFlags = 0x3f; // what happened so far, which loading may add to
    const unsigned int before = _mm_getcsr() & ~kFlags;
    const auto library = Library::open(test_plugin("fast_math"));
    ASSERT_TRUE(library.ok()) << library.error();
    EXPECT_EQ(_mm_getcsr() & ~kFlags, before);
#else
    GTEST_SKIP() << "the start-up code of -ffast-math is known on x86-64";
#endif
}

TEST(Describe, copies_all_so_that_it_outlives_the_library) {
    PluginInfo info;
    {
        const auto library = Library::open(tests::kSynth);
        ASSERT_TRUE(library.ok()) << library.error();
        info = describe(**library->select(), library->entry());
        EXPECT_EQ(info, describe(**library->select(), library->entry()));
    }
    EXPECT_EQ(info.id, "dev.jig.synth");
    EXPECT_TRUE(info.has(JIG_PLUGIN_INSTRUMENT) && info.has(JIG_PLUGIN_EVENTS_IN));
    EXPECT_EQ(info.library_plugins, std::vector<std::string>{"dev.jig.synth"});
    EXPECT_EQ(info.sdk, "jig-sdk 0.1");
    ASSERT_EQ(info.params.size(), 14u);
    EXPECT_EQ(info.params[0].unit, "dB");
    EXPECT_EQ(info.params[0].curve, static_cast<jig_curve>(JIG_CURVE_DB));
    EXPECT_EQ(info.params[0].smooth_ms, 20.0f);
    EXPECT_EQ(info.params[0].midi_cc, 7);
    EXPECT_EQ(info.params[1].labels, (std::vector<std::string>{"Sine", "Saw", "Square"}));
    EXPECT_TRUE(info.params[1].has(JIG_PARAM_ENUM));
    EXPECT_EQ(info.params[2].group, "Filter");
    ASSERT_EQ(info.buses.size(), 1u);
    EXPECT_TRUE(info.buses[0].has(JIG_BUS_OUT) && info.buses[0].has(JIG_BUS_MAIN));
    ASSERT_EQ(info.taps.size(), 1u);
    EXPECT_EQ(info.taps[0].max, 8.0f);
}

} // namespace
} // namespace jig::plugin
