#include "audio/alsa/owner.hpp"
#include "tests/analysis/temp_folder.hpp"

#include <gtest/gtest.h>

namespace jig::audio::alsa {
namespace {

/// A procfs of the test's own with one card, "PCH", number 1.
class OwnerTest : public testing::Test {
  protected:
    OwnerTest() {
        status("pcm0p/sub0", "closed\n");
        std::filesystem::create_directory_symlink("card1", proc / "asound/PCH");
    }

    void put(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories((proc / name).parent_path());
        std::ofstream(proc / name) << text;
    }
    void status(const std::string& subdevice, const std::string& text) const {
        put("asound/card1/" + subdevice + "/status", text);
    }
    void held(const std::string& subdevice, int by) const {
        status(subdevice, "state: RUNNING\nowner_pid   : " + std::to_string(by) +
                              "\ntrigger_time: 5.000000000\navail       : 0\n");
    }
    void process(int pid, int leader, const std::string& name) const {
        const std::string folder = std::to_string(pid);
        put(folder + "/status",
            "Name:\t" + name + "\nUmask:\t0022\nTgid:\t" + std::to_string(leader) + "\n");
        put(folder + "/comm", name + "\n");
    }
    [[nodiscard]] std::optional<Owner> owner(const PcmAddress& pcm,
                                             Direction direction = Direction::playback) const {
        return pcm_owner(pcm, direction, proc.path());
    }

    test::TempFolder proc;
    PcmAddress pch{"PCH", 0, {}};
};

TEST_F(OwnerTest, a_closed_pcm_has_none) {
    EXPECT_FALSE(owner(pch));
}

TEST_F(OwnerTest, a_card_or_a_machine_without_any_has_none) {
    EXPECT_FALSE(owner({"Gone", 0, {}}));
    EXPECT_FALSE(owner({"PCH", 7, {}}));
    EXPECT_FALSE(pcm_owner(pch, Direction::playback, proc / "nowhere"));
}

TEST_F(OwnerTest, is_the_program_that_holds_it_in_that_direction) {
    held("pcm0p/sub0", 123);
    process(123, 123, "ardour");
    status("pcm0c/sub0", "closed\n");
    ASSERT_TRUE(owner(pch));
    EXPECT_EQ(owner(pch)->pid, 123);
    EXPECT_EQ(owner(pch)->program, "ardour");
    EXPECT_FALSE(owner(pch, Direction::capture));
    EXPECT_EQ(owner({"1", 0, {}})->pid, 123) << "a card by its number";
}

TEST_F(OwnerTest, is_the_process_and_not_the_thread_that_opened_it) {
    held("pcm0p/sub0", 140);
    process(140, 123, "audio thread");
    process(123, 123, "ardour");
    EXPECT_EQ(owner(pch)->pid, 123);
    EXPECT_EQ(owner(pch)->program, "ardour");
}

TEST_F(OwnerTest, is_looked_for_in_the_subdevice_that_was_asked_for) {
    held("pcm0p/sub1", 123);
    process(123, 123, "ardour");
    EXPECT_FALSE(owner({"PCH", 0, 0}));
    EXPECT_EQ(owner({"PCH", 0, 1})->pid, 123);
    EXPECT_EQ(owner(pch)->pid, 123);
}

TEST_F(OwnerTest, keeps_its_pid_where_its_name_is_hidden) {
    held("pcm0p/sub0", 123);
    ASSERT_TRUE(owner(pch));
    EXPECT_EQ(in_use(pch, owner(pch)),
              "hw:PCH,0 is in use by pid 123; close it, or choose another device.");
}

TEST(InUse, names_the_program_and_the_remedy) {
    const PcmAddress pch{"PCH", 0, {}};
    EXPECT_EQ(in_use(pch, Owner{123, "ardour"}),
              "hw:PCH,0 is in use by ardour (pid 123); close it, or choose another device.");
    EXPECT_EQ(
        in_use(pch, Owner{5, "pipewire"}),
        "hw:PCH,0 is in use by pipewire (pid 5); play through it (--device pipewire), or make "
        "it release the card.");
    EXPECT_NE(in_use(pch, Owner{5, "jackd"}).find("--device jack"), std::string::npos);
    EXPECT_EQ(in_use(pch, std::nullopt), "hw:PCH,0 is in use by another program; close it, or "
                                         "choose another device.");
}

} // namespace
} // namespace jig::audio::alsa
