// jig/link/shared_copy.hpp: copying to and from memory that the other process uses at this moment.
//
// A ring's reader may be overtaken by its writer and finds out by counters before and after. For
// that to be defined, and for the counters to be ordered with the data, each word crosses by itself
// as an atomic: release on the writing side, acquire on the reading one; plain moves on x86.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace jig::link {

/// What every shared entry is made of.
using SharedWord __attribute__((may_alias)) = std::uint32_t;

/// Writes `bytes`, a multiple of four, to aligned shared memory. Wait-free. Partner: shared_load.
inline void shared_store(void* shared, const void* own, std::size_t bytes) {
    auto* to = static_cast<SharedWord*>(shared);
    const auto* from = static_cast<const char*>(own);
    for (std::size_t i = 0; i < bytes / sizeof(SharedWord); ++i) {
        std::uint32_t word = 0;
        std::memcpy(&word, from + i * sizeof word, sizeof word);
        __atomic_store_n(to + i, word, __ATOMIC_RELEASE);
    }
}

/// Reads `bytes`, a multiple of four, from aligned shared memory. Partner: shared_store.
inline void shared_load(void* own, const void* shared, std::size_t bytes) {
    const auto* from = static_cast<const SharedWord*>(shared);
    auto* to = static_cast<char*>(own);
    for (std::size_t i = 0; i < bytes / sizeof(SharedWord); ++i) {
        const std::uint32_t word = __atomic_load_n(from + i, __ATOMIC_ACQUIRE);
        std::memcpy(to + i * sizeof word, &word, sizeof word);
    }
}

} // namespace jig::link
