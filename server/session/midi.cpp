#include "session/midi.hpp"

#include <algorithm>
#include <cmath>

namespace jig::session {

namespace {

jig_event note(jig_event_type type, int channel, int key, float velocity) {
    jig_event event{};
    event.type = type;
    event.u.note.voice = JIG_ANY;
    event.u.note.channel = static_cast<std::int16_t>(channel);
    event.u.note.key = static_cast<std::int16_t>(key);
    event.u.note.velocity = velocity;
    event.u.note.expression = 1;
    return event;
}

jig_event midi(int status, int channel, int first, int second) {
    jig_event event{};
    event.type = JIG_EVENT_MIDI;
    event.u.midi[0] = static_cast<std::uint8_t>(status | channel);
    event.u.midi[1] = static_cast<std::uint8_t>(first);
    event.u.midi[2] = static_cast<std::uint8_t>(second);
    return event;
}

struct ToEvent {
    int channel;

    jig_event operator()(const wire::MidiNoteOn& on) const {
        return note(JIG_EVENT_NOTE_ON, channel, on.key, on.velocity);
    }
    jig_event operator()(const wire::MidiNoteOff& off) const {
        return note(JIG_EVENT_NOTE_OFF, channel, off.key, off.velocity);
    }
    jig_event operator()(const wire::MidiController& cc) const {
        return midi(0xb0, channel, cc.controller, cc.value);
    }
    jig_event operator()(const wire::MidiBend& bend) const {
        const auto value = std::clamp(static_cast<int>(std::lround(bend.value * 8192.0F)) + 8192, 0,
                                      16383); // 14 bits, low seven first (MIDI 1.0)
        return midi(0xe0, channel, value & 0x7f, value >> 7);
    }
    jig_event operator()(const wire::MidiAllOff&) const {
        auto event = note(JIG_EVENT_NOTE_OFF, JIG_ANY, JIG_ANY, 0);
        return event;
    }
};

} // namespace

std::vector<link::RingEvent> ring_events(const wire::MidiSend& request) {
    std::vector<link::RingEvent> events;
    for (const auto& item : request.events) {
        link::RingEvent event{};
        event.frame = item.frame.value_or(0);
        event.event = std::visit(ToEvent{item.channel}, item.what);
        events.push_back(event);
    }
    return events;
}

} // namespace jig::session
