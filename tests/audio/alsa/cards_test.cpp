#include "audio/alsa/cards.hpp"
#include "tests/audio/alsa/some_cards.hpp"

#include <gtest/gtest.h>

namespace jig::audio::alsa {
namespace {

using test::duplex_pcm;
using test::held_side;
using test::playback_pcm;

/// What an address becomes on these cards, or why not.
std::string on(const Cards& cards, const std::string& address) {
    const auto found = find_on(cards, *parse_address(address));
    return found ? found->text() : found.error();
}

TEST(CardPcm, takes_what_lies_in_its_ranges_and_says_what_does_not) {
    const CardPcm pcm = duplex_pcm("PCH");
    EXPECT_EQ(pcm.refusal(48000, 128), "");
    EXPECT_EQ(pcm.refusal(44100, 32), "");
    EXPECT_EQ(pcm.refusal(96000, 4096), "");
    EXPECT_EQ(pcm.refusal(192000, 128), "hw:PCH,0 does not run at 192000 Hz.");
    EXPECT_EQ(pcm.refusal(48000, 16), "hw:PCH,0 has no periods of 16 frames.");
}

TEST(CardPcm, that_is_held_says_by_whom) {
    CardPcm pcm = duplex_pcm("PCH");
    pcm.capture = held_side("hw:PCH,0 is in use by ardour (pid 5); close it.");
    EXPECT_EQ(pcm.refusal(48000, 128), "hw:PCH,0 is in use by ardour (pid 5); close it.");
    EXPECT_TRUE(pcm.duplex());
}

TEST(CardPcm, is_duplex_only_when_both_sides_can_be_open_at_once) {
    CardPcm half = duplex_pcm("Half");
    half.together = false;
    EXPECT_FALSE(half.duplex());
    EXPECT_EQ(half.refusal(48000, 128), "hw:Half,0 cannot have input and output at once.");
    EXPECT_FALSE(playback_pcm("HDMI").duplex());
    EXPECT_EQ(playback_pcm("HDMI").whole().text(), "none+hw:HDMI,0");
    EXPECT_EQ(duplex_pcm("PCH").whole().text(), "hw:PCH,0");
}

TEST(FindOnCards, turns_an_index_into_the_id_that_survives_a_replug) {
    const Cards cards{{duplex_pcm("PCH", 0), duplex_pcm("USB", 3)}, ""};
    EXPECT_EQ(on(cards, "hw:3"), "hw:USB,0");
    EXPECT_EQ(on(cards, "hw:PCH"), "hw:PCH,0");
    EXPECT_EQ(on(cards, "hw:3+hw:0"), "hw:USB,0+hw:PCH,0");
    EXPECT_EQ(on(cards, "none+hw:3"), "none+hw:USB,0");
}

TEST(FindOnCards, says_what_is_not_there) {
    const Cards cards{{duplex_pcm("PCH"), playback_pcm("HDMI", 1)}, ""};
    EXPECT_EQ(on(cards, "hw:7"), "There is no hw:7,0; `dev-server devices` lists what there is.");
    EXPECT_EQ(on(cards, "hw:PCH,4"),
              "There is no hw:PCH,4; `dev-server devices` lists what there is.");
    EXPECT_EQ(on(cards, "hw:HDMI"),
              "hw:HDMI,0 has no input; none+hw:HDMI,0 is what it can be used as.");
    EXPECT_EQ(on(cards, "none+hw:HDMI"), "none+hw:HDMI,0");
    EXPECT_EQ(on({{}, "There is no sound card."}, "hw:0"), "There is no sound card.");
}

TEST(FindOnCards, gives_the_owners_name_for_what_is_held) {
    Cards cards{{duplex_pcm("PCH")}, ""};
    cards.pcms[0].playback = held_side("hw:PCH,0 is in use by ardour (pid 5); close it.");
    EXPECT_EQ(on(cards, "hw:PCH"), "hw:PCH,0 is in use by ardour (pid 5); close it.");
    EXPECT_EQ(on(cards, "hw:PCH+none"), "hw:PCH,0+none");
    EXPECT_EQ(on(cards, "none+hw:PCH,0,1"), "none+hw:PCH,0,1") << "another subdevice may be free";
}

TEST(ListCards, says_why_there_is_none) {
    const Cards cards = list_cards();
    EXPECT_EQ(cards.pcms.empty(), !cards.reason.empty()) << cards.reason;
}

} // namespace
} // namespace jig::audio::alsa
