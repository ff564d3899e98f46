#include "engine/memory.hpp"

#include <cstdint>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

namespace jig::engine {

bool make_resident(void* address, std::size_t bytes) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    auto* begin = static_cast<volatile unsigned char*>(address);
    for (std::size_t at = 0; at < bytes; at += page) {
        begin[at] = begin[at];
    }
    if (bytes > 0) {
        begin[bytes - 1] = begin[bytes - 1];
    }
    return bytes == 0 || ::mlock(address, bytes) == 0;
}

bool make_readable(const void* address, std::size_t bytes) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const auto* begin = static_cast<const volatile unsigned char*>(address);
    for (std::size_t at = 0; at < bytes; at += page) {
        static_cast<void>(begin[at]);
    }
    return bytes == 0 || ::mlock(address, bytes) == 0;
}

bool lock_process() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY) {
        return false;
    }
    return ::mlockall(MCL_CURRENT | MCL_FUTURE) == 0;
}

} // namespace jig::engine
