// The device goes and comes back; the plugin stays.
#include "tests/engine/rig.hpp"
#include "tests/plugins/test_plugins.hpp"

#include <gtest/gtest.h>

namespace jig::tests {
namespace {

void lose(Rig& rig) {
    rig.device_may_open = false;
    rig.device().post({audio::DeviceEvent::Kind::lost, 0, {}});
    rig.core().tick();
}

TEST(Device, when_it_is_lost_the_plugin_runs_on_on_the_virtual_one) {
    Rig rig;
    rig.play(kGain);
    rig.warm_up();
    const auto frame = rig.region().frame.load();
    lose(rig);
    ASSERT_FALSE(rig.device_states.empty());
    EXPECT_TRUE(rig.device_states.back().lost);
    EXPECT_EQ(rig.devices_made.back(), "virtual");
    rig.pump(128);
    EXPECT_EQ(rig.region().frame.load(), frame + 128) << "the time line goes on";
}

TEST(Device, when_it_is_back_the_plugin_returns_to_it_by_itself) {
    Rig rig;
    rig.play(kGain);
    rig.warm_up();
    lose(rig);
    rig.device_may_open = true;
    rig.core().tick();
    EXPECT_TRUE(rig.device_states.back().lost) << "it does not ask all the time";
    rig.now += std::chrono::milliseconds(250);
    rig.core().tick();
    EXPECT_FALSE(rig.device_states.back().lost);
    EXPECT_EQ(rig.devices_made.back(), "jack");
    const auto& out = rig.pump(constant(2, 4800, 0.5F));
    EXPECT_EQ(out[0][4799], 0.5F);
}

TEST(Device, an_input_that_is_connected_or_not_is_told_to_it) {
    Rig rig;
    rig.play(kGain);
    rig.core().connect_inputs(true);
    EXPECT_TRUE(rig.device().inputs_connected());
    rig.core().connect_inputs(false);
    EXPECT_FALSE(rig.device().inputs_connected());
}

} // namespace
} // namespace jig::tests
