#include "rt/events.hpp"

#include "link/slots.hpp"

#include <algorithm>

namespace jig::rt {

namespace {

/// A MIDI 1.0 message as an event: notes as notes, the rest as it came.
jig_event from_midi(const MidiMessage& message) {
    jig_event event{};
    const std::uint8_t status = message.bytes[0] & 0xf0u;
    const auto key = static_cast<std::int16_t>(message.size > 1 ? message.bytes[1] & 0x7f : 0);
    const std::uint8_t value = message.size > 2 ? message.bytes[2] & 0x7f : 0;
    if (message.size == 3 && (status == 0x80 || status == 0x90)) {
        const bool on = status == 0x90 && value > 0; // velocity 0 is an off (MIDI 1.0, table II)
        event.type = on ? JIG_EVENT_NOTE_ON : JIG_EVENT_NOTE_OFF;
        event.u.note.voice = JIG_ANY;
        event.u.note.channel = static_cast<std::int16_t>(message.bytes[0] & 0x0f);
        event.u.note.key = key;
        event.u.note.velocity = static_cast<float>(value) / 127.0F;
        event.u.note.expression = 1.0F;
    } else if (message.size > 3 || message.bytes[0] >= 0xf0) {
        event.type = JIG_EVENT_SYSEX;
        event.u.sysex.bytes = message.bytes;
        event.u.sysex.size = message.size;
    } else {
        event.type = JIG_EVENT_MIDI;
        for (std::uint32_t i = 0; i < message.size; ++i) {
            event.u.midi[i] = message.bytes[i];
        }
    }
    return event;
}

void count(std::atomic<std::uint64_t>& counter) {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

} // namespace

void Events::restart() {
    reader_.done(reader_.end());
    waiting_count_ = 0;
    due_count_ = 0;
}

void Events::gather(std::uint64_t frame, std::uint32_t frames, const MidiMessage* midi,
                    std::uint32_t midi_count, Params& params) {
    due_count_ = 0;
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < waiting_count_; ++i) {
        if (waiting_[i].frame < frame + frames) {
            take(waiting_[i], frame, frames, params);
        } else {
            waiting_[kept++] = waiting_[i];
        }
    }
    waiting_count_ = kept;

    const auto end = reader_.end();
    const auto begin = end - reader_.begin() > kCapacity ? end - kCapacity : reader_.begin();
    for (auto place = begin; place != end; ++place) {
        take(reader_.at(place), frame, frames, params);
    }
    reader_.done(end);

    for (std::uint32_t i = 0; i < midi_count; ++i) {
        if (midi[i].size > 0) {
            add_midi(midi[i]);
        }
    }
    std::sort(due_, due_ + due_count_, [](const DueEvent& a, const DueEvent& b) {
        return a.offset != b.offset ? a.offset < b.offset : a.order < b.order;
    });
    for (const DueEvent& due : *this) {
        if (due.event.type != JIG_EVENT_PARAM) {
            journal(frame + due.offset, due.event, due.slot);
        }
    }
}

void Events::take(const link::RingEvent& event, std::uint64_t frame, std::uint32_t frames,
                  Params& params) {
    if (event.frame >= frame + frames) {
        if (waiting_count_ < kCapacity) {
            waiting_[waiting_count_++] = event;
        } else {
            count(engine_.events_dropped);
        }
        return;
    }
    if (event.frame != 0 && event.frame < frame) {
        count(engine_.events_late);
    }
    const auto offset = event.frame > frame ? static_cast<std::uint32_t>(event.frame - frame) : 0;
    if (event.event.type == JIG_EVENT_PARAM && offset == 0) {
        params.apply(frame, event.slot % link::kMaxSlots, event.rev, event.event.u.param.value);
        return;
    }
    add(offset, event.slot, event.rev, event.event);
}

void Events::add(std::uint32_t offset, std::uint32_t slot, std::uint32_t rev,
                 const jig_event& event) {
    if (due_count_ == kCapacity) {
        count(engine_.events_dropped);
        return;
    }
    due_[due_count_] = {offset, due_count_, slot % link::kMaxSlots, rev, event};
    ++due_count_;
}

void Events::add_midi(const MidiMessage& message) {
    add(message.frame, 0, 0, from_midi(message));
}

void Events::drop_overtaken(const Params& params) {
    for (const DueEvent& due : *this) {
        newest_[due.slot] = params.revision(due.slot);
    }
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < due_count_; ++i) {
        const DueEvent due = due_[i];
        if (due.event.type == JIG_EVENT_PARAM && due.rev != 0) {
            const auto newest = newest_[due.slot];
            if (newest != 0 && !link::later(due.rev, newest)) {
                continue;
            }
            newest_[due.slot] = due.rev;
        }
        due_[kept++] = due;
    }
    due_count_ = kept;
}

void Events::commit(std::uint64_t frame, Params& params) {
    for (const DueEvent& due : *this) {
        if (due.event.type == JIG_EVENT_PARAM) {
            params.apply(frame + due.offset, due.slot, due.rev, due.event.u.param.value);
        }
    }
}

void Events::journal(std::uint64_t frame, const jig_event& event, std::uint32_t slot) {
    link::JournalEntry entry{frame, 0, 0, slot, 0, 0, 0};
    switch (event.type) {
    case JIG_EVENT_NOTE_ON:
    case JIG_EVENT_NOTE_OFF:
    case JIG_EVENT_NOTE_CHOKE:
        entry.kind = event.type == JIG_EVENT_NOTE_ON ? link::JournalEntry::note_on
                                                     : link::JournalEntry::note_off;
        entry.slot =
            static_cast<std::uint8_t>(event.u.note.key) |
            (static_cast<std::uint32_t>(static_cast<std::uint8_t>(event.u.note.channel)) << 8);
        entry.value = event.u.note.velocity;
        break;
    case JIG_EVENT_TRIGGER:
        entry.kind = link::JournalEntry::trigger;
        entry.value = event.u.param.value;
        break;
    case JIG_EVENT_MIDI:
        entry.kind = link::JournalEntry::midi;
        entry.slot = static_cast<std::uint32_t>(event.u.midi[0]) |
                     (static_cast<std::uint32_t>(event.u.midi[1]) << 8) |
                     (static_cast<std::uint32_t>(event.u.midi[2]) << 16);
        break;
    default:
        return;
    }
    link::append(engine_.journal, entry);
}

} // namespace jig::rt
