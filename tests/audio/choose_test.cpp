#include "audio/probe.hpp"
#include "tests/audio/alsa/some_cards.hpp"

#include <gtest/gtest.h>

namespace jig::audio {
namespace {

using test::duplex_pcm;
using test::held_side;
using test::playback_pcm;

FoundDevice running(const char* kind, const char* name, const char* library_path = "") {
    FoundDevice device;
    device.kind = kind;
    device.name = name;
    device.description = "48000 Hz, 256 frames";
    device.available = true;
    device.library_path = library_path;
    return device;
}

FoundDevice absent(const char* kind, const char* reason) {
    FoundDevice device;
    device.kind = kind;
    device.reason = reason;
    return device;
}

FoundDevice held(const char* card) {
    alsa::CardPcm pcm = duplex_pcm(card);
    pcm.playback =
        held_side("hw:" + std::string(card) + ",0 is in use by ardour (pid 5); close it.");
    return found_pcm(pcm);
}

const FoundDevice kJackd = running("jack", "JACK 1.9.21 (server default)");
const FoundDevice kPipewire = running("pipewire", "PipeWire 0.3.65 (JACK)", "/lib/pw");
const FoundDevice kNoJackd = absent("jack", "No JACK server.");
const FoundDevice kNoPipewire = absent("pipewire", "No PipeWire.");
const FoundDevice kNoCard = absent("alsa", "There is no sound card.");
const FoundDevice kCard = found_pcm(duplex_pcm("PCH"));
const FoundDevice kVirtual = running("virtual", "Virtual device");

/// "kind address" of what is chosen, or why nothing is.
std::string chosen(const std::string& requested, const std::vector<FoundDevice>& found,
                   const WantedStream& wanted = {}) {
    const auto choice = choose_device(requested, found, wanted);
    return choice ? choice->kind + " " + choice->address : choice.error();
}

TEST(ChooseDevice, takes_a_running_jackd_first) {
    const auto choice = choose_device("auto", {kJackd, kPipewire, kCard, kVirtual});
    ASSERT_TRUE(choice.ok());
    EXPECT_EQ(choice->kind, "jack");
    EXPECT_EQ(choice->library_path, "");
    EXPECT_EQ(choice->why, "Taken because it is running.");
}

TEST(ChooseDevice, takes_pipewire_with_its_own_library) {
    const auto choice = choose_device("auto", {kNoJackd, kPipewire, kCard, kVirtual});
    ASSERT_TRUE(choice.ok());
    EXPECT_EQ(choice->kind, "jack");
    EXPECT_EQ(choice->library_path, "/lib/pw");
    EXPECT_EQ(choose_device("jack", {kNoJackd, kPipewire, kVirtual})->library_path, "/lib/pw");
    EXPECT_EQ(choose_device("pipewire", {kJackd, kPipewire, kVirtual})->library_path, "/lib/pw");
}

TEST(ChooseDevice, takes_a_free_duplex_card_where_no_server_runs) {
    const auto choice = choose_device("auto", {kNoJackd, kNoPipewire, kCard, kVirtual});
    ASSERT_TRUE(choice.ok());
    EXPECT_EQ(choice->kind, "alsa");
    EXPECT_EQ(choice->address, "hw:PCH,0");
    EXPECT_EQ(choice->why, "The first free card with input and output, because no audio server is "
                           "running.");
}

TEST(ChooseDevice, passes_over_cards_that_are_held_one_sided_or_unfit) {
    const FoundDevice hdmi = found_pcm(playback_pcm("HDMI"));
    EXPECT_EQ(chosen("auto", {kNoJackd, held("PCH"), hdmi, found_pcm(duplex_pcm("USB")), kVirtual}),
              "alsa hw:USB,0");
    EXPECT_EQ(chosen("auto", {kNoJackd, kCard, kVirtual}, {192000, 128}), "virtual ");
    EXPECT_EQ(chosen("auto", {kNoJackd, kCard, kVirtual}, {48000, 16}), "virtual ");
}

TEST(ChooseDevice, falls_back_to_the_virtual_device_and_says_why) {
    const auto bare = choose_device("auto", {kNoJackd, kNoPipewire, kNoCard, kVirtual});
    ASSERT_TRUE(bare.ok());
    EXPECT_EQ(bare->kind, "virtual");
    EXPECT_EQ(bare->why, "The virtual device, because nothing else can be had: No JACK server. "
                         "No PipeWire. There is no sound card.");
    const auto busy = choose_device("auto", {kNoJackd, held("PCH"), kVirtual});
    EXPECT_EQ(busy->why, "The virtual device, because nothing else can be had: No JACK server. "
                         "hw:PCH,0 is in use by ardour (pid 5); close it.");
}

TEST(ChooseDevice, takes_what_was_asked_for_or_nothing) {
    EXPECT_EQ(chosen("virtual", {kJackd, kPipewire, kVirtual}), "virtual ");
    EXPECT_EQ(chosen("jack", {kNoJackd, kNoPipewire, kCard, kVirtual}),
              "The device \"jack\" is not available: No JACK server. No PipeWire.");
    EXPECT_EQ(chosen("cello", {kJackd, kPipewire, kVirtual}),
              "There is no device \"cello\"; choose auto, jack, pipewire, alsa, alsa:ADDRESS or "
              "virtual.");
}

TEST(ChooseDevice, alsa_is_the_first_free_duplex_card_else_an_output) {
    const FoundDevice hdmi = found_pcm(playback_pcm("HDMI"));
    EXPECT_EQ(chosen("alsa", {kJackd, hdmi, kCard, kVirtual}), "alsa hw:PCH,0");
    EXPECT_EQ(chosen("alsa", {kJackd, held("PCH"), hdmi, kVirtual}), "alsa none+hw:HDMI,0");
    EXPECT_EQ(chosen("alsa", {kJackd, held("PCH"), kVirtual}),
              "No sound card can be used: hw:PCH,0 is in use by ardour (pid 5); close it.");
    EXPECT_EQ(chosen("alsa", {kJackd, kNoCard, kVirtual}),
              "No sound card can be used: There is no sound card.");
}

TEST(ChooseDevice, an_address_is_taken_by_the_cards_id) {
    EXPECT_EQ(chosen("alsa:hw:0", {kJackd, kCard, kVirtual}), "alsa hw:PCH,0");
    EXPECT_EQ(chosen("alsa:none+hw:PCH", {kCard}), "alsa none+hw:PCH,0");
    EXPECT_EQ(chosen("alsa:hw:USB", {kCard}),
              "There is no hw:USB,0; `dev-server devices` lists what there is.");
    EXPECT_EQ(chosen("alsa:hw:0", {kNoCard}), "There is no sound card.");
    EXPECT_EQ(chosen("alsa:hw:PCH", {held("PCH")}),
              "hw:PCH,0 is in use by ardour (pid 5); close it.");
}

TEST(CheckDevice, knows_every_form_before_anything_is_asked) {
    for (const char* good : {"auto", "jack", "pipewire", "alsa", "virtual", "alsa:hw:0",
                             "alsa:hw:PCH,3", "alsa:hw:0+hw:1", "alsa:none+hw:0"}) {
        EXPECT_FALSE(check_device(good)) << good;
    }
    for (const char* bad :
         {"", "Alsa", "hw:0", "alsa:", "alsa:default", "alsa:null", "alsa:none"}) {
        EXPECT_TRUE(check_device(bad)) << bad;
    }
}

TEST(FoundPcm, is_available_when_all_that_it_has_is_free) {
    EXPECT_TRUE(kCard.available);
    EXPECT_EQ(kCard.name, "Card PCH, Analog");
    EXPECT_FALSE(held("PCH").available);
    EXPECT_EQ(held("PCH").reason, "hw:PCH,0 is in use by ardour (pid 5); close it.");
    EXPECT_EQ(found_pcm(playback_pcm("HDMI")).description, "output only");
    alsa::CardPcm shared = duplex_pcm("PCH");
    shared.one_clock = true;
    EXPECT_EQ(found_pcm(shared).description, "input and output on one clock");
}

} // namespace
} // namespace jig::audio
