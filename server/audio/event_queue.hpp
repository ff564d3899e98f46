// jig/audio/event_queue.hpp: device events from any thread, the audio thread included, to one
// reader.
#pragma once

#include "audio/device.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jig::audio {

/// A bounded queue of plain events without locks or allocation on the writing side (D. Vyukov,
/// "Bounded MPMC queue", with one reader). What does not fit is dropped and counted.
class EventQueue {
  public:
    EventQueue() {
        for (std::size_t i = 0; i < kCapacity; ++i) {
            slots_[i].turn.store(i, std::memory_order_relaxed);
        }
    }

    /// [any] Text beyond kTextSize bytes is cut.
    void push(DeviceEvent::Kind kind, std::uint32_t value, std::string_view text = {}) noexcept {
        std::size_t ticket = write_.load(std::memory_order_relaxed);
        for (;;) {
            Slot& slot = slots_[ticket % kCapacity];
            // Pairs with the release in drain(): the slot is free.
            const std::size_t turn = slot.turn.load(std::memory_order_acquire);
            if (turn == ticket) {
                if (write_.compare_exchange_weak(ticket, ticket + 1, std::memory_order_relaxed)) {
                    fill(slot, kind, value, text);
                    // Pairs with the acquire in drain(): the slot is filled.
                    slot.turn.store(ticket + 1, std::memory_order_release);
                    return;
                }
            } else if (turn < ticket) {
                dropped_.fetch_add(1, std::memory_order_relaxed); // a mere count
                return;
            } else {
                ticket = write_.load(std::memory_order_relaxed);
            }
        }
    }

    /// Appends all that is there to `events`. One thread at a time.
    void drain(std::vector<DeviceEvent>& events) {
        for (;;) {
            Slot& slot = slots_[read_ % kCapacity];
            // Pairs with the release in push().
            if (slot.turn.load(std::memory_order_acquire) != read_ + 1) {
                break;
            }
            events.push_back({slot.kind, slot.value, std::string(slot.text, slot.text_size)});
            // Pairs with the acquire in push().
            slot.turn.store(read_ + kCapacity, std::memory_order_release);
            ++read_;
        }
        if (const std::uint32_t lost = dropped_.exchange(0, std::memory_order_relaxed)) {
            events.push_back({DeviceEvent::Kind::message, lost,
                              std::to_string(lost) + " device events came too fast to be kept"});
        }
    }

  private:
    static constexpr std::size_t kCapacity = 256;
    static constexpr std::size_t kTextSize = 240;

    struct Slot {
        std::atomic<std::size_t> turn{0};
        DeviceEvent::Kind kind{};
        std::uint32_t value = 0;
        std::size_t text_size = 0;
        char text[kTextSize] = {};
    };

    static void fill(Slot& slot, DeviceEvent::Kind kind, std::uint32_t value,
                     std::string_view text) noexcept {
        slot.kind = kind;
        slot.value = value;
        slot.text_size = text.size() < kTextSize ? text.size() : kTextSize;
        text.copy(slot.text, slot.text_size);
    }

    std::array<Slot, kCapacity> slots_;
    std::atomic<std::size_t> write_{0};
    std::size_t read_ = 0; ///< the reader's own
    std::atomic<std::uint32_t> dropped_{0};
};

} // namespace jig::audio
