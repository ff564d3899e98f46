// jig/rt/events.hpp: everything that is to happen at a frame, gathered and sorted once a chunk.
#pragma once

#include "base/thread_role.hpp"
#include "link/rings.hpp"
#include "rt/cycle.hpp"
#include "rt/params.hpp"

#include <cstdint>

namespace jig::rt {

/// An event of this chunk. PARAM and TRIGGER still name a slot.
struct DueEvent {
    std::uint32_t offset; ///< in the chunk
    std::uint32_t order;  ///< of arrival, so that sorting is stable
    std::uint32_t slot;
    std::uint32_t rev;
    jig_event event;
};

/// Gathers from the server's ring and from the device's MIDI input. What lies in the future waits
/// here, in a place of fixed size.
class Events {
  public:
    Events(const link::ServerRegion& server, link::EngineRegion& engine)
        : reader_(server, engine), engine_(engine) {}

    /// Forgets what waits in the ring; before the first cycle. [main]
    void restart();

    /// Makes the list for `frames` frames from `frame` on. Parameter changes due at the first frame
    /// go to `params` directly, so that a batch of any size lands in one block.
    void gather(std::uint64_t frame, std::uint32_t frames, const MidiMessage* midi,
                std::uint32_t midi_count, Params& params) NONBLOCKING ON_AUDIO_THREAD;

    /// Takes changes off the list that a later one has overtaken: after what is in the slots has
    /// been taken over, before any build sees the list.
    void drop_overtaken(const Params& params) NONBLOCKING ON_AUDIO_THREAD;

    /// Applies what gather left of parameter changes, once every build has seen the events.
    void commit(std::uint64_t frame, Params& params) NONBLOCKING ON_AUDIO_THREAD;

    [[nodiscard]] const DueEvent* begin() const { return due_; }
    [[nodiscard]] const DueEvent* end() const { return due_ + due_count_; }

  private:
    static constexpr std::uint32_t kCapacity = link::kEventRingSize;

    void take(const link::RingEvent& event, std::uint64_t frame, std::uint32_t frames,
              Params& params) ON_AUDIO_THREAD;
    void add(std::uint32_t offset, std::uint32_t slot, std::uint32_t rev, const jig_event& event);
    void add_midi(const MidiMessage& message);
    void journal(std::uint64_t frame, const jig_event& event, std::uint32_t slot);

    link::EventReader reader_;
    link::EngineRegion& engine_;
    DueEvent due_[kCapacity];
    link::RingEvent waiting_[kCapacity];
    std::uint32_t newest_[link::kMaxSlots] = {}; ///< of drop_overtaken: revisions by slot
    std::uint32_t due_count_ = 0;
    std::uint32_t waiting_count_ = 0;
};

} // namespace jig::rt
