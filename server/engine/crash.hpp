// jig/engine/crash.hpp: leaves word of a fatal signal in the shared region, then lets it take its
// course.
#pragma once

#include "base/result.hpp"
#include "link/regions.hpp"

namespace jig::engine {

/// Handles SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT: writes a CrashRecord and raises the signal
/// again with its default action, so that cores and debuggers see it. [main, once]
void install_crash_handler(link::EngineRegion& region);

/// Gives the calling thread a stack of its own for such signals, for overflows of the other one.
class AlternateStack {
  public:
    AlternateStack();
    ~AlternateStack();
    AlternateStack(const AlternateStack&) = delete;
    AlternateStack& operator=(const AlternateStack&) = delete;

  private:
    void* memory_ = nullptr;
};

} // namespace jig::engine
