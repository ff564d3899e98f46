#include "cli/device_list.hpp"

namespace jig::cli {

namespace {

wire::Span span(const audio::alsa::Range& range) {
    return {range.least, range.most};
}

std::optional<wire::DeviceSide> listed(const std::optional<audio::alsa::CardSide>& side) {
    if (!side) {
        return std::nullopt;
    }
    return wire::DeviceSide{
        side->reason,  span(side->channels), span(side->rate_hz),       side->rates_hz,
        side->formats, side->accesses,       span(side->period_frames), span(side->periods)};
}

} // namespace

std::vector<wire::DeviceInfo> listed(const std::vector<audio::FoundDevice>& found) {
    std::vector<wire::DeviceInfo> list;
    for (const auto& device : found) {
        wire::DeviceInfo info{device.name,   device.description, device.available,
                              device.reason, device.kind,        device.address};
        if (device.pcm) {
            info.duplex = device.pcm->duplex();
            info.clock = device.pcm->one_clock ? wire::DeviceClock::one : wire::DeviceClock::card;
            info.in = listed(device.pcm->capture);
            info.out = listed(device.pcm->playback);
        }
        list.push_back(std::move(info));
    }
    return list;
}

} // namespace jig::cli
