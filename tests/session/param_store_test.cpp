// Long, because a value lives through builds: setting and remapping share one fixture.
#include "session/param_store.hpp"

#include "link/slots.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace jig::session {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = ParamStore::Fault::Kind;

plugin::ParamInfo param(const std::string& id, double min, double max, double def) {
    plugin::ParamInfo made;
    made.id = id;
    made.min = min;
    made.max = max;
    made.def = def;
    return made;
}

plugin::ParamInfo renamed(plugin::ParamInfo from, std::vector<std::string> formerly) {
    from.formerly = std::move(formerly);
    return from;
}

plugin::ParamInfo flagged(plugin::ParamInfo from, std::uint32_t flags, double step = 0) {
    from.flags = flags;
    from.step = step;
    return from;
}

class ParamStoreTest : public testing::Test {
  protected:
    static link::Regions make() {
        auto regions = link::Regions::create();
        EXPECT_TRUE(regions.ok());
        return std::move(*regions);
    }
    static plugin::PluginInfo build(std::vector<plugin::ParamInfo> params,
                                    const std::string& id = "org.example.echo") {
        plugin::PluginInfo info;
        info.id = id;
        info.params = std::move(params);
        return info;
    }
    ParamStore::Remap assign(const plugin::PluginInfo& info) {
        auto remap = store_.assign(info);
        EXPECT_TRUE(remap.ok()) << (remap ? "" : remap.error());
        return remap ? *remap : ParamStore::Remap{};
    }
    ParamStore::Remap play(std::vector<plugin::ParamInfo> params,
                           const std::string& id = "org.example.echo") {
        auto remap = assign(build(std::move(params), id));
        store_.commit();
        store_.set_engine_running(true);
        return remap;
    }
    std::optional<ParamStore::Fault> set(const std::string& id, double value) {
        ParamStore::Index index = 0;
        return store_.set(id, value, index);
    }
    std::optional<ParamStore::Fault>
    set_many(const std::vector<std::pair<std::string, double>>& values,
             std::optional<std::uint64_t> frame = {}) {
        std::vector<ParamStore::Index> indices;
        return store_.set_many(values, frame, indices);
    }
    ParamStore::Value get(const std::string& id) {
        const auto index = store_.find(id);
        EXPECT_TRUE(index) << id;
        return index ? store_.get(*index) : ParamStore::Value{};
    }
    link::SlotValue slot(std::uint32_t at) {
        return link::unpack(regions_.server().slots[at].load());
    }
    std::vector<link::RingEvent> take_events() {
        std::vector<link::RingEvent> events;
        for (; read_ != regions_.server().event_write.load(); ++read_) {
            events.push_back(regions_.server().events[read_ % link::kEventRingSize]);
        }
        regions_.engine().event_read.store(read_);
        return events;
    }

    link::Regions regions_ = make();
    ParamStore store_{regions_};
    std::uint64_t read_ = 0;
};

TEST_F(ParamStoreTest, a_parameter_begins_untouched_at_its_default) {
    const auto remap = play({param("gain", -60, 24, -6)});
    ASSERT_EQ(remap.slots.size(), 1u);
    EXPECT_EQ(get("gain").value, -6);
    EXPECT_FALSE(get("gain").touched);
    EXPECT_EQ(slot(remap.slots[0]).value, -6.0F);
    EXPECT_NE(slot(remap.slots[0]).rev, 0u);
    EXPECT_FALSE(slot(remap.slots[0]).timed);
}

TEST_F(ParamStoreTest, a_value_that_is_set_is_in_its_slot_with_a_later_revision) {
    const auto at = play({param("gain", -60, 24, 0)}).slots[0];
    const auto before = slot(at).rev;
    const auto epoch = regions_.server().param_epoch.load();
    EXPECT_FALSE(set("gain", 6));
    EXPECT_EQ(slot(at).value, 6.0F);
    EXPECT_TRUE(link::later(slot(at).rev, before));
    EXPECT_GT(regions_.server().param_epoch.load(), epoch);
    EXPECT_TRUE(get("gain").touched);
    EXPECT_THAT(take_events(), IsEmpty());
}

TEST_F(ParamStoreTest, what_is_out_of_range_is_refused_with_the_range) {
    play({param("gain", -60, 24, 0)});
    for (const double value : {-60.1, 24.1, std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::quiet_NaN()}) {
        const auto fault = set("gain", value);
        ASSERT_TRUE(fault) << value;
        EXPECT_EQ(fault->kind, Kind::out_of_range);
        EXPECT_EQ(fault->min, -60);
        EXPECT_EQ(fault->max, 24);
    }
    EXPECT_EQ(get("gain").value, 0);
    EXPECT_FALSE(get("gain").touched);
}

