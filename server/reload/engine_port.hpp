// jig/reload/engine_port.hpp: what the reloader asks of the engine.
#pragma once

#include "link/messages.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace jig::reload {

/// All of it on the loop's thread. Every `done` is called exactly once, never from within the call
/// that got it; when the engine dies first, with a Failed or not at all (Reloader::engine_died()
/// says it then).
class EnginePort {
  public:
    using Done = std::function<void(std::optional<link::Failed>)>; ///< nothing: it worked

    virtual ~EnginePort() = default;

    /// Opens, checks, creates and activates the build beside the one that plays.
    virtual void load(const link::Load& request, Done done) = 0;
    /// Puts a loaded build in the place of the one that plays; Reloader::swapped() follows.
    virtual void install(std::uint32_t generation, Done done) = 0;
    /// Forgets a loaded build that was not installed.
    virtual void drop(std::uint32_t generation) = 0;
};

} // namespace jig::reload
