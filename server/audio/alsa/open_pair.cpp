#include "audio/alsa/open_pair.hpp"

#include "audio/alsa/owner.hpp"

#include <cstring>

namespace jig::audio::alsa {

namespace {

struct Opened {
    Pcm pcm;
    Identity identity;
};

bool is_missing(int fault) {
    return fault == -ENOENT || fault == -ENODEV || fault == -ENXIO;
}

std::string why_not(int fault, const PcmAddress& address, Direction direction) {
    const std::string name = address.text();
    switch (-fault) {
    case EBUSY:
        return in_use(address, pcm_owner(address, direction));
    case EACCES:
    case EPERM:
        return name +
               " may not be opened by this user; add it to the group audio and log in again.";
    case ENOENT:
    case ENODEV:
    case ENXIO:
        return "There is no " +
               std::string(direction == Direction::capture ? "capture" : "playback") + " device " +
               name + "; `dev-server devices` lists those that are there.";
    default:
        return name + " cannot be opened: " + snd_strerror(fault) +
               "; `dev-server devices` lists what there is.";
    }
}

/// The open PCM, or alsa-lib's code.
int open(Api& api, const PcmAddress& address, Direction direction, Opened& opened) {
    const auto way =
        direction == Direction::capture ? SND_PCM_STREAM_CAPTURE : SND_PCM_STREAM_PLAYBACK;
    snd_pcm_t* handle = nullptr;
    if (const int fault = api.open(&handle, address.text().c_str(), way); fault < 0) {
        return fault;
    }
    opened.pcm = Pcm(api, handle, way, address.text());
    return api.identify(handle, opened.identity);
}

/// By the card's id, which survives its unplugging.
PcmAddress lasting(const PcmAddress& address, const Identity& identity) {
    PcmAddress kept = address;
    if (!identity.card_id.empty()) {
        kept.card = identity.card_id;
    }
    return kept;
}

bool says_shared_clock(const Identity& a, const Identity& b) {
    return a.card == b.card && std::memcmp(&a.sync, &b.sync, sizeof a.sync) == 0;
}

Result<Stream> set_up(Opened opened, const Wanted& wanted, std::uint32_t prefill_periods) {
    const Result<Setup> setup = negotiate(opened.pcm, wanted);
    if (!setup) {
        return Error{setup.error()};
    }
    if (const auto done = install_thresholds(opened.pcm, *setup, prefill_periods); !done) {
        return Error{done.error()};
    }
    return Stream(std::move(opened.pcm), *setup);
}

} // namespace

Result<OpenedPair> open_pair(Api& api, const DuplexAddress& address, const Wanted& capture,
                             const Wanted& playback, std::uint32_t prefill_periods) {
    OpenedPair result;
    result.pair.prefill_periods = prefill_periods;
    // A card named once may lack one direction; named for it, it must have it.
    const bool same = address.capture == address.playback;
    std::optional<Opened> in;
    std::optional<Opened> out;
    int missing = 0;
    const auto take = [&](const std::optional<PcmAddress>& wanted, Direction direction,
                          std::optional<Opened>& opened) -> std::optional<Error> {
        if (!wanted) {
            return {};
        }
        opened.emplace();
        const int fault = open(api, *wanted, direction, *opened);
        if (fault < 0) {
            opened.reset();
            ++missing;
            if (!(same && is_missing(fault) && missing == 1)) {
                return Error{why_not(fault, *wanted, direction)};
            }
        }
        return {};
    };
    if (const auto fault = take(address.playback, Direction::playback, out)) {
        return *fault;
    }
    if (const auto fault = take(address.capture, Direction::capture, in)) {
        return *fault;
    }
    if (in) {
        result.capture = in->identity;
        result.address.capture = lasting(*address.capture, in->identity);
        Result<Stream> stream = set_up(std::move(*in), capture, prefill_periods);
        if (!stream) {
            return Error{stream.error()};
        }
        result.pair.capture.emplace(std::move(*stream));
    }
    if (out) {
        result.playback = out->identity;
        result.address.playback = lasting(*address.playback, out->identity);
        Result<Stream> stream = set_up(std::move(*out), playback, prefill_periods);
        if (!stream) {
            return Error{stream.error()};
        }
        result.pair.playback.emplace(std::move(*stream));
    }
    if (in && out) {
        // Linked says nothing of clocks: the kernel joins any two streams that are set up.
        result.pair.linked =
            api.link(result.pair.capture->pcm().get(), result.pair.playback->pcm().get()) >= 0;
        result.pair.clock_shared = says_shared_clock(*result.capture, *result.playback);
    }
    return result;
}

} // namespace jig::audio::alsa
