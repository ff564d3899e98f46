#include <jig/harness.hpp>
#include <jig/jig.hpp>

#include <gtest/gtest.h>

#include <array>
#include <complex>
#include <cstring>
#include <vector>

namespace {

struct Filter {
    float low = 0;
    double high = 0;
    template <typename V>
    void carry(V& v) {
        v("low", low);
        v("high", high);
    }
};

struct Memory : jig::Effect {
    static constexpr auto id = "test.memory", name = "Memory";
    Param level{this, "level", "Level", dB(-60, 12, 0), 20_ms};
    std::vector<float> delay;
    std::array<Filter, 2> filters;
    std::array<std::complex<float>, 3> spectrum{};
    std::uint32_t at = 0;
    enum class Mode : std::uint8_t { a, b } mode = Mode::a;

    void activate() { delay.assign(100, 0); }
    void reset() { delay.assign(delay.size(), 0), at = 0; }
    void process(Block b) {
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            auto& slot = delay[at++ % delay.size()];
            const float x = b.in(0, i) + 0.5f * slot;
            slot = x;
            filters[0].low += 0.1f * (x - filters[0].low);
            const float gain = level.next();
            for (std::uint32_t c = 0; c < b.channels(); ++c) {
                b.out(c, i) = gain * filters[0].low;
            }
        }
    }
    template <typename V>
    void carry(V& v) {
        v("delay", delay);
        v("filters", filters);
        v("spectrum", spectrum);
        v("at", at);
        v("mode", mode);
    }
};

/// What another build might have become.
struct Changed : Memory {
    static constexpr auto id = "test.memory", name = "Memory";
    double at = 7; // another type under the same name
    float added = 3;
    template <typename V>
    void carry(V& v) {
        v("added", added);
        v("at", at);
        v("filters", filters);
        v("delay", delay);
    }
};

struct Saved {
    std::uint64_t tag = 0;
    std::vector<std::byte> bytes;
    std::size_t writes = 0;
    std::size_t room = SIZE_MAX;

    jig_sink sink() {
        return {this, [](void* ctx, const void* data, std::size_t size) -> jig_status {
                    auto& self = *static_cast<Saved*>(ctx);
                    ++self.writes;
                    if (self.bytes.size() + size > self.room) {
                        return JIG_ERROR_NOMEM;
                    }
                    const auto* first = static_cast<const std::byte*>(data);
                    self.bytes.insert(self.bytes.end(), first, first + size);
                    return JIG_OK;
                }};
    }
};

template <typename P>
jig_status save(jig::Harness<P>& from, Saved& to) {
    const auto sink = to.sink();
    return from.table().state_save(from.raw(), JIG_STATE_CARRY, &to.tag, &sink);
}

template <typename P>
jig_status load(jig::Harness<P>& into, const Saved& from) {
    return into.table().state_load(into.raw(), JIG_STATE_CARRY, from.tag, from.bytes.data(),
                                   from.bytes.size());
}

TEST(Carry, goes_on_as_if_nothing_had_happened_even_within_a_smoothed_move) {
    jig::Harness<Memory> old_build;
    old_build.at(900).set("level", -12);
    (void)old_build.render(jig::noise(), 1000);
    jig::Harness<Memory> new_build;
    new_build.take_over(old_build);
    EXPECT_EQ(new_build.render(jig::noise(), 3000), old_build.render(jig::noise(), 3000));
}

TEST(Carry, is_announced_with_its_size_without_a_line_of_the_author) {
    jig::Harness<Memory> memory;
    (void)memory.render(10);
    EXPECT_TRUE(memory.table().flags & JIG_PLUGIN_RT_CARRY);
    Saved saved;
    EXPECT_EQ(save(memory, saved), JIG_OK);
    EXPECT_EQ(saved.bytes.size(), memory.table().carry_bytes(memory.raw()));
}

TEST(Carry, takes_what_still_fits_when_fields_change) {
    jig::Harness<Memory> old_build;
    (void)old_build.render(jig::noise(), 1000);
    Saved saved;
    ASSERT_EQ(save(old_build, saved), JIG_OK);
    jig::Harness<Changed> new_build;
    (void)new_build.render(1);
    ASSERT_EQ(load(new_build, saved), JIG_OK);
    EXPECT_EQ(new_build.plugin().delay, old_build.plugin().delay);
    EXPECT_EQ(new_build.plugin().filters[0].low, old_build.plugin().filters[0].low);
    EXPECT_EQ(new_build.plugin().at, 7) << "it has another type now";
    EXPECT_EQ(new_build.plugin().added, 3);
}

