// jig/rt/fpu.hpp: denormals are flushed to zero while the callback runs, whatever a plugin did
// before.
#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace jig::rt {

/// Sets flush-to-zero and denormals-are-zero, all exceptions masked, round to nearest; restores the
/// caller's mode at the end.
class FlushDenormals {
  public:
#if defined(__SSE2__)
    FlushDenormals() : before_(_mm_getcsr()) {
        _mm_setcsr(0x1f80 | 0x8000 | 0x0040);
    }
    ~FlushDenormals() {
        _mm_setcsr(before_);
    }

  private:
    std::uint32_t before_;
#elif defined(__aarch64__)
    FlushDenormals() {
        asm volatile("mrs %0, fpcr" : "=r"(before_));
        asm volatile("msr fpcr, %0" ::"r"(std::uint64_t{1} << 24));
    }
    ~FlushDenormals() {
        asm volatile("msr fpcr, %0" ::"r"(before_));
    }

  private:
    std::uint64_t before_ = 0;
#else
    FlushDenormals() = default;
#endif

  public:
    FlushDenormals(const FlushDenormals&) = delete;
    FlushDenormals& operator=(const FlushDenormals&) = delete;
};

} // namespace jig::rt
