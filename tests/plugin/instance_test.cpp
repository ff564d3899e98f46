#include "plugin/instance.hpp"
#include "plugin/library.hpp"
#include "tests/plugins/test_plugins.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace jig::plugin {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using tests::test_plugin;

/// A library, its first plugin, and a host that does nothing.
struct Loaded {
    explicit Loaded(const std::filesystem::path& path) : library(Library::open(path)) {
        host.struct_size = sizeof host;
        host.name = "test";
        host.version = "0";
        host.log = [](void*, const jig_log_site*, const std::uint64_t*, std::uint32_t) {};
        host.emit = [](void*, const jig_event*) -> jig_status { return JIG_OK; };
        host.tap_push = [](void*, std::uint32_t, const float*, std::uint32_t) -> jig_status {
            return JIG_OK;
        };
        host.request = [](void*, jig_request, std::uint64_t) {};
        host.ext = [](void*, const char*) -> const void* { return nullptr; };
    }
    const jig_plugin& plugin() const { return **library->select(); }

    Result<Library> library;
    jig_host host{};
};

/// A table whose slots count their calls.
struct Calls {
    std::vector<std::string> names;
    jig_status activate_status = JIG_OK;
};
Calls* calls = nullptr;

jig_plugin counting_plugin() {
    jig_plugin plugin{};
    plugin.struct_size = sizeof plugin;
    plugin.id = "test.counting";
    plugin.create = [](const jig_plugin*, const jig_host*, char*, std::size_t) {
        calls->names.emplace_back("create");
        return reinterpret_cast<jig_instance*>(calls);
    };
    plugin.destroy = [](jig_instance*) { calls->names.emplace_back("destroy"); };
    plugin.activate = [](jig_instance*, const jig_config*) {
        calls->names.emplace_back("activate");
        return calls->activate_status;
    };
    plugin.deactivate = [](jig_instance*) { calls->names.emplace_back("deactivate"); };
    plugin.latency = [](jig_instance*) { return 64u; };
    return plugin;
}

struct Counted : testing::Test {
    Counted() { calls = &counts; }
    Calls counts;
    jig_plugin plugin = counting_plugin();
    jig_host host{};
};

using InstanceLifecycle = Counted;

TEST_F(InstanceLifecycle, is_taken_down_in_order_even_when_it_plays) {
    {
        auto instance = Instance::create(plugin, host);
        ASSERT_TRUE(instance.ok());
        ASSERT_TRUE(instance->activate({}).ok());
        EXPECT_EQ(instance->latency(), 64u);
        EXPECT_EQ(instance->tail(), 0u) << "a NULL slot";
    }
    EXPECT_THAT(counts.names, testing::ElementsAre("create", "activate", "deactivate", "destroy"));
}

TEST_F(InstanceLifecycle, can_be_activated_again_after_it_failed) {
    auto instance = Instance::create(plugin, host);
    ASSERT_TRUE(instance.ok());
    counts.activate_status = JIG_ERROR_NOMEM;
    const auto failed = instance->activate({});
    ASSERT_FALSE(failed.ok());
    EXPECT_THAT(failed.error(), AllOf(HasSubstr("test.counting"), HasSubstr("activate"),
                                      HasSubstr("out of memory"), HasSubstr("48000 Hz")));
    EXPECT_FALSE(instance->active());
    counts.activate_status = JIG_OK;
    EXPECT_TRUE(instance->activate({}).ok());
    EXPECT_TRUE(instance->active());
}

TEST_F(InstanceLifecycle, is_destroyed_once_however_it_is_moved) {
    {
        auto first = Instance::create(plugin, host);
        ASSERT_TRUE(first.ok());
        ASSERT_TRUE(first->activate({}).ok());
        Instance second = std::move(*first);
        EXPECT_TRUE(second.active());
        Instance third = std::move(second);
        third = std::move(*Instance::create(plugin, host));
        EXPECT_FALSE(third.active());
    }
    EXPECT_THAT(counts.names, testing::ElementsAre("create", "activate", "create", "deactivate",
                                                   "destroy", "destroy"));
}

TEST(Instance, repeats_the_plugin_s_own_words_when_create_fails) {
    const Loaded loaded(test_plugin("create_fails"));
    const auto instance = Instance::create(loaded.plugin(), loaded.host);
    ASSERT_FALSE(instance.ok());
    EXPECT_THAT(instance.error(), AllOf(HasSubstr("dev.jig.test.create_fails"),
                                        HasSubstr("the impulse response hall.wav is missing")));
}

TEST(Instance, says_so_when_create_fails_without_a_word) {
    const Loaded loaded(test_plugin("create_silent"));
    const auto instance = Instance::create(loaded.plugin(), loaded.host);
    ASSERT_FALSE(instance.ok());
    EXPECT_THAT(instance.error(), HasSubstr("does not say why"));
}

TEST(Instance, says_what_activate_was_asked_for_when_it_fails) {
    const Loaded loaded(test_plugin("activate_fails"));
    auto instance = Instance::create(loaded.plugin(), loaded.host);
    ASSERT_TRUE(instance.ok());
    jig::plugin::Setup setup; // googletest has a Setup of its own
    setup.rate_hz = 96000;
    setup.max_frames = 256;
    setup.channels = *choose_channels(loaded.plugin());
    const auto result = instance->activate(setup);
    ASSERT_FALSE(result.ok());
    EXPECT_THAT(result.error(), AllOf(HasSubstr("not supported"), HasSubstr("96000 Hz"),
                                      HasSubstr("256 frames"), HasSubstr("2 in, 2 out")));
}