TEST_F(ParamStoreTest, a_stepped_value_is_rounded_to_its_step) {
    play({flagged(param("bits", 1, 16, 8), JIG_PARAM_STEPPED, 1),
          flagged(param("rate", 0.5, 2.2, 1), JIG_PARAM_STEPPED, 0.5),
          flagged(param("on", 0, 1, 0), JIG_PARAM_TOGGLE),
          flagged(param("mode", 0, 2, 0), JIG_PARAM_ENUM)});
    EXPECT_FALSE(set("bits", 6.6));
    EXPECT_EQ(get("bits").value, 7);
    EXPECT_FALSE(set("rate", 1.2));
    EXPECT_EQ(get("rate").value, 1);
    EXPECT_FALSE(set("rate", 2.2));
    EXPECT_EQ(get("rate").value, 2) << "2.5 is out of range, 2.2 is no step";
    EXPECT_FALSE(set("on", 0.7));
    EXPECT_EQ(get("on").value, 1);
    EXPECT_FALSE(set("mode", 1.4));
    EXPECT_EQ(get("mode").value, 1);
}

TEST_F(ParamStoreTest, outputs_and_triggers_cannot_be_set) {
    play({flagged(param("level", 0, 1, 0), JIG_PARAM_OUTPUT),
          flagged(param("tap", 0, 1, 0), JIG_PARAM_TRIGGER)});
    EXPECT_EQ(set("level", 0.5)->kind, Kind::unsupported);
    EXPECT_EQ(set("tap", 1)->kind, Kind::unsupported);
    EXPECT_EQ(set("none", 1)->kind, Kind::not_found);
    EXPECT_EQ(store_.trigger("level")->kind, Kind::unsupported);
    EXPECT_EQ(store_.trigger("none")->kind, Kind::not_found);
}

TEST_F(ParamStoreTest, a_trigger_is_an_event_for_the_next_block) {
    const auto at = play({flagged(param("tap", 0, 1, 0), JIG_PARAM_TRIGGER)}).slots[0];
    EXPECT_FALSE(store_.trigger("tap"));
    const auto events = take_events();
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].frame, 0u);
    EXPECT_EQ(events[0].slot, at);
    EXPECT_EQ(events[0].event.type, JIG_EVENT_TRIGGER);
    store_.set_engine_running(false);
    EXPECT_EQ(store_.trigger("tap")->kind, Kind::full) << "nobody would hear it";
}

TEST_F(ParamStoreTest, a_batch_goes_through_the_ring_with_the_revisions_of_its_slots) {
    const auto slots = play({param("a", 0, 1, 0), param("b", 0, 1, 0)}).slots;
    EXPECT_FALSE(set_many({{"a", 0.25}, {"b", 0.75}}, 48000));
    const auto events = take_events();
    ASSERT_EQ(events.size(), 2u);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(events[i].frame, 48000u);
        EXPECT_EQ(events[i].slot, slots[i]);
        EXPECT_EQ(events[i].event.type, JIG_EVENT_PARAM);
        EXPECT_EQ(events[i].event.u.param.value, slot(slots[i]).value);
        EXPECT_EQ(events[i].rev, slot(slots[i]).rev);
        EXPECT_TRUE(slot(slots[i]).timed);
    }
    EXPECT_EQ(get("b").value, 0.75);
}

TEST_F(ParamStoreTest, a_preset_is_its_values_and_the_defaults_of_all_else) {
    plugin::PluginInfo info;
    info.id = "test";
    info.params = {param("a", 0, 1, 0.25), param("b", 0, 1, 0.5),
                   flagged(param("on", 0, 1, 0), JIG_PARAM_BYPASS),
                   flagged(param("bang", 0, 1, 0), JIG_PARAM_TRIGGER),
                   flagged(param("level", 0, 1, 0), JIG_PARAM_OUTPUT)};
    info.presets = {{"Full", "", {{"b", 1}}}};
    ASSERT_TRUE(store_.assign(info));
    store_.commit();
    ASSERT_TRUE(store_.preset("Full"));
    EXPECT_THAT(*store_.preset("Full"),
                ElementsAre(testing::Pair("a", 0.25), testing::Pair("b", 1.0)));
    EXPECT_FALSE(store_.preset("Empty"));
}

