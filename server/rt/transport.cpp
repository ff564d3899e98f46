#include "rt/transport.hpp"

#include <cmath>

namespace jig::rt {

jig_transport later(const jig_transport& transport, double seconds) {
    jig_transport moved = transport;
    if (transport.playing == 0) {
        return moved;
    }
    moved.seconds += seconds;
    moved.beat += seconds * transport.bpm / 60.0;
    if ((transport.valid & JIG_TRANSPORT_BARS) != 0) {
        const double length = 4.0 * transport.signature_num / transport.signature_den;
        const double bars = std::floor((moved.beat - moved.bar_start) / length);
        moved.bar_start += bars * length;
        moved.bar += static_cast<std::int32_t>(bars);
    }
    return moved;
}

const jig_transport& Transport::read(const DeviceTransport& device, std::uint32_t offset,
                                     std::uint32_t frames, double rate_hz) {
    now_.struct_size = sizeof now_;
    if (device.valid) {
        follow(device, device.playing ? offset / rate_hz : 0.0);
    } else {
        run();
        if (now_.playing != 0) {
            beat_ += frames / rate_hz * now_.bpm / 60.0;
            seconds_ += frames / rate_hz;
        }
    }
    engine_.transport_external.store(device.valid ? 1 : 0, std::memory_order_relaxed);
    engine_.transport_playing.store(now_.playing, std::memory_order_relaxed);
    engine_.transport_bpm.store(now_.bpm, std::memory_order_relaxed);
    engine_.transport_beat.store(now_.beat, std::memory_order_relaxed);
    return now_;
}

/// JACK gives play/stop and seconds always; tempo and beats only if somebody is timebase master.
void Transport::follow(const DeviceTransport& device, double offset_seconds) {
    const double own_bpm = server_.bpm.load(std::memory_order_relaxed);
    now_.valid = JIG_TRANSPORT_SECONDS | JIG_TRANSPORT_TEMPO | JIG_TRANSPORT_BEATS;
    now_.playing = device.playing ? 1 : 0;
    now_.seconds = device.seconds + offset_seconds;
    now_.bpm = device.has_bbt ? device.bpm : own_bpm;
    now_.beat = device.has_bbt ? device.beat + offset_seconds * now_.bpm / 60.0
                               : now_.seconds * now_.bpm / 60.0;
    if (device.has_bbt) {
        now_.valid |= JIG_TRANSPORT_SIGNATURE;
        now_.signature_num = device.signature_num;
        now_.signature_den = device.signature_den;
    }
    beat_ = now_.beat;
    seconds_ = now_.seconds;
}

void Transport::run() {
    const auto locates = server_.locate_count.load(std::memory_order_acquire); // partner: session
    now_.bpm = server_.bpm.load(std::memory_order_relaxed);
    if (locates != locates_) {
        locates_ = locates;
        beat_ = server_.locate_beat.load(std::memory_order_relaxed);
        seconds_ = beat_ * 60.0 / now_.bpm;
    }
    now_.valid = JIG_TRANSPORT_TEMPO | JIG_TRANSPORT_BEATS | JIG_TRANSPORT_BARS |
                 JIG_TRANSPORT_SECONDS | JIG_TRANSPORT_SIGNATURE;
    now_.playing = server_.playing.load(std::memory_order_relaxed) != 0 ? 1 : 0;
    now_.beat = beat_;
    now_.seconds = seconds_;
    now_.signature_num = 4;
    now_.signature_den = 4;
    now_.bar = static_cast<std::int32_t>(std::floor(beat_ / 4.0));
    now_.bar_start = 4.0 * now_.bar;
}

} // namespace jig::rt
