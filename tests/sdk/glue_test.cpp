#include <jig/harness.hpp>
#include <jig/jig.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <stdexcept>

namespace {

/// Throws where it is told to.
struct Thrower : jig::Effect {
    static constexpr auto id = "test.thrower", name = "Thrower";
    Param now{this, "now", "Now", Toggle(false)};
    static inline std::string where;

    Thrower() {
        if (where == "create") {
            throw std::runtime_error("no hall of that name");
        }
    }
    void activate() const {
        if (where == "activate") {
            throw std::bad_alloc();
        }
    }
    void reset() const { throw_if("reset"); }
    void deactivate() const { throw_if("deactivate"); }
    std::uint32_t latency() const { return throw_if("latency"), 5u; }
    void process(Block b) {
        if (now.on()) {
            throw 42;
        }
        for (std::uint32_t c = 0; c < b.channels(); ++c) {
            std::copy_n(b.input(c).begin(), b.frames(), b.output(c).begin());
        }
    }
    static void throw_if(const char* place) {
        if (where == place) {
            throw std::logic_error(place);
        }
    }
};

struct Glue : testing::Test {
    ~Glue() override { Thrower::where.clear(); }
};

TEST_F(Glue, turns_a_throwing_constructor_into_a_sentence) {
    const auto& plugin = jig::detail::Description<Thrower>::get();
    Thrower::where = "create";
    try {
        const jig::Player player(plugin);
        FAIL() << "it was created";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("no hall of that name"));
    }
}

TEST_F(Glue, turns_a_throwing_activate_into_a_status) {
    jig::Harness<Thrower> h;
    Thrower::where = "activate";
    EXPECT_THROW((void)h.render(1), std::runtime_error);
    EXPECT_EQ(h.status(), JIG_ERROR_EXCEPTION);
}

TEST_F(Glue, turns_a_throwing_process_into_a_status) {
    jig::Harness<Thrower> h;
    h.at(64).set("now", 1);
    const auto y = h.render(jig::constant(1), 128);
    EXPECT_EQ(h.status(), JIG_ERROR_EXCEPTION);
    EXPECT_EQ(y[0][63], 1.0f);
    EXPECT_EQ(y[0][64], 0.0f) << "the harness silences it as a host does";
}

TEST_F(Glue, lets_nothing_out_of_the_other_slots) {
    jig::Harness<Thrower> h;
    (void)h.render(1);
    Thrower::where = "reset";
    h.reset();
    Thrower::where = "latency";
    EXPECT_EQ(h.latency(), 0u);
    Thrower::where = "deactivate";
    h.rate(44100); // deactivates
}

/// Says through taps and samples what it sees of its buses.
struct Seer : jig::Effect {
    static constexpr auto id = "test.seer", name = "Seer";
    Input side{this, "side", "Sidechain", ChannelRange(1, 2, 2)};
    Output sum{this, "sum", "Sum", ChannelRange(1, 1, 1)};
    Tap ramp{this, "ramp", "Ramp"};
    Tap parts{this, "parts", "Frames of the part", PerBlock{}};
    bool watched = false;

    void process(Block b) {
        watched = static_cast<bool>(ramp);
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            ramp(i, static_cast<float>(b.position() + i));
            float all = 0;
            for (std::uint32_t c = 0; c < b.channels(); ++c) {
                b.out(c, i) = -b.in(c, i);
                all += b.in(c, i);
            }
            for (std::uint32_t c = 0; c < b.in_channels(side); ++c) {
                all += 10 * b.input(side, c)[i];
            }
            b.output(sum, 0)[i] = all;
        }
        parts(static_cast<float>(b.frames()));
    }
};

TEST(Buses, are_reached_by_their_members) {
    jig::Harness<Seer> h;
    jig::Audio input(4, 3);
    for (std::size_t c = 0; c < 4; ++c) {
        input[c] = {static_cast<float>(c + 1), 0, 0};
    }
    const auto y = h.render(input);
    ASSERT_EQ(y.channels(), 3u) << "stereo, and the sum";
    EXPECT_EQ(y[0][0], -1.0f);
    EXPECT_EQ(y[1][0], -2.0f);
    EXPECT_EQ(y[2][0], 1.0f + 2 + 10 * (3 + 4));
    EXPECT_EQ(y[2][1], 0.0f);
    EXPECT_EQ(h.unwritten(), 0u);
}