TEST_F(ParamStoreTest, a_batch_with_a_fault_changes_nothing) {
    play({param("a", 0, 1, 0), param("b", 0, 1, 0)});
    EXPECT_EQ(set_many({{"a", 0.25}, {"b", 2}})->kind, Kind::out_of_range);
    EXPECT_EQ(set_many({{"a", 0.25}, {"c", 0}})->kind, Kind::not_found);
    EXPECT_EQ(get("a").value, 0);
    EXPECT_THAT(take_events(), IsEmpty());
}

TEST_F(ParamStoreTest, without_an_engine_a_batch_is_in_the_slots_at_once) {
    const auto at = play({param("a", 0, 1, 0)}).slots[0];
    store_.engine_ended();
    EXPECT_FALSE(set_many({{"a", 0.5}}, 48000));
    EXPECT_FALSE(slot(at).timed);
    EXPECT_EQ(slot(at).value, 0.5F);
    EXPECT_THAT(take_events(), IsEmpty());
}

TEST_F(ParamStoreTest, a_full_ring_refuses_a_batch_and_changes_nothing) {
    play({param("a", 0, 1, 0), param("b", 0, 1, 0)});
    for (std::uint32_t i = 0; i < link::kEventRingSize / 2; ++i) {
        ASSERT_FALSE(set_many({{"a", 0.25}, {"b", 0.25}}));
    }
    EXPECT_EQ(set_many({{"a", 0.5}, {"b", 0.5}})->kind, Kind::full);
    EXPECT_EQ(get("a").value, 0.25);
    EXPECT_FALSE(set("a", 1)) << "one value needs no ring";
    EXPECT_EQ(take_events().size(), link::kEventRingSize);
    EXPECT_FALSE(set_many({{"a", 0.5}, {"b", 0.5}}));
}

TEST_F(ParamStoreTest, an_engine_that_lies_about_the_ring_costs_its_batches_only) {
    play({param("a", 0, 1, 0)});
    for (const auto lie : {std::uint64_t{1}, std::uint64_t{1} << 40, UINT64_MAX - 5000}) {
        regions_.engine().event_read.store(lie);
        EXPECT_EQ(set_many({{"a", 0.5}})->kind, Kind::full) << lie;
        EXPECT_FALSE(set("a", 0.75));
    }
    store_.engine_ended();
    store_.set_engine_running(true);
    EXPECT_FALSE(set_many({{"a", 0.5}}));
}

TEST_F(ParamStoreTest, reset_goes_back_to_the_default_untouched) {
    play({param("a", 0, 1, 0.25), flagged(param("level", 0, 1, 0), JIG_PARAM_OUTPUT)});
    EXPECT_FALSE(set("a", 1));
    EXPECT_FALSE(store_.reset({0, 1}));
    EXPECT_EQ(get("a").value, 0.25);
    EXPECT_FALSE(get("a").touched);
    EXPECT_EQ(take_events().size(), 1u) << "outputs are left alone";
}

TEST_F(ParamStoreTest, revisions_rise_with_every_change_of_the_session) {
    play({param("a", 0, 1, 0), param("b", 0, 1, 0)});
    std::uint64_t last = 0;
    for (const auto* id : {"a", "b", "a"}) {
        EXPECT_FALSE(set(id, 0.5));
        EXPECT_GT(get(id).rev, last);
        last = get(id).rev;
    }
}

// ---- From build to build ----

TEST_F(ParamStoreTest, a_parameter_keeps_slot_and_value_whatever_its_index) {
    const auto first = play({param("a", 0, 1, 0), param("b", 0, 1, 0)});
    EXPECT_FALSE(set("b", 0.5));
    const auto second = play({param("new", 0, 1, 0), param("b", 0, 1, 0), param("a", 0, 1, 0)});
    EXPECT_EQ(second.slots[1], first.slots[1]);
    EXPECT_EQ(second.slots[2], first.slots[0]);
    EXPECT_THAT(second.added, ElementsAre("new"));
    EXPECT_THAT(second.removed, IsEmpty());
    EXPECT_EQ(get("b").value, 0.5);
}

