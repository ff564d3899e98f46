// The audio thread is sacred: thousands of cycles of everything that Jig does live, and not one
// allocation, lock, wait, file or system call inside the callback.
#include "tests/engine/rig.hpp"
#include "tests/plugins/test_plugins.hpp"
#include "tests/rt/interception/watch.hpp"

#include <array>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

namespace jig::tests {
namespace {

jig_event note(std::uint16_t type, std::int16_t key) {
    jig_event event{};
    event.type = type;
    event.u.note.voice = JIG_ANY;
    event.u.note.key = key;
    event.u.note.velocity = 0.8F;
    event.u.note.expression = 1;
    return event;
}

class AudioThread : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!sees_system_calls()) {
            GTEST_SKIP() << "this kernel does not report system calls (Linux 5.11, x86-64)";
        }
        start_watching();
    }

    void play(const std::filesystem::path& library) {
        rig_.play(library);
        rig_.warm_up();
    }
    void swap_to(const std::filesystem::path& library) {
        ASSERT_TRUE(rig_.install(library)) << rig_.refused;
        rig_.finish_swap();
    }

    /// Cycles of every size, a third of them of one frame and the largest among them.
    void cycles(int rounds, float level = 0.2F) {
        constexpr std::array<std::uint32_t, 9> kSizes{1, 7, 64, 128, 1, 441, 1, 1024, 8192};
        for (int i = 0; i < rounds; ++i) {
            for (const std::uint32_t frames : kSizes) {
                rig_.pump(sine(2, rig_.region().frame.load(), frames, 997, level),
                          {{0, {0x90, 64, 100}}, {frames / 2, {0xe0, 0, 80}}});
            }
            rig_.core().tick();
        }
    }

    /// Every way to change a parameter, and events now and later.
    void automate(std::uint32_t index, float a, float b) {
        const auto now = rig_.region().frame.load();
        rig_.set(index, a);
        rig_.set_at(now + 100, index, b);
        rig_.batch({{index, a}, {index, b}, {index, a}});
        rig_.send(0, note(JIG_EVENT_NOTE_ON, 60));
        rig_.send(now + 777, note(JIG_EVENT_NOTE_OFF, 60));
        cycles(1);
    }

    /// Everything that the monitor, the transport and the page's buttons do.
    void press_every_button() {
        auto& server = rig_.server();
        server.mute = 1;
        cycles(2);
        server.mute = 0;
        server.bypass = 1;
        cycles(2);
        server.bypass = 0;
        server.trim_gain = 0.5F;
        cycles(2);
        server.trim_gain = 1;
        server.panic_count += 1;
        server.playing = 1;
        server.locate_beat = 16;
        server.locate_count += 1;
        rig_.device().lose_frames(64);
        cycles(2);
        server.playing = 0;
    }

    void hear_every_input() {
        using link::InputKind;
        auto& server = rig_.server();
        server.input_hz = 440;
        server.file_playing = 1;
        server.file_loop = 1;
        for (const auto kind : {InputKind::sine, InputKind::noise, InputKind::impulse,
                                InputKind::file, InputKind::off, InputKind::device}) {
            server.input_kind = kind;
            cycles(2);
        }
    }

    /// A second of stereo in memory of its own, as the server hands over a file.
    void offer_clip() {
        constexpr std::uint64_t kFrames = 48000;
        UniqueFd fd(::memfd_create("clip", MFD_CLOEXEC));
        ASSERT_EQ(::ftruncate(fd.get(), kFrames * 2 * sizeof(float)), 0);
        ASSERT_TRUE(rig_.core().set_input_file({kFrames, 2}, std::move(fd)));
    }

    Rig rig_;
};

TEST_F(AudioThread, allocates_locks_waits_and_calls_the_kernel_never) {
    offer_clip();
    play(kGain);
    for (int round = 0; round < 6; ++round) {
        automate(0, -12, 6);
        press_every_button();
        hear_every_input();
        swap_to(kCrush);
        rig_.core().watch_taps(1);
        automate(0, 6, -6);
        press_every_button();
        swap_to(kSynth);
        automate(0, 1, 2);
        press_every_button();
        swap_to(test_plugin("eight"));
        cycles(2);
        swap_to(kGain);
    }
    const auto seen = watched();
    EXPECT_EQ(in_words(seen), "");
    EXPECT_GT(seen.cycles, 2000u);
    EXPECT_EQ(rig_.swaps.size(), 25u);
}

TEST_F(AudioThread, does_not_when_a_plugin_misbehaves_either) {
    play(test_plugin("nan"));
    rig_.set(0, 1);
    cycles(20);
    EXPECT_GT(rig_.region().nan_samples.load(), 0u);
    swap_to(test_plugin("unwritten"));
    cycles(20);
    EXPECT_GT(rig_.region().unwritten_samples.load(), 0u);
    swap_to(test_plugin("process_fails"));
    cycles(20);
    EXPECT_EQ(rig_.region().process_errors.load(), 1u);
    EXPECT_EQ(in_words(watched()), "");
}

TEST_F(AudioThread, does_not_when_the_output_is_too_loud_either) {
    play(kGain);
    rig_.set(0, 24);
    cycles(10, 1.0F);
    EXPECT_EQ(rig_.region().tripped.load(), 1u);
    rig_.set(0, 0);
    rig_.server().rearm_count += 1;
    cycles(10);
    EXPECT_EQ(rig_.region().tripped.load(), 0u);
    EXPECT_EQ(in_words(watched()), "");
}

TEST_F(AudioThread, does_not_while_a_plugin_logs_from_process) {
    play(JIG_LOGGER);
    rig_.set(0, 8);
    cycles(200);
    EXPECT_GT(rig_.region().log.written.load(), 8u * 1000u);
    EXPECT_EQ(in_words(watched()), "");
}

TEST_F(AudioThread, takes_no_page_fault_once_it_is_warm) {
    for (const auto& library : {kGain, kCrush, kSynth}) {
        if (library == kGain) {
            play(library);
        } else {
            swap_to(library);
        }
        rig_.core().watch_taps(1);
        cycles(2);
        const auto before = watched();
        for (int i = 0; i < 1000; ++i) {
            rig_.set(0, i % 2 == 0 ? 0.5F : 1.0F);
            rig_.send(0, note(i % 2 == 0 ? JIG_EVENT_NOTE_ON : JIG_EVENT_NOTE_OFF, 60));
            rig_.pump(128);
        }
        const auto after = watched();
        EXPECT_EQ(after.cycles - before.cycles, 1000u);
        EXPECT_EQ(after.faults - before.faults, 0u) << library;
    }
}

} // namespace
} // namespace jig::tests