TEST(Carry, leaves_a_buffer_of_another_size_as_it_is) {
    jig::Harness<Memory> old_build;
    (void)old_build.render(jig::noise(), 1000);
    Saved saved;
    ASSERT_EQ(save(old_build, saved), JIG_OK);
    jig::Harness<Memory> new_build;
    (void)new_build.render(1);
    new_build.plugin().delay.assign(99, 0.25f);
    ASSERT_EQ(load(new_build, saved), JIG_OK);
    EXPECT_EQ(new_build.plugin().delay, std::vector<float>(99, 0.25f));
    EXPECT_EQ(new_build.plugin().at, 1000u);
}

TEST(Carry, refuses_another_tag_and_what_is_no_list_of_fields) {
    jig::Harness<Memory> old_build;
    (void)old_build.render(jig::noise(), 1000);
    Saved saved;
    ASSERT_EQ(save(old_build, saved), JIG_OK);
    jig::Harness<Memory> other;
    (void)other.render(1);
    const auto before = other.plugin().delay;

    Saved foreign = saved;
    foreign.tag ^= 1;
    EXPECT_EQ(load(other, foreign), JIG_ERROR_UNSUPPORTED);
    for (const std::size_t size : {1u, 15u, 17u}) {
        Saved cut = saved;
        cut.bytes.resize(saved.bytes.size() - size);
        EXPECT_EQ(load(other, cut), JIG_ERROR_ARG) << size;
    }
    Saved huge = saved;
    std::memset(huge.bytes.data() + 8, 0xFF, 8); // a size that would wrap around
    EXPECT_EQ(load(other, huge), JIG_ERROR_ARG);
    EXPECT_EQ(other.plugin().delay, before);
    EXPECT_EQ(load(other, saved), JIG_OK);
}

TEST(Carry, stops_at_the_sinks_first_error_and_says_so) {
    jig::Harness<Memory> memory;
    (void)memory.render(10);
    Saved saved;
    saved.room = 40;
    EXPECT_EQ(save(memory, saved), JIG_ERROR_NOMEM);
    EXPECT_LE(saved.bytes.size(), 40u);
    EXPECT_LE(saved.writes, 6u);
}

TEST(Carry, is_not_the_projects_state) {
    jig::Harness<Memory> memory;
    (void)memory.render(10);
    Saved saved;
    const auto sink = saved.sink();
    EXPECT_EQ(memory.table().state_save(memory.raw(), JIG_STATE_PROJECT, &saved.tag, &sink),
              JIG_ERROR_UNSUPPORTED);
}

/// Voices carry their notes, and what the voice's author lists.
struct Pulse : jig::Voice {
    std::uint32_t age = 0;
    void start(jig::Note) { age = 0; }
    void stop() {}
    bool render(jig::Block b) {
        for (std::uint32_t i = 0; i < b.frames(); ++i, ++age) {
            b.out(0, i) += age % static_cast<std::uint32_t>(note().key) == 0 ? 1.0f : 0.0f;
        }
        return held();
    }
    template <typename V>
    void carry(V& v) {
        v("age", age);
    }
};

struct Pulses : jig::Instrument {
    static constexpr auto id = "test.pulses", name = "Pulses";
    jig::Voices<4, Pulse> voices{this};
    void process(Block b) {
        for (std::uint32_t c = 0; c < b.channels(); ++c) {
            std::fill_n(b.output(c).begin(), b.frames(), 0.0f);
        }
        voices.render(b);
    }
    template <typename V>
    void carry(V& v) {
        v("voices", voices);
    }
};

TEST(Carry, lets_the_notes_sound_on_and_end) {
    jig::Harness<Pulses> old_build;
    old_build.now().note_on(60);
    old_build.at(33).note_on(71).midi(0xB0, 64, 127);
    (void)old_build.render(100);
    jig::Harness<Pulses> new_build;
    new_build.take_over(old_build);
    for (auto* build : {&old_build, &new_build}) {
        build->at(200).note_off(60);
        build->at(300).midi(0xB0, 64, 0);
        build->at(400).note_off(71);
    }
    const auto output = new_build.render(600);
    EXPECT_EQ(output, old_build.render(600));
    EXPECT_EQ(output.slice(0, 300).peak(), 1.0f);
    EXPECT_EQ(output.slice(301, 299).peak(), 1.0f);
    EXPECT_EQ(output.slice(450, 150).peak(), 0.0f);
}

} // namespace
