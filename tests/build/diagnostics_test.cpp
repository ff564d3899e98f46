#include "build/diagnostics.hpp"

#include <gmock/gmock.h>

namespace {

using namespace jig::build;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Diagnostic> read(std::initializer_list<std::string_view> lines) {
    DiagnosticReader reader("/home/ada/gain");
    for (const auto line : lines) {
        reader.read(line);
    }
    return reader.found();
}

TEST(Diagnostics, of_gcc_have_file_line_and_column) {
    EXPECT_THAT(read({"In file included from src/gain.cpp:3:",
                      "src/gain.hpp:12:5: error: 'foo' was not declared in this scope",
                      "   12 |     foo();", "      |     ^~~",
                      "src/gain.cpp:40:9: warning: unused variable 'x' [-Wunused-variable]",
                      "src/gain.cpp:41:10: fatal error: missing.h: No such file or directory"}),
                ElementsAre(Diagnostic{Severity::error, "/home/ada/gain/src/gain.hpp", 12, 5,
                                       "'foo' was not declared in this scope"},
                            Diagnostic{Severity::warning, "/home/ada/gain/src/gain.cpp", 40, 9,
                                       "unused variable 'x' [-Wunused-variable]"},
                            Diagnostic{Severity::error, "/home/ada/gain/src/gain.cpp", 41, 10,
                                       "missing.h: No such file or directory"}));
}

TEST(Diagnostics, of_clang_are_read_through_their_colours) {
    EXPECT_THAT(
        read({"\x1b[1m/src/a.cpp:7:3: \x1b[0m\x1b[0;1;31merror: \x1b[0m\x1b[1mno matching "
              "function for call to 'f'\x1b[0m",
              "/src/a.cpp:2:6: note: candidate function not viable"}),
        ElementsAre(
            Diagnostic{Severity::error, "/src/a.cpp", 7, 3, "no matching function for call to 'f'"},
            Diagnostic{Severity::note, "/src/a.cpp", 2, 6, "candidate function not viable"}));
}

TEST(Diagnostics, of_a_linker_name_the_symbol_and_its_line_where_it_says_one) {
    EXPECT_THAT(
        read({"/usr/bin/ld: CMakeFiles/gain.dir/gain.cpp.o: in function `Gain::process()':",
              "/home/ada/gain/gain.cpp:9: undefined reference to `helper()'",
              "/usr/bin/ld: cannot find -lfftw3f: No such file or directory",
              "gain.cpp.o:gain.cpp:(.text+0x9): undefined reference to `other()'",
              "ld.lld: error: undefined symbol: third()",
              "collect2: error: ld returned 1 exit status"}),
        ElementsAre(Diagnostic{Severity::error, "/home/ada/gain/gain.cpp", 9, 0,
                               "undefined reference to `helper()'"},
                    Diagnostic{Severity::error, "", 0, 0,
                               "cannot find -lfftw3f: No such file or directory"},
                    Diagnostic{Severity::error, "", 0, 0, "undefined reference to `other()'"},
                    Diagnostic{Severity::error, "", 0, 0, "undefined symbol: third()"}));
}

TEST(Diagnostics, of_rust_and_cmake_take_two_lines) {
    EXPECT_THAT(read({"error[E0425]: cannot find value `x` in this scope", "  --> src/lib.rs:3:5",
                      "CMake Error at CMakeLists.txt:4 (add_library):",
                      "  Cannot find source file:", "", "    nothing.cpp"}),
                ElementsAre(Diagnostic{Severity::error, "/home/ada/gain/src/lib.rs", 3, 5,
                                       "cannot find value `x` in this scope"},
                            Diagnostic{Severity::error, "/home/ada/gain/CMakeLists.txt", 4, 0,
                                       "Cannot find source file:"}));
}

TEST(Diagnostics, belong_to_the_folder_that_make_has_entered) {
    EXPECT_THAT(
        read({"make[1]: Entering directory '/home/ada/gain/build'", "a.cpp:1:1: error: one",
              "make[1]: Leaving directory '/home/ada/gain/build'", "a.cpp:1:1: error: two"}),
        ElementsAre(Diagnostic{Severity::error, "/home/ada/gain/build/a.cpp", 1, 1, "one"},
                    Diagnostic{Severity::error, "/home/ada/gain/a.cpp", 1, 1, "two"}));
}

TEST(Diagnostics, of_a_header_that_two_sources_include_come_once) {
    EXPECT_EQ(read({"a.hpp:1:1: error: once", "a.hpp:1:1: error: once"}).size(), 1U);
}

TEST(Diagnostics, are_not_seen_in_what_is_none) {
    EXPECT_THAT(read({"[1/2] Building CXX object gain.cpp.o", "-- Configuring done",
                      "12:30:01: error", "https://example.org:80: hello", "", "error"}),
                IsEmpty());
}

TEST(Diagnostics, beyond_what_anyone_reads_are_counted) {
    DiagnosticReader reader("/");
    for (std::size_t i = 0; i < DiagnosticReader::kMost + 7; ++i) {
        reader.read("a.cpp:" + std::to_string(i + 1) + ":1: error: again");
    }
    EXPECT_EQ(reader.found().size(), DiagnosticReader::kMost);
    EXPECT_EQ(reader.dropped(), 7U);
}

TEST(Diagnostics, a_line_without_end_is_read_in_no_time) {
    DiagnosticReader reader("/");
    reader.read(std::string(1 << 20, 'a'));
    EXPECT_THAT(reader.found(), IsEmpty());
}

TEST(PlainText, has_no_escape_sequences_and_no_control_characters) {
    EXPECT_EQ(plain("\x1b[31mred\x1b[0m \x1b]8;;http://x\x1b\\link\x07\ttab"), "red link\ttab");
}

} // namespace
