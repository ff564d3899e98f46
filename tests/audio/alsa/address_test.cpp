#include "audio/alsa/address.hpp"

#include <gtest/gtest.h>

namespace jig::audio::alsa {
namespace {

std::string read_back(const std::string& text) {
    const auto address = parse_address(text);
    return address ? address->text() : address.error();
}

TEST(AlsaAddress, of_one_card_is_its_input_and_output) {
    const auto address = parse_address("hw:PCH");
    ASSERT_TRUE(address.ok()) << address.error();
    EXPECT_EQ(address->capture, (PcmAddress{"PCH", 0, {}}));
    EXPECT_EQ(address->playback, address->capture);
    EXPECT_EQ(read_back("hw:2,3"), "hw:2,3");
    EXPECT_EQ(read_back("hw:Loopback,1,7"), "hw:Loopback,1,7");
}

TEST(AlsaAddress, may_be_written_as_alsas_own_lists_have_it) {
    EXPECT_EQ(read_back("hw:CARD=PCH,DEV=3"), "hw:PCH,3");
    EXPECT_EQ(read_back("hw:CARD=PCH,DEV=3,SUBDEV=1"), "hw:PCH,3,1");
}

TEST(AlsaAddress, of_two_cards_has_capture_first) {
    const auto address = parse_address("hw:Mic+hw:PCH,3");
    ASSERT_TRUE(address.ok()) << address.error();
    EXPECT_EQ(address->capture->card, "Mic");
    EXPECT_EQ(address->playback, (PcmAddress{"PCH", 3, {}}));
    EXPECT_EQ(address->text(), "hw:Mic,0+hw:PCH,3");
}

TEST(AlsaAddress, may_have_one_side_only) {
    EXPECT_FALSE(parse_address("none+hw:0")->capture);
    EXPECT_FALSE(parse_address("hw:0+none")->playback);
    EXPECT_EQ(read_back("none+hw:0"), "none+hw:0,0");
    EXPECT_EQ(read_back("hw:0+none"), "hw:0,0+none");
}

TEST(AlsaAddress, refuses_what_runs_free_by_its_name) {
    EXPECT_EQ(read_back("null"), "The ALSA address \"null\" runs free, at no device's pace: name a "
                                 "card (hw:…), or take --device virtual.");
    EXPECT_NE(read_back("file:out.raw").find("runs free"), std::string::npos);
    EXPECT_NE(read_back("hw:0+null").find("\"null\" runs free"), std::string::npos);
}

TEST(AlsaAddress, says_of_each_bad_form_what_is_wrong_with_it) {
    const struct {
        const char* given;
        const char* said;
    } bad[] = {
        {"", "\"\" is no hardware PCM"},
        {"default", "\"default\" is no hardware PCM"},
        {"plughw:0", "\"plughw:0\" is no hardware PCM"},
        {"hw:", "\"hw:\" names no card"},
        {"hw:../etc", "\"hw:../etc\" names no card"},
        {"hw:0,x", "has \"x\" where a number"},
        {"hw:0,", "has \"\" where a number"},
        {"hw:0,-1", "has \"-1\" where a number"},
        {"hw:0,0,0,0", "has \"0\" where a number"},
        {"hw:0,99999999999", "has \"99999999999\" where a number"},
        {"none", "\"none\" is no hardware PCM"},
        {"none+none", "has neither input nor output"},
        {"hw:0+", "\"\" is no hardware PCM"},
        {"hw:0+hw:1+hw:2", "has more than two sides"},
    };
    for (const auto& [given, said] : bad) {
        const auto address = parse_address(given);
        ASSERT_FALSE(address.ok()) << given;
        EXPECT_NE(address.error().find(said), std::string::npos) << address.error();
        EXPECT_EQ(address.error().back(), '.') << address.error();
    }
}

} // namespace
} // namespace jig::audio::alsa