TEST_F(ParamStoreTest, a_parameter_that_went_away_has_its_value_when_it_is_back) {
    play({param("a", 0, 1, 0), param("b", 0, 1, 0)});
    EXPECT_FALSE(set("b", 0.5));
    EXPECT_THAT(play({param("a", 0, 1, 0)}).removed, ElementsAre("b"));
    EXPECT_FALSE(store_.find("b"));
    EXPECT_THAT(play({param("a", 0, 1, 0), param("b", 0, 1, 0)}).added, IsEmpty());
    EXPECT_EQ(get("b").value, 0.5);
}

TEST_F(ParamStoreTest, a_renamed_parameter_is_the_one_that_it_formerly_was) {
    const auto at = play({param("drive", 0, 1, 0)}).slots[0];
    EXPECT_FALSE(set("drive", 0.5));
    const auto remap = play({renamed(param("push", 0, 1, 0), {"oldest", "drive"})});
    EXPECT_EQ(remap.slots[0], at);
    EXPECT_THAT(remap.renamed, ElementsAre("drive → push"));
    EXPECT_THAT(remap.added, IsEmpty());
    EXPECT_THAT(remap.removed, IsEmpty());
    EXPECT_EQ(get("push").value, 0.5);
}

TEST_F(ParamStoreTest, an_earlier_id_that_another_parameter_has_now_is_that_one_s) {
    const auto first = play({param("gain", 0, 1, 0)});
    EXPECT_FALSE(set("gain", 0.5));
    const auto second = play({renamed(param("output", 0, 1, 0), {"gain"}), param("gain", 0, 1, 0)});
    EXPECT_EQ(second.slots[1], first.slots[0]);
    EXPECT_NE(second.slots[0], first.slots[0]);
    EXPECT_EQ(get("gain").value, 0.5);
    EXPECT_EQ(get("output").value, 0);
    EXPECT_THAT(second.renamed, IsEmpty());
}

TEST_F(ParamStoreTest, what_nobody_touched_follows_the_new_default) {
    play({param("a", 0, 1, 0.25), param("b", 0, 1, 0.25)});
    EXPECT_FALSE(set("b", 0.75));
    play({param("a", 0, 1, 0.5), param("b", 0, 1, 0.5)});
    EXPECT_EQ(get("a").value, 0.5);
    EXPECT_EQ(get("b").value, 0.75);
    EXPECT_FALSE(store_.reset({1}));
    EXPECT_EQ(get("b").value, 0.5);
}

TEST_F(ParamStoreTest, a_touched_value_is_held_within_the_new_range_and_on_its_steps) {
    play({param("a", 0, 1, 0), param("b", 0, 8, 0)});
    EXPECT_FALSE(set("a", 1));
    EXPECT_FALSE(set("b", 6.6));
    play({param("a", 0, 0.5, 0), flagged(param("b", 0, 8, 0), JIG_PARAM_STEPPED, 2)});
    EXPECT_EQ(get("a").value, 0.5);
    EXPECT_TRUE(get("a").touched);
    EXPECT_EQ(get("b").value, 6);
}

TEST_F(ParamStoreTest, nothing_changes_for_the_build_that_still_plays) {
    const auto old = play({param("a", 0, 1, 0.25), param("b", 0, 1, 0)}).slots;
    EXPECT_FALSE(set("b", 1));
    const auto a = slot(old[0]);
    const auto b = slot(old[1]);
    const auto fresh = assign(build({param("a", 0, 1, 0.5), param("b", 0, 0.5, 0)})).slots;
    EXPECT_EQ(slot(old[0]), a);
    EXPECT_EQ(slot(old[1]), b);
    EXPECT_EQ(slot(fresh[0]).value, 0.5F);
    EXPECT_EQ(slot(fresh[1]).value, 0.5F);
    store_.commit();
    EXPECT_EQ(slot(old[1]), b) << "it may still fade out";
}

TEST_F(ParamStoreTest, a_refused_build_leaves_everything_as_it_was) {
    const auto old = play({param("a", 0, 1, 0.25), param("b", 0, 1, 0)}).slots;
    EXPECT_FALSE(set("b", 1));
    assign(build({param("a", 0, 1, 0.5), renamed(param("c", 0, 0.5, 0), {"b"})}));
    EXPECT_TRUE(store_.find("c"));
    store_.revert();
    EXPECT_FALSE(store_.find("c"));
    EXPECT_EQ(get("a").value, 0.25);
    EXPECT_EQ(get("b").value, 1);
    EXPECT_EQ(slot(old[0]).value, 0.25F);
    EXPECT_EQ(slot(old[1]).value, 1.0F);
    EXPECT_EQ(store_.info().params[1].id, "b");
    EXPECT_EQ(play({param("a", 0, 1, 0.25), param("b", 0, 1, 0)}).slots, old);
}

