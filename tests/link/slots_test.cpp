#include "link/slots.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace {

using jig::link::kRevMask;
using jig::link::later;
using jig::link::pack;
using jig::link::SlotValue;
using jig::link::unpack;

TEST(Slots, a_value_survives_the_way_through_its_slot) {
    for (const float value : {0.0F, -0.0F, 1.5F, -3.4e38F, std::numeric_limits<float>::min()}) {
        for (const std::uint32_t rev : {0u, 1u, kRevMask}) {
            for (const bool timed : {false, true}) {
                const SlotValue slot{value, rev, timed};
                EXPECT_EQ(unpack(pack(slot)), slot);
            }
        }
    }
}

TEST(Slots, a_revision_that_is_too_large_does_not_reach_the_timed_bit) {
    EXPECT_FALSE(unpack(pack({1.0F, ~0u, false})).timed);
}

TEST(Slots, the_kernel_s_zeros_are_a_slot_that_was_never_written) {
    EXPECT_EQ(unpack(0), (SlotValue{0.0F, 0, false}));
}

TEST(Slots, revisions_are_in_order_even_where_they_wrap_around) {
    EXPECT_TRUE(later(2, 1));
    EXPECT_FALSE(later(1, 2));
    EXPECT_FALSE(later(7, 7));
    EXPECT_TRUE(later(1, kRevMask));
    EXPECT_FALSE(later(kRevMask, 1));
}

} // namespace
