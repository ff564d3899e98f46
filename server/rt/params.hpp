// jig/rt/params.hpp: what every parameter is worth now, on the audio thread.
#pragma once

#include "base/thread_role.hpp"
#include "link/regions.hpp"
#include "rt/build.hpp"

#include <cstdint>

namespace jig::rt {

/// Values by slot, taken over from the server's region once a block. A slot's revision says what
/// has been applied, so that a value is never applied twice and never goes back.
class Params {
  public:
    Params(const link::ServerRegion& server, link::EngineRegion& engine)
        : server_(server), engine_(engine) {}

    /// Takes over what changed since the last call, for the parameters of `a` and `b` (may be
    /// NULL). `fresh`: one of them is new, so that its slots are looked at even if nothing changed.
    void snapshot(std::uint64_t frame, const Build* a, const Build* b,
                  bool fresh) NONBLOCKING ON_AUDIO_THREAD;

    /// A change that came by the ring and is due at `frame`.
    void apply(std::uint64_t frame, std::uint32_t slot, std::uint32_t rev,
               float value) NONBLOCKING ON_AUDIO_THREAD;

    /// The revision that a slot's value has; 0: none.
    [[nodiscard]] std::uint32_t revision(std::uint32_t slot) const { return applied_[slot]; }

    /// The values of `build`, by index.
    void fill(Build& build) const NONBLOCKING ON_AUDIO_THREAD;

  private:
    void adopt(std::uint64_t frame, const Build& build);
    void note(std::uint64_t frame, std::uint32_t slot, float value);

    const link::ServerRegion& server_;
    link::EngineRegion& engine_;
    std::uint64_t epoch_ = 0;
    float values_[link::kMaxSlots] = {};
    std::uint32_t applied_[link::kMaxSlots] = {}; ///< revision; 0: none
};

} // namespace jig::rt
