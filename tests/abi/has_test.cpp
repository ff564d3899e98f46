#include <jig/plugin.h>

#include <gtest/gtest.h>

namespace {

TEST(JigHas, is_true_for_the_fields_within_the_other_side_s_size) {
    jig_host host{};
    host.struct_size = offsetof(jig_host, request);
    EXPECT_TRUE(JIG_HAS(&host, log));
    EXPECT_TRUE(JIG_HAS(&host, tap_push));
    EXPECT_FALSE(JIG_HAS(&host, request));
    EXPECT_FALSE(JIG_HAS(&host, ext));
    host.struct_size = sizeof host;
    EXPECT_TRUE(JIG_HAS(&host, ext));
}

TEST(JigHas, is_false_for_a_field_that_is_there_only_in_part) {
    jig_host host{};
    host.struct_size = offsetof(jig_host, request) + 4;
    EXPECT_FALSE(JIG_HAS(&host, request));
}

} // namespace