TEST(Buses, follow_the_main_input) {
    jig::Harness<Seer> h;
    EXPECT_EQ(h.channels(7).render(jig::constant(1), 2).channels(), 8u);
    EXPECT_EQ(h.plugin().in_channels(), 7u);
    EXPECT_EQ(h.plugin().out_channels(), 7u);
}

TEST(Taps, have_a_value_for_each_frame_wherever_the_block_is_cut) {
    jig::Harness<Seer> h;
    h.blocks({50}).start(200);
    jig_event event{};
    event.type = JIG_EVENT_MIDI;
    h.at(230).add(event);
    (void)h.render(100);
    ASSERT_EQ(h.tap("ramp").size(), 100u);
    for (std::size_t i = 0; i < 100; ++i) {
        ASSERT_EQ(h.tap("ramp")[i], static_cast<float>(200 + i));
    }
    EXPECT_THAT(h.tap("parts"), testing::ElementsAre(20, 50)) << "the last one in a block counts";
    EXPECT_TRUE(h.plugin().watched);
}

TEST(Taps, cost_nothing_and_break_nothing_while_nobody_watches) {
    jig::Harness<Seer> h;
    (void)h.render(1);
    const float in[4] = {};
    float out[4] = {};
    const float* ins[] = {in, in, in, in};
    float* outs[] = {out, out, out};
    const jig_audio_in in_buses[] = {{ins, 2, 0, 0}, {ins + 2, 2, 0, 0}};
    jig_audio_out out_buses[] = {{outs, 2, 0, 0}, {outs + 2, 1, 0, 0}};
    float* const taps[] = {nullptr, nullptr};
    jig_block block{};
    block.struct_size = sizeof block;
    block.frames = 4;
    block.in = in_buses;
    block.out = out_buses;
    block.in_count = block.out_count = 2;
    block.taps = taps;
    block.tap_count = 2;
    EXPECT_EQ(jig::detail::Slots<Seer>::process(h.raw(), &block), JIG_OK);
    EXPECT_FALSE(h.plugin().watched);
}

struct Speaker : jig::Effect {
    static constexpr auto id = "test.speaker", name = "Speaker";
    Param size{this, "size", "Size", Linear(0, 10, 5),
               Text([](double v) { return v < 1 ? std::string("tiny") : std::to_string(int(v)); },
                    [](std::string_view t) -> std::optional<double> {
                        return t == "tiny" ? std::optional(0.0) : std::nullopt;
                    })};
    void process(Block b) {
        JIG_LOG(WARN, "%d frames at %f Hz", b.frames(), rate_hz());
        for (std::uint32_t c = 0; c < b.channels(); ++c) {
            std::fill_n(b.output(c).begin(), b.frames(), 0.0f);
        }
    }
};

TEST(Log, reaches_the_host_as_a_site_and_words) {
    jig::Harness<Speaker> h;
    (void)h.render(64);
    ASSERT_EQ(h.host().log_lines().size(), 1u);
    const auto& line = h.host().log_lines()[0];
    EXPECT_STREQ(line.site->format, "%d frames at %f Hz");
    EXPECT_EQ(line.site->level, static_cast<jig_log_level>(JIG_LOG_WARN));
    EXPECT_THAT(line.args, testing::ElementsAre(64, std::bit_cast<std::uint64_t>(48000.0)));
}

TEST(Text, is_the_plugin_s_own_both_ways) {
    jig::Harness<Speaker> h;
    const auto& plugin = jig::detail::Description<Speaker>::get();
    char text[16] = {};
    double value = -1;
    EXPECT_EQ(plugin.param_to_text(h.raw(), 0, 0.5, text, sizeof text), JIG_OK);
    EXPECT_STREQ(text, "tiny");
    EXPECT_EQ(plugin.param_from_text(h.raw(), 0, "tiny", &value), JIG_OK);
    EXPECT_EQ(value, 0.0);
    EXPECT_EQ(plugin.param_from_text(h.raw(), 0, "vast", &value), JIG_ERROR_ARG);
    EXPECT_EQ(plugin.param_to_text(h.raw(), 9, 0.5, text, sizeof text), JIG_ERROR_UNSUPPORTED);
}

} // namespace
