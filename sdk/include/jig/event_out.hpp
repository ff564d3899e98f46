// jig/event_out.hpp: notes and controllers that a plugin sends out.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/block.hpp>
#include <jig/note.hpp>
#include <jig/plugin.hpp>

#include <cstdint>

namespace jig {

/// EventOut notes{this};  …  notes.note_on(b, i, note);
///
/// Used in process, each event at a frame of the block, in the order of the frames. The answer is
/// false when the host took none: its list for a block is full. [audio]
class EventOut {
  public:
    constexpr explicit EventOut(Plugin* owner) : owner_(owner) { owner->sends_events_ = true; }
    EventOut(const EventOut&) = delete;
    EventOut& operator=(const EventOut&) = delete;

    bool note_on(const Block& b, std::uint32_t frame, const Note& note) const {
        return send(b, frame, event_of(JIG_EVENT_NOTE_ON, note));
    }
    bool note_off(const Block& b, std::uint32_t frame, const Note& note) const {
        return send(b, frame, event_of(JIG_EVENT_NOTE_OFF, note));
    }
    /// Any event; its frame is set here.
    bool send(const Block& b, std::uint32_t frame, jig_event event) const {
        event.frame = b.raw_begin() + frame;
        const jig_host* host = owner_->host();
        return host->emit(host->ctx, &event) >= 0;
    }

  private:
    static jig_event event_of(jig_event_type type, const Note& note) {
        jig_event event{};
        event.type = type;
        event.u.note = {note.voice,
                        static_cast<std::int16_t>(note.channel),
                        static_cast<std::int16_t>(note.key),
                        note.velocity,
                        note.detune_semitones,
                        note.expression};
        return event;
    }

    const Plugin* owner_;
};

} // namespace jig
