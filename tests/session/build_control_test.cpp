#include "session/build_control.hpp"

#include <gmock/gmock.h>

namespace {

using namespace jig;
using session::editor_words;
using testing::ElementsAre;

wire::Diagnostic at(const std::string& file, std::uint32_t line, std::uint32_t column) {
    return {wire::Severity::error, file, line, column, "no"};
}

TEST(EditorWords, have_the_place_filled_in) {
    EXPECT_THAT(editor_words("code -g {file}:{line}:{column}", at("/a b/c.cpp", 12, 5)),
                ElementsAre("code", "-g", "/a b/c.cpp:12:5"));
}

TEST(EditorWords, a_place_that_is_not_known_is_the_beginning) {
    EXPECT_THAT(editor_words("emacs +{line}:{column} {file}", at("/c.cpp", 0, 0)),
                ElementsAre("emacs", "+1:1", "/c.cpp"));
}

TEST(EditorWords, a_files_name_is_one_word_whatever_it_holds) {
    EXPECT_THAT(editor_words("ed {file}", at("/$(rm -rf x) {line} {file}.cpp", 3, 1)),
                ElementsAre("ed", "/$(rm -rf x) {line} {file}.cpp"));
}

} // namespace
