// jig/link/slots.hpp: how a parameter's value lies in its slot: value, revision and a bit, in one
// word.
#pragma once

#include <bit>
#include <cstdint>

namespace jig::link {

/// A slot belongs to one (plugin id, parameter id) for the whole session. `rev` rises with each
/// change, so that the engine knows what it has applied; 0: never written. `timed`: the change
/// takes effect by an event in the ring that carries the same revision, at its own frame; the slot
/// alone does not say when.
struct SlotValue {
    float value = 0;
    std::uint32_t rev = 0; ///< 31 bits
    bool timed = false;

    friend bool operator==(const SlotValue&, const SlotValue&) = default;
};

inline constexpr std::uint32_t kRevMask = 0x7fffffffu;

constexpr std::uint64_t pack(SlotValue v) {
    return std::uint64_t{std::bit_cast<std::uint32_t>(v.value)} |
           (std::uint64_t{v.rev & kRevMask} << 32) | (std::uint64_t{v.timed} << 63);
}

constexpr SlotValue unpack(std::uint64_t bits) {
    return {std::bit_cast<float>(static_cast<std::uint32_t>(bits)),
            static_cast<std::uint32_t>(bits >> 32) & kRevMask, (bits >> 63) != 0};
}

/// Whether revision a is later than b; revisions wrap around.
constexpr bool later(std::uint32_t a, std::uint32_t b) {
    return a != b && ((a - b) & kRevMask) < (kRevMask >> 1);
}

} // namespace jig::link
