// jig/tests/audio/alsa/fake_parts.hpp: what the parts of FakeAlsa share.
#pragma once

#include "fake_alsa.hpp"

#include <algorithm>
#include <cerrno>

namespace jig::test {

inline FakePcm& of(snd_pcm_t* pcm) {
    return *reinterpret_cast<FakePcm*>(pcm);
}

/// The code that a test planned for this call, 0 if none.
inline int planned_fault(FakePcm& pcm, const char* function) {
    auto& queue = pcm.faults[function];
    if (queue.empty()) {
        return 0;
    }
    const int code = queue.front();
    queue.pop_front();
    return code;
}

inline void each_of_group(FakePcm& pcm, const std::function<void(FakePcm&)>& action) {
    action(pcm);
    if (pcm.partner != nullptr) {
        action(*pcm.partner);
    }
}

inline std::byte* sample_at(const FakePcm& pcm, unsigned channel, std::uint64_t frame) {
    const auto& area = pcm.areas[channel];
    return static_cast<std::byte*>(area.addr) + (area.first + frame % pcm.buffer * area.step) / 8;
}

} // namespace jig::test
