#include "duplex_rig.hpp"

#include <algorithm>
#include <sys/eventfd.h>

namespace jig::test {

using namespace audio::alsa;

DuplexRig::DuplexRig()
    : in(alsa.add("hw:Fake,0", SND_PCM_STREAM_CAPTURE)),
      out(alsa.add("hw:Fake,0", SND_PCM_STREAM_PLAYBACK)),
      stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    in.microphone = heard;
    wanted.period_frames = 64;
}

float DuplexRig::heard(std::uint64_t frame, unsigned channel) {
    const float value = static_cast<float>(frame % 480'000 + 1) / 1'048'576.0F;
    return channel == 0 ? value : -value;
}

bool DuplexRig::play(const std::string& address) {
    const auto parsed = parse_address(address);
    auto opened = open_pair(alsa, *parsed, wanted, wanted, prefill);
    if (!opened) {
        refused = opened.error();
        return false;
    }
    opened->pair.resampled = resample;
    planes.configure(wanted.period_frames);
    planes.grow(wanted.channels, wanted.channels);
    planes.open_inputs(true);
    duplex.emplace(alsa, stop.get(), std::move(opened->pair), planes, queue);
    duplex->set_callback(&DuplexRig::callback, this);
    const auto started = duplex->start();
    refused = started ? "" : started.error();
    return started.ok();
}

void DuplexRig::callback(void* self, const rt::Cycle& cycle) noexcept {
    auto& rig = *static_cast<DuplexRig*>(self);
    rig.cycles.push_back(cycle);
    for (std::uint32_t c = 0; c < std::min(cycle.in_count, cycle.out_count); ++c) {
        std::copy_n(cycle.in[c], cycle.frames, cycle.out[c]);
    }
    if (rig.on_cycle) {
        rig.on_cycle(cycle);
    }
}

DuplexRig::Turn DuplexRig::run(std::size_t count) {
    const std::size_t wanted_cycles = cycles.size() + count;
    Turn turn = Turn::ran;
    while (cycles.size() < wanted_cycles && (turn == Turn::ran || turn == Turn::waited)) {
        turn = duplex->turn();
    }
    return turn;
}

void DuplexRig::stop_soon() const {
    ::eventfd_write(stop.get(), 1);
}

std::vector<audio::DeviceEvent> DuplexRig::events() {
    std::vector<audio::DeviceEvent> events;
    queue.drain(events);
    return events;
}

std::size_t DuplexRig::xruns() {
    const auto all = events();
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const auto& event) {
        return event.kind == audio::DeviceEvent::Kind::xrun;
    }));
}

int DuplexRig::round_trip(std::size_t from) const {
    const auto& played = out.speaker.at(0);
    const auto first = std::find_if(played.begin() + static_cast<std::ptrdiff_t>(from),
                                    played.end(), [](float sample) { return sample != 0; });
    if (first == played.end()) {
        return -1;
    }
    const auto at = static_cast<std::uint64_t>(first - played.begin());
    std::uint64_t frame = 0;
    while (frame <= at && heard(frame, 0) != *first) {
        ++frame;
    }
    for (std::uint64_t i = at; i < played.size(); ++i) {
        if (frame > at || played[i] != heard(i - at + frame, 0) ||
            out.speaker[1][i] != heard(i - at + frame, 1)) {
            return -1;
        }
    }
    return static_cast<int>(at - frame);
}

} // namespace jig::test
