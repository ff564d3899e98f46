#include "audio/jack_transport.hpp"

#include <cmath>
#include <cstdint>

namespace jig::audio {

namespace {

/// In beats of the signature's denominator.
double beats_since_start(const jack_position_t& position) {
    const double in_bar = position.beat - 1 + position.tick / position.ticks_per_beat;
    // The tick of the bar is right across changes of the signature, where a timebase master gives
    // it.
    const double before_bar = position.bar_start_tick > 0
                                  ? position.bar_start_tick / position.ticks_per_beat
                                  : (position.bar - 1) * double{position.beats_per_bar};
    return before_bar + in_bar;
}

std::uint16_t signature_part(float value) {
    return value >= 1 && value <= 1024 ? static_cast<std::uint16_t>(std::lround(value)) : 4;
}

bool plausible(const jack_position_t& position) {
    return (position.valid & JackPositionBBT) != 0 && position.ticks_per_beat > 0 &&
           position.beats_per_minute > 0 && position.beats_per_bar >= 1 && position.beat_type >= 1;
}

} // namespace

rt::DeviceTransport to_transport(jack_transport_state_t state,
                                 const jack_position_t& position) noexcept {
    rt::DeviceTransport transport;
    transport.playing = state == JackTransportRolling;
    if (position.frame_rate > 0) {
        transport.seconds = static_cast<double>(position.frame) / position.frame_rate;
    }
    if (!plausible(position)) {
        return transport;
    }
    transport.has_bbt = true;
    const double quarters_per_beat = 4.0 / double{position.beat_type};
    transport.bpm = position.beats_per_minute * quarters_per_beat;
    transport.beat = beats_since_start(position) * quarters_per_beat;
    if ((position.valid & JackBBTFrameOffset) != 0 && position.frame_rate > 0) {
        // The figures belong to a frame that lies this far before the cycle.
        transport.beat += position.bbt_offset * transport.bpm / 60.0 / position.frame_rate;
    }
    transport.signature_num = signature_part(position.beats_per_bar);
    transport.signature_den = signature_part(position.beat_type);
    return transport;
}

rt::DeviceTransport JackTransport::query(const jack_client_t* client) noexcept {
    jack_position_t position{};
    const jack_transport_state_t state = jack_transport_query(client, &position);
    rt::DeviceTransport transport = to_transport(state, position);
    used_ = used_ || transport.playing || transport.has_bbt || position.frame != 0;
    transport.valid = used_;
    return transport;
}

} // namespace jig::audio
