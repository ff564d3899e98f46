// jig/base/thread_role.hpp: who may call what, checked by clang's -Wthread-safety.
#pragma once

#if defined(__clang__)
#define JIG_TSA(x) __attribute__((x))
#else
#define JIG_TSA(x)
#endif

#if defined(__clang__) && __clang_major__ >= 20
#define NONBLOCKING [[clang::nonblocking]]
#else
#define NONBLOCKING
#endif

namespace jig {

/// A thread role is a capability without a lock: holding it means running on that thread.
class JIG_TSA(capability("role")) ThreadRole {
  public:
    /// Where a thread begins, or at a boundary that the analysis cannot see through.
    void assume() const JIG_TSA(assert_capability(this)) {}
};

/// main: slow work and signals. net: the event loop; sockets, session. analysis: readings from
/// taps. audio: the device's callback.
inline constexpr ThreadRole kMainThread, kNetThread, kAnalysisThread, kAudioThread;

} // namespace jig

#define ON_MAIN_THREAD JIG_TSA(requires_capability(::jig::kMainThread))
#define ON_NET_THREAD JIG_TSA(requires_capability(::jig::kNetThread))
#define ON_ANALYSIS_THREAD JIG_TSA(requires_capability(::jig::kAnalysisThread))
#define ON_AUDIO_THREAD JIG_TSA(requires_capability(::jig::kAudioThread))
