// What alsa-lib and the kernel say of every card, read without waiting.
#include "audio/alsa/cards.hpp"
#include "audio/alsa/owner.hpp"

#include <algorithm>
#include <alsa/asoundlib.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

namespace jig::audio::alsa {

namespace {

struct Closer {
    void operator()(snd_pcm_t* pcm) const { snd_pcm_close(pcm); }
    void operator()(snd_ctl_t* card) const { snd_ctl_close(card); }
};
using Pcm = std::unique_ptr<snd_pcm_t, Closer>;
using Ctl = std::unique_ptr<snd_ctl_t, Closer>;

/// What cannot be had, the list says itself.
void no_words(const char* /*file*/, int /*line*/, const char* /*function*/, int /*fault*/,
              const char* /*format*/, ...) {}

std::vector<unsigned> usual_rates(snd_pcm_t* pcm, snd_pcm_hw_params_t* space) {
    std::vector<unsigned> rates;
    for (const unsigned rate : {16000U, 22050U, 32000U, 44100U, 48000U, 88200U, 96000U, 176400U,
                                192000U, 352800U, 384000U}) {
        if (snd_pcm_hw_params_test_rate(pcm, space, rate, 0) == 0) {
            rates.push_back(rate);
        }
    }
    return rates;
}

std::vector<std::string> formats_of(snd_pcm_t* pcm, snd_pcm_hw_params_t* space) {
    std::vector<std::string> names;
    for (int format = 0; format <= SND_PCM_FORMAT_LAST; ++format) {
        const auto one = static_cast<snd_pcm_format_t>(format);
        if (snd_pcm_hw_params_test_format(pcm, space, one) == 0) {
            names.emplace_back(snd_pcm_format_name(one));
        }
    }
    return names;
}

std::vector<std::string> accesses_of(snd_pcm_t* pcm, snd_pcm_hw_params_t* space) {
    std::vector<std::string> names;
    for (const auto access : {SND_PCM_ACCESS_MMAP_NONINTERLEAVED, SND_PCM_ACCESS_MMAP_INTERLEAVED,
                              SND_PCM_ACCESS_RW_INTERLEAVED, SND_PCM_ACCESS_RW_NONINTERLEAVED}) {
        if (snd_pcm_hw_params_test_access(pcm, space, access) == 0) {
            names.emplace_back(snd_pcm_access_name(access));
        }
    }
    return names;
}

void read_periods(snd_pcm_t* pcm, snd_pcm_hw_params_t* space, CardSide& side) {
    unsigned rate = 48000;
    unsigned channels = 2;
    snd_pcm_hw_params_set_rate_near(pcm, space, &rate, nullptr);
    snd_pcm_hw_params_set_channels_near(pcm, space, &channels);
    snd_pcm_uframes_t least = 0;
    snd_pcm_uframes_t most = 0;
    snd_pcm_hw_params_get_period_size_min(space, &least, nullptr);
    snd_pcm_hw_params_get_period_size_max(space, &most, nullptr);
    side.period_frames = {static_cast<unsigned>(least), static_cast<unsigned>(most)};
    snd_pcm_hw_params_get_periods_min(space, &side.periods.least, nullptr);
    snd_pcm_hw_params_get_periods_max(space, &side.periods.most, nullptr);
}

void read_abilities(snd_pcm_t* pcm, CardSide& side) {
    snd_pcm_hw_params_t* space = nullptr;
    snd_pcm_hw_params_alloca(&space);
    if (const int fault = snd_pcm_hw_params_any(pcm, space); fault < 0) {
        side.reason = std::string("Its driver offers no configuration: ") + snd_strerror(fault) +
                      "; try another PCM of the card.";
        return;
    }
    snd_pcm_hw_params_get_channels_min(space, &side.channels.least);
    snd_pcm_hw_params_get_channels_max(space, &side.channels.most);
    snd_pcm_hw_params_get_rate_min(space, &side.rate_hz.least, nullptr);
    snd_pcm_hw_params_get_rate_max(space, &side.rate_hz.most, nullptr);
    side.rates_hz = usual_rates(pcm, space);
    side.formats = formats_of(pcm, space);
    side.accesses = accesses_of(pcm, space);
    read_periods(pcm, space, side);
}

std::string why_not(int fault, const PcmAddress& address, Direction direction) {
    if (fault == -EBUSY) {
        return in_use(address, pcm_owner(address, direction));
    }
    if (fault == -EACCES || fault == -EPERM) {
        return address.text() + " may not be opened: add this user to the group audio.";
    }
    return address.text() + " cannot be opened: " + snd_strerror(fault) + ".";
}

snd_pcm_stream_t stream_of(Direction direction) {
    return direction == Direction::capture ? SND_PCM_STREAM_CAPTURE : SND_PCM_STREAM_PLAYBACK;
}

int open(Pcm& pcm, const PcmAddress& address, Direction direction) {
    snd_pcm_t* opened = nullptr;
    const int fault =
        snd_pcm_open(&opened, address.text().c_str(), stream_of(direction), SND_PCM_NONBLOCK);
    pcm.reset(fault < 0 ? nullptr : opened);
    return fault;
}

CardSide read_side(Pcm& pcm, int fault, const PcmAddress& address, Direction direction) {
    CardSide side;
    if (pcm) {
        read_abilities(pcm.get(), side);
    } else {
        side.reason = why_not(fault, address, direction);
    }
    return side;
}

using SyncId = std::array<unsigned char, sizeof(snd_pcm_sync_id_t)>;

SyncId sync_id(snd_pcm_t* pcm) {
    SyncId bytes{};
    snd_pcm_info_t* info = nullptr;
    snd_pcm_info_alloca(&info);
    if (snd_pcm_info(pcm, info) == 0) {
        const snd_pcm_sync_id_t id = snd_pcm_info_get_sync(info);
        std::memcpy(bytes.data(), &id, bytes.size());
    }
    return bytes;
}

bool can_sync_start(snd_pcm_t* pcm) {
    snd_pcm_hw_params_t* space = nullptr;
    snd_pcm_hw_params_alloca(&space);
    return snd_pcm_hw_params_any(pcm, space) >= 0 && snd_pcm_hw_params_can_sync_start(space) == 1;
}

/// A driver says so by equal ids of the clock, which many kernels leave empty, or by a start of
/// both in hardware.
bool share_clock(snd_pcm_t* one, snd_pcm_t* other) {
    const SyncId id = sync_id(one);
    const bool said = id != SyncId{} && id == sync_id(other);
    return said || (can_sync_start(one) && can_sync_start(other));
}

/// The directions that the PCM has, as the card's control device tells them.
void read_sides(CardPcm& pcm, bool has_capture, bool has_playback) {
    Pcm in;
    Pcm out;
    if (has_capture) {
        const int fault = open(in, pcm.address, Direction::capture);
        pcm.capture = read_side(in, fault, pcm.address, Direction::capture);
    }
    if (has_playback) {
        int fault = open(out, pcm.address, Direction::playback);
        pcm.together = has_capture;
        if (in && !out) { // is it another program, or our own input, that is in the way?
            in.reset();
            fault = open(out, pcm.address, Direction::playback);
            pcm.together = !out;
        }
        pcm.playback = read_side(out, fault, pcm.address, Direction::playback);
    }
    pcm.one_clock = in && out && share_clock(in.get(), out.get());
}

void read_card(unsigned index, Cards& cards) {
    const std::string name = "hw:" + std::to_string(index);
    snd_ctl_t* opened = nullptr;
    if (snd_ctl_open(&opened, name.c_str(), SND_CTL_NONBLOCK) < 0) {
        return; // it was pulled out meanwhile
    }
    const Ctl card(opened);
    snd_ctl_card_info_t* info = nullptr;
    snd_ctl_card_info_alloca(&info);
    snd_pcm_info_t* pcm_info = nullptr;
    snd_pcm_info_alloca(&pcm_info);
    if (snd_ctl_card_info(card.get(), info) < 0) {
        return;
    }
    const std::string driver = snd_ctl_card_info_get_driver(info);
    const auto has = [&](int device, Direction direction) {
        snd_pcm_info_set_device(pcm_info, static_cast<unsigned>(device));
        snd_pcm_info_set_subdevice(pcm_info, 0);
        snd_pcm_info_set_stream(pcm_info, stream_of(direction));
        return snd_ctl_pcm_info(card.get(), pcm_info) == 0;
    };
    int device = -1;
    while (snd_ctl_pcm_next_device(card.get(), &device) == 0 && device >= 0) {
        CardPcm pcm;
        pcm.address = {snd_ctl_card_info_get_id(info), static_cast<unsigned>(device), {}};
        pcm.card_index = index;
        pcm.card_name = snd_ctl_card_info_get_name(info);
        pcm.simulated = driver == "Loopback" || driver == "Dummy";
        const bool capture = has(device, Direction::capture);
        const bool playback = has(device, Direction::playback); // last: its name is what is shown
        pcm.pcm_name = snd_pcm_info_get_name(pcm_info);
        read_sides(pcm, capture, playback);
        cards.pcms.push_back(std::move(pcm));
    }
}

std::string why_none() {
    // Without permission alsa-lib sees no card at all.
    std::error_code fault;
    for (const auto& entry : std::filesystem::directory_iterator("/dev/snd", fault)) {
        if (entry.path().filename().string().rfind("controlC", 0) == 0) {
            return "There are sound cards, but this user may not open them: add it to the group "
                   "audio.";
        }
    }
    return "There is no sound card.";
}

} // namespace

Cards list_cards() {
    snd_lib_error_set_handler(no_words);
    Cards cards;
    int index = -1;
    while (snd_card_next(&index) == 0 && index >= 0) {
        read_card(static_cast<unsigned>(index), cards);
    }
    std::stable_partition(cards.pcms.begin(), cards.pcms.end(),
                          [](const CardPcm& pcm) { return !pcm.simulated; });
    if (cards.pcms.empty()) {
        cards.reason = why_none();
    }
    return cards;
}

} // namespace jig::audio::alsa
