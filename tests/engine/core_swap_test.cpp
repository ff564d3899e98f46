// From one build to the next: without a gap, without a step, without a trace.
#include "tests/engine/rig.hpp"
#include "tests/plugins/test_plugins.hpp"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace jig::tests {
namespace {

constexpr float kMinus120Db = 1e-6F;

class TwoCopies {
  public:
    explicit TwoCopies(const std::filesystem::path& library) {
        folder_ =
            std::filesystem::temp_directory_path() / ("jig-swap-" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder_);
        for (const auto* name : {"a.so", "b.so"}) {
            std::filesystem::copy_file(library, folder_ / name,
                                       std::filesystem::copy_options::overwrite_existing);
        }
    }
    ~TwoCopies() { std::filesystem::remove_all(folder_); }
    [[nodiscard]] std::filesystem::path operator[](int i) const {
        return folder_ / (i % 2 == 0 ? "a.so" : "b.so");
    }

  private:
    std::filesystem::path folder_;
};

std::size_t entries(const char* folder) {
    const auto all = std::filesystem::directory_iterator(folder);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::size_t mappings() {
    std::ifstream maps("/proc/self/maps");
    std::size_t count = 0;
    for (std::string line; std::getline(maps, line);) {
        // Files only: locking pages of the heap splits its mapping, and holds nothing.
        count += line.find('/') != std::string::npos ? 1 : 0;
    }
    return count;
}

std::size_t resident_now_kib() {
    std::ifstream status("/proc/self/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    status >> total >> resident;
    return resident * 4;
}

/// What a process holds on to.
struct Holdings {
    std::size_t descriptors = entries("/proc/self/fd");
    std::size_t threads = entries("/proc/self/task");
    std::size_t maps = mappings();
    std::size_t resident_kib = resident_now_kib();
};

/// Swaps `swaps` times while a sine plays; compares with a run that is never swapped.
void swap_and_null(const std::filesystem::path& library,
                   const std::vector<std::pair<std::uint32_t, float>>& values, int swaps) {
    const TwoCopies builds(library);
    Rig swapped;
    Rig steady;
    swapped.play(builds[0]);
    steady.play(library);
    for (const auto& [index, value] : values) {
        swapped.set(index, value);
        steady.set(index, value);
    }
    swapped.warm_up();
    steady.warm_up();
    while (steady.region().frame.load() < swapped.region().frame.load()) {
        steady.pump(128);
    }
    ASSERT_EQ(swapped.region().frame.load(), steady.region().frame.load());

    Holdings after_ten;
    float residual = 0;
    float step = 0;
    for (int n = 1; n <= swaps; ++n) {
        ASSERT_TRUE(swapped.install(builds[n])) << swapped.refused;
        const auto done = swapped.swaps.size();
        for (int cycle = 0; swapped.swaps.size() == done; ++cycle) {
            ASSERT_LT(cycle, 100);
            const auto input = sine(2, swapped.region().frame.load(), 128);
            const auto expected = steady.pump(input);
            residual = std::max(residual, largest_difference(swapped.pump(input), expected));
            swapped.core().tick();
        }
        step = std::max(step, swapped.swaps.back().largest_step);
        if (n == 10) {
            after_ten = Holdings();
        }
    }
    const Holdings at_end;
    EXPECT_LT(residual, kMinus120Db);
    EXPECT_EQ(swapped.region().frame.load(), steady.region().frame.load());
    EXPECT_EQ(at_end.descriptors, after_ten.descriptors);
    EXPECT_EQ(at_end.threads, after_ten.threads);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    // A sanitizer keeps records of its own for each library that was ever loaded.
    EXPECT_LE(at_end.maps, after_ten.maps);
    EXPECT_LE(at_end.resident_kib, after_ten.resident_kib + 1024);
#endif
    ASSERT_EQ(swapped.retirements.size(), static_cast<std::size_t>(swaps));
    for (const auto& retired : swapped.retirements) {
        EXPECT_TRUE(retired.unmapped) << "build " << retired.generation;
    }
    std::printf("%d swaps: residual %.1f dBFS, largest step %.4f\n", swaps,
                20 * std::log10(std::max(residual, 1e-12F)), static_cast<double>(step));
}

TEST(Swap, a_thousand_swaps_of_gain_null_against_the_unswapped_run) {
    swap_and_null(kGain, {{0, -7.5F}}, 1000);
}

TEST(Swap, a_thousand_swaps_of_crush_null_against_the_unswapped_run) {
    swap_and_null(kCrush, {{0, 5.0F}, {1, 5.0F}}, 1000);
}

TEST(Swap, no_frame_is_lost_or_repeated) {
    Rig rig;
    rig.play_figures(test_plugin("recorder"));
    rig.warm_up();
    ASSERT_TRUE(rig.install(test_plugin("recorder_whole"))) << rig.refused;
    auto expected = static_cast<float>(rig.region().frame.load());
    for (int cycle = 0; cycle < 40; ++cycle) {
        for (const float position : rig.pump(100)[4]) {
            ASSERT_EQ(position, expected);
            expected += 1;
        }
        rig.core().tick();
    }
    EXPECT_EQ(rig.swaps.size(), 2u);
}

TEST(Swap, both_builds_are_crossfaded_linearly_from_one_exact_frame) {
    Rig rig;
    rig.play(kGain);
    rig.warm_up();
    const auto from = rig.region().frame.load();
    ASSERT_TRUE(rig.install(test_plugin("two_plugins"), "dev.jig.test.invert", 1000));
    const auto out = rig.pump(constant(2, 1200, 0.5F));
    EXPECT_EQ(out[0][0], 0.5F);
    EXPECT_NEAR(out[0][500], 0.0F, 1e-6F);
    EXPECT_EQ(out[0][1000], -0.5F);
    rig.core().tick();
    ASSERT_EQ(rig.swaps.size(), 2u);
    EXPECT_EQ(rig.swaps[1].begin_frame, from);
    EXPECT_EQ(rig.swaps[1].fade_frames, 1000u);
    EXPECT_NEAR(rig.swaps[1].largest_step, 0.001F, 1e-4F);
}

TEST(Swap, a_new_build_starts_at_the_values_that_were_set) {
    const TwoCopies builds(kGain);
    Rig rig;
    rig.play(builds[0]);
    rig.warm_up();
    rig.set(0, -6.0206F);
    rig.pump(constant(2, 4800, 0.5F));
    ASSERT_TRUE(rig.install(builds[1]));
    for (int i = 0; i < 30; ++i) {
        for (const float x : rig.pump(constant(2, 64, 0.5F))[0]) {
            EXPECT_NEAR(x, 0.25F, 1e-5F);
        }
        rig.core().tick();
    }
}

TEST(Swap, a_build_whose_create_fails_leaves_the_old_one_playing) {
    Rig rig;
    rig.play(kGain);
    rig.warm_up();
    EXPECT_FALSE(rig.install(test_plugin("create_fails")));
    EXPECT_NE(rig.refused.find("hall.wav is missing"), std::string::npos) << rig.refused;
    const auto input = sine(2, 0, 256);
    EXPECT_EQ(largest_difference(rig.pump(input), input), 0.0F);
    EXPECT_TRUE(rig.install(kCrush)) << rig.refused;
}

TEST(Swap, a_library_that_stays_mapped_is_said_to) {
    Rig rig;
    rig.play(test_plugin("pinned"));
    rig.warm_up();
    ASSERT_TRUE(rig.install(kGain));
    rig.finish_swap();
    ASSERT_EQ(rig.retirements.size(), 1u);
    EXPECT_FALSE(rig.retirements[0].unmapped);
}

TEST(Swap, a_fast_math_library_does_not_change_the_mode_of_the_fpu) {
    Rig rig;
    rig.play(test_plugin("fast_math"));
    volatile float tiny = 1e-40F;
    EXPECT_GT(tiny * 0.5F, 0.0F);
}

TEST(Swap, notes_off_reach_both_builds_and_notes_on_only_the_new_one) {
    Rig rig;
    rig.play_figures(test_plugin("recorder"));
    rig.warm_up();
    ASSERT_TRUE(rig.install(test_plugin("recorder_whole"), "", 1000));
    const auto& out = rig.pump(constant(2, 64, 0), {{10, {0x90, 60, 127}}, {20, {0x80, 60, 0}}});
    EXPECT_NEAR(out[2][10], 10.0F / 1000.0F, 1e-6F) << "the new one's share of the fade alone";
    EXPECT_NEAR(out[3][20], static_cast<float>(JIG_EVENT_NOTE_OFF), 1e-6F) << "both";
}

} // namespace
} // namespace jig::tests
