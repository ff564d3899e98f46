// jig/engine/memory.hpp: no page fault on the audio thread: touch and lock what it uses.
#pragma once

#include <cstddef>

namespace jig::engine {

/// Touches every page for writing and locks it. False: the limit is too small for locking; the
/// pages are touched all the same. [main]
bool make_resident(void* address, std::size_t bytes);

/// The same for memory that we may only read. [main]
bool make_readable(const void* address, std::size_t bytes);

/// Locks the whole process, present and future, where the limit allows any size. With a finite
/// limit that would make a later large mmap fail, so ranges are locked one by one instead. Returns
/// whether it did.
bool lock_process();

} // namespace jig::engine