TEST(Instance, plays_through_the_raw_table) {
    const Loaded loaded(tests::kGain);
    auto instance = Instance::create(loaded.plugin(), loaded.host);
    ASSERT_TRUE(instance.ok());
    jig::plugin::Setup setup; // googletest has a Setup of its own
    setup.channels = *choose_channels(loaded.plugin(), 1);
    ASSERT_TRUE(instance->activate(setup).ok());

    const float input[4] = {0.1f, -0.2f, 0.3f, -0.4f};
    float output[4] = {};
    const float* ins[] = {input};
    float* outs[] = {output};
    const jig_audio_in in{ins, 1, 0, 0};
    jig_audio_out out{outs, 1, 0, 0};
    const float gain_db = 20.0f;
    jig_block block{};
    block.struct_size = sizeof block;
    block.frames = 4;
    block.in = &in;
    block.out = &out;
    block.in_count = block.out_count = 1;
    block.params = &gain_db;
    EXPECT_EQ(instance->plugin()->process(instance->raw(), &block), JIG_OK);
    EXPECT_THAT(output, testing::ElementsAre(1.0f, -2.0f, 3.0f, -4.0f));
}

/// A plugin of two parameters: clock has words of its own, and a text that is none.
jig_plugin words() {
    jig_plugin plugin{};
    plugin.id = "test.words";
    plugin.create = [](const jig_plugin*, const jig_host*, char*, std::size_t) {
        static int instance = 0;
        return reinterpret_cast<jig_instance*>(&instance);
    };
    plugin.destroy = [](jig_instance*) {};
    plugin.param_to_text = [](jig_instance*, std::uint32_t index, double value, char* text,
                              std::size_t cap) -> jig_status {
        if (index != 0) {
            return JIG_ERROR_UNSUPPORTED;
        }
        if (value > 100) {
            std::memset(text, 'x', cap); // and no zero
        } else {
            std::snprintf(text, cap, value < 0 ? "two\nlines" : "%g o'clock", value);
        }
        return JIG_OK;
    };
    plugin.param_from_text = [](jig_instance*, std::uint32_t, const char* text,
                                double* value) -> jig_status {
        *value = std::atof(text) / (text[0] == '0' ? 0.0 : 1.0);
        return text[0] == '?' ? JIG_ERROR_ARG : JIG_OK;
    };
    return plugin;
}

TEST(Instance, gives_the_plugins_own_words_for_a_value_and_back) {
    const auto plugin = words();
    const jig_host host{};
    const auto instance = Instance::create(plugin, host);
    ASSERT_TRUE(instance);
    EXPECT_EQ(instance->text_of(0, 4.5), "4.5 o'clock");
    EXPECT_EQ(instance->text_of(1, 4.5), std::nullopt) << "no words for this parameter";
    EXPECT_EQ(instance->text_of(0, -1), std::nullopt) << "not one line";
    EXPECT_EQ(instance->text_of(0, 101)->size(), 255u) << "cut where the room ends";
    EXPECT_EQ(instance->value_of(0, "7"), 7.0);
    EXPECT_EQ(instance->value_of(0, "?"), std::nullopt);
    EXPECT_EQ(instance->value_of(0, "0"), std::nullopt) << "not a number";
}

struct Layout {
    std::vector<std::uint32_t> in;
    std::vector<std::uint32_t> out;
};

Layout layout_of(const std::filesystem::path& path, std::uint32_t main_in) {
    const Loaded loaded(path);
    const auto channels = choose_channels(loaded.plugin(), main_in);
    return channels ? Layout{channels->in, channels->out} : Layout{{99}, {99}};
}

TEST(ChooseChannels, follows_the_main_input_within_its_limits) {
    using testing::ElementsAre;
    EXPECT_THAT(layout_of(tests::kGain, 0).out, ElementsAre(2));
    EXPECT_THAT(layout_of(tests::kGain, 1).out, ElementsAre(1));
    EXPECT_THAT(layout_of(tests::kGain, 6).out, ElementsAre(6));
    EXPECT_THAT(layout_of(tests::kGain, 99).in, ElementsAre(32));
    EXPECT_THAT(layout_of(test_plugin("mono"), 2).in, ElementsAre(1));
    EXPECT_THAT(layout_of(test_plugin("mono"), 2).out, ElementsAre(1));
    EXPECT_THAT(layout_of(test_plugin("eight"), 2).in, ElementsAre(8, 2));
    EXPECT_THAT(layout_of(test_plugin("eight"), 2).out, ElementsAre(8));
    EXPECT_THAT(layout_of(tests::kSynth, 2).in, ElementsAre());
    EXPECT_THAT(layout_of(tests::kSynth, 1).out, ElementsAre(2));
}

TEST(ChooseChannels, refuses_what_a_bus_that_follows_cannot_have) {
    const jig_bus buses[] = {
        {"in", "In", JIG_BUS_IN | JIG_BUS_MAIN, 1, 8, 2},
        {"out", "Out", JIG_BUS_OUT | JIG_BUS_MAIN | JIG_BUS_MATCH_MAIN_IN, 1, 2, 2},
    };
    jig_plugin plugin{};
    plugin.id = "test.narrow";
    plugin.buses = {2, sizeof(jig_bus), buses};
    const auto channels = choose_channels(plugin, 5);
    ASSERT_FALSE(channels.ok());
    EXPECT_THAT(channels.error(),
                AllOf(HasSubstr("test.narrow"), HasSubstr("5 channels"), HasSubstr("1 to 2")));
}

} // namespace
} // namespace jig::plugin
