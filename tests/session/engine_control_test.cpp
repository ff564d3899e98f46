// The time line, told by an engine that may lie.
#include "session/engine_control.hpp"

#include "base/poll_loop.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace jig::session {
namespace {

class Deaf final : public EngineEvents {
  public:
    Result<std::vector<std::uint32_t>> assign_slots(const plugin::PluginInfo&) override {
        return Error{"there are none"};
    }
    void on_install_failed() override {}
    void on_installed(std::uint32_t, const plugin::PluginInfo&, const link::Installed&) override {}
    void on_swapped(const link::Swapped&) override {}
    void on_retired(const link::Retired&) override {}
    void on_device(const link::DeviceState&) override {}
    void on_device_refused() override {}
    void on_latency(std::uint32_t) override {}
    void on_death(const EngineDeath&) override {}
};

class EngineControlTest : public testing::Test {
  protected:
    static link::Regions make() {
        auto regions = link::Regions::create();
        EXPECT_TRUE(regions.ok());
        return std::move(*regions);
    }
    std::uint64_t claim(std::uint64_t frame) {
        regions_.engine().frame.store(frame);
        return control_.frame();
    }

    PollLoop loop_;
    Options options_;
    link::Regions regions_ = make();
    Deaf events_;
    EngineControl control_{loop_, options_, regions_, events_};
};

TEST_F(EngineControlTest, the_time_line_is_the_engine_s) {
    EXPECT_EQ(claim(0), 0u);
    EXPECT_EQ(claim(48000), 48000u);
    EXPECT_EQ(claim(48128), 48128u);
}

TEST_F(EngineControlTest, the_time_line_never_runs_back) {
    EXPECT_EQ(claim(48000), 48000u);
    EXPECT_EQ(claim(0), 48000u);
    EXPECT_EQ(claim(47999), 48000u);
    EXPECT_EQ(claim(48001), 48001u);
}

TEST_F(EngineControlTest, the_time_line_does_not_leap_into_another_age) {
    EXPECT_EQ(claim(48000), 48000u);
    for (const auto lie : {std::numeric_limits<std::uint64_t>::max(), std::uint64_t{1} << 63,
                           std::uint64_t{1} << 53, std::uint64_t{1} << 40}) {
        EXPECT_EQ(claim(lie), 48000u) << lie;
    }
    EXPECT_EQ(claim(48128), 48128u) << "and it is believed again when it tells the truth";
}

TEST_F(EngineControlTest, without_an_engine_a_region_full_of_lies_is_no_hang) {
    auto& region = regions_.engine();
    region.in_process.store(0xffffffff);
    region.process_entered_ns.store(std::numeric_limits<std::int64_t>::min());
    region.process_left_ns.store(std::numeric_limits<std::int64_t>::min());
    control_.look_for_hang();
    EXPECT_FALSE(control_.running());
}

TEST_F(EngineControlTest, nothing_waits_for_an_engine_that_is_not_there) {
    bool done = false;
    control_.quit([&] { done = true; });
    EXPECT_FALSE(done) << "never from within the call";
    loop_.run_once(std::chrono::milliseconds(0));
    EXPECT_TRUE(done);
}

TEST_F(EngineControlTest, a_build_that_is_no_longer_loaded_is_not_installed) {
    std::optional<link::Failed> failed;
    control_.install(7, [&](auto answer) { failed = answer; });
    loop_.run_once(std::chrono::milliseconds(0));
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->message, "the build is no longer loaded");
}

} // namespace
} // namespace jig::session
