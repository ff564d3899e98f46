// jig/rt/host_calls.hpp: what a plugin may ask of its host, as functions behind jig_host.
#pragma once

#include "jig/plugin.h"
#include "link/regions.hpp"
#include "rt/build.hpp"

#include <atomic>
#include <cstdint>

namespace jig::rt {

/// One for each instance; jig_host::ctx points to it.
struct HostContext {
    link::EngineRegion* region = nullptr;
    const Build* build = nullptr; ///< set before the first block
    /// Bit n: jig_request n was made. Set by any thread, taken by the main thread.
    std::atomic<std::uint32_t> requests{0};
};

/// The slots of jig_host over `context`, which outlives it. `version` is the host's own.
[[nodiscard]] jig_host make_host(HostContext& context, const char* version);

} // namespace jig::rt