TEST_F(ParamStoreTest, what_is_set_while_a_build_comes_in_stays_set_when_it_is_refused) {
    const auto old = play({param("a", 0, 1, 0), param("b", 0, 1, 0.5)}).slots;
    assign(build({param("a", 0, 9, 0), param("b", 0, 9, 0.75), param("c", 0, 1, 0)}));
    EXPECT_FALSE(set("a", 0.25));
    EXPECT_FALSE(set("b", 8));
    EXPECT_FALSE(set("c", 1));
    store_.revert();
    EXPECT_EQ(get("a").value, 0.25);
    EXPECT_EQ(slot(old[0]).value, 0.25F);
    EXPECT_EQ(get("b").value, 1) << "as far as the old range goes";
    EXPECT_EQ(slot(old[1]).value, 1.0F);
    EXPECT_TRUE(get("b").touched);
}

TEST_F(ParamStoreTest, a_second_revert_is_nothing) {
    play({param("a", 0, 1, 0)});
    assign(build({param("a", 0, 1, 1)}));
    store_.revert();
    EXPECT_FALSE(set("a", 0.5));
    store_.revert();
    EXPECT_EQ(get("a").value, 0.5);
}

TEST_F(ParamStoreTest, plugins_of_the_same_library_have_values_of_their_own) {
    const auto echo = play({param("mix", 0, 1, 0)}, "org.example.echo");
    EXPECT_FALSE(set("mix", 0.5));
    const auto chorus = play({param("mix", 0, 1, 0)}, "org.example.chorus");
    EXPECT_NE(echo.slots, chorus.slots);
    EXPECT_THAT(chorus.added, IsEmpty()) << "nothing was added to this plugin";
    EXPECT_EQ(get("mix").value, 0);
    EXPECT_EQ(play({param("mix", 0, 1, 0)}, "org.example.echo").slots, echo.slots);
    EXPECT_EQ(get("mix").value, 0.5);
}

TEST_F(ParamStoreTest, slots_of_builds_that_are_gone_are_used_again) {
    for (std::uint32_t i = 0; i < 3 * link::kMaxSlots; ++i) {
        const auto remap = play({param("a", 0, 1e6, i)});
        ASSERT_LT(remap.slots[0], 4u);
        ASSERT_EQ(slot(remap.slots[0]).value, static_cast<float>(i));
    }
}

TEST_F(ParamStoreTest, a_session_knows_4096_parameters_and_says_when_there_are_more) {
    std::vector<plugin::ParamInfo> many;
    for (std::uint32_t i = 0; i < link::kMaxSlots; ++i) {
        many.push_back(param("p" + std::to_string(i), 0, 1, 0));
    }
    play(many);
    EXPECT_FALSE(set("p4095", 1));
    auto more = many;
    more.push_back(param("one_more", 0, 1, 0));
    const auto refused = store_.assign(build(more));
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().find("one_more"), std::string::npos);
    EXPECT_NE(refused.error().find("4096"), std::string::npos);
    EXPECT_EQ(get("p4095").value, 1) << "the build before plays on";
    many[0].def = 1;
    play(many);
    EXPECT_EQ(get("p0").value, 1) << "without a slot to spare the value changes in place";
}

// ---- Outputs ----

TEST_F(ParamStoreTest, outputs_are_told_when_they_change) {
    const auto slots =
        play({param("a", 0, 1, 0), flagged(param("level", 0, 1, 0), JIG_PARAM_OUTPUT)}).slots;
    EXPECT_THAT(store_.poll_outputs(), IsEmpty());
    regions_.engine().out_params[slots[1]].store(0.5F);
    EXPECT_THAT(store_.poll_outputs(), ElementsAre(1u));
    EXPECT_EQ(get("level").value, 0.5);
    EXPECT_THAT(store_.poll_outputs(), IsEmpty());
    regions_.engine().out_params[slots[1]].store(std::numeric_limits<float>::quiet_NaN());
    EXPECT_THAT(store_.poll_outputs(), IsEmpty());
    EXPECT_EQ(get("level").value, 0.5);
    const auto again = play({flagged(param("level", 0, 1, 0), JIG_PARAM_OUTPUT)}).slots;
    EXPECT_EQ(again[0], slots[1]) << "an output needs no slot of its own";
}

} // namespace
} // namespace jig::session
