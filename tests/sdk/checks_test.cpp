#include <jig/checks.hpp>
#include <jig/jig.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace {

namespace checks = jig::checks;
using testing::HasSubstr;
using testing::IsEmpty;

/// A one-pole low-pass without a fault; each of the others has one.
struct Good : jig::Effect {
    static constexpr auto id = "test.good", name = "Good";
    Param level{this, "level", "Level", dB(-60, 0, 0), 20_ms};
    std::vector<float> memory;

    void activate() { memory.assign(out_channels(), 0); }
    void reset() { memory.assign(memory.size(), 0); }
    void process(Block b) {
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            const float gain = level.next();
            for (std::uint32_t c = 0; c < b.channels(); ++c) {
                const float x = b.in(c, i);
                memory[c] += 0.25f * (x - memory[c]);
                memory[c] = std::fabs(memory[c]) < 1e-15f ? 0.0f : memory[c];
                b.out(c, i) = gain * memory[c];
            }
        }
    }
    template <typename V>
    void carry(V& v) {
        v("memory", memory);
    }
};

TEST(Checks, find_nothing_in_a_good_plugin) {
    EXPECT_THAT(checks::all<Good>(), IsEmpty());
}

struct ByBlock : Good {
    void process(Block b) {
        Good::process(b);
        b.out(0, b.frames() - 1) *= 0.5f;
    }
};
TEST(Checks, find_a_sound_that_depends_on_the_blocks) {
    EXPECT_THAT(checks::blocks<ByBlock>(), HasSubstr("in blocks of 1 it sounds different: at"));
}

struct Unwritten : jig::Effect {
    static constexpr auto id = "test.unwritten", name = "Unwritten";
    void process(Block b) {
        for (std::uint32_t i = 1; i < b.frames(); ++i) {
            b.out(0, i) = b.out(1, i) = 0;
        }
    }
};
TEST(Checks, find_samples_that_are_not_written) {
    EXPECT_THAT(checks::outputs<Unwritten>(), HasSubstr("output samples are not written"));
}

struct Divides : Good {
    void process(Block b) {
        Good::process(b);
        b.out(1, 0) = 1.0f / (level.value() > -30 ? 1.0f : 0.0f);
    }
};
TEST(Checks, find_an_output_that_is_no_number) {
    EXPECT_THAT(checks::outputs<Divides>(), HasSubstr("no finite number at frame"));
}

struct Allocates : Good {
    std::unique_ptr<float[]> scratch;
    void process(Block b) {
        Good::process(b);
        scratch = std::make_unique<float[]>(b.frames());
    }
};
TEST(Checks, find_a_process_that_allocates) {
    if (!jig::Player::watches_heap()) {
        GTEST_SKIP() << "a sanitizer has the heap";
    }
    EXPECT_THAT(checks::allocation<Allocates>(), HasSubstr("process calls the heap"));
}

struct Fades : Good {
    float tail = 0;
    void process(Block b) {
        Good::process(b);
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            tail = 0.999f * tail + b.in(0, i);
            b.out(0, i) += 1e-3f * tail;
        }
    }
};
TEST(Checks, find_a_tail_of_denormals) {
#if defined(__x86_64__)
    EXPECT_THAT(checks::denormals<Fades>(), HasSubstr("denormal"));
#endif
}

struct Remembers : Good {
    void reset() {}
};
TEST(Checks, find_a_reset_that_forgets_something) {
    EXPECT_THAT(checks::reset<Remembers>(), HasSubstr("after reset"));
}

struct Forgets : Good {
    template <typename V>
    void carry(V& v) {
        std::vector<float> first(1);
        v("other", first);
    }
};
TEST(Checks, find_a_carry_that_leaves_something_out) {
    EXPECT_THAT(checks::carry<Forgets>(), HasSubstr("with the carried memory"));
    EXPECT_THAT(checks::carry<Unwritten>(), HasSubstr("no carry"));
}

struct Shares : jig::Effect {
    static constexpr auto id = "test.shares", name = "Shares";
    inline static float last = 0;
    void process(Block b) {
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            b.out(0, i) = b.out(1, i) = last;
            last = b.in(0, i);
        }
    }
    void reset() { last = 0; }
    void activate() { last = 0; }
};
TEST(Checks, find_two_instances_that_talk) {
    EXPECT_THAT(checks::instances<Shares>(), HasSubstr("beside a second instance"));
}

struct Jumps : jig::Effect {
    static constexpr auto id = "test.jumps", name = "Jumps";
    Param level{this, "level", "Level", dB(-60, 0, 0)};
    void process(Block b) {
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            for (std::uint32_t c = 0; c < b.channels(); ++c) {
                b.out(c, i) = level.next() * b.in(c, i);
            }
        }
    }
};
TEST(Checks, find_a_parameter_that_jumps) {
    EXPECT_THAT(checks::zipper<Jumps>(), HasSubstr("a change of level makes a step of"));
}

TEST(Checks, all_of_them_name_themselves) {
    EXPECT_THAT(checks::all<Jumps>(), HasSubstr("zipper: a change of level"));
}

TEST(Checks, try_what_the_scenario_says) {
    jig::Scenario quiet;
    quiet.moves = false;
    quiet.prepare = [](jig::Player& player) { player.set("level", -20); };
    EXPECT_THAT(checks::outputs<Divides>(quiet), IsEmpty());
}

} // namespace
