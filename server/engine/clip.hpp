// jig/engine/clip.hpp: a decoded file in shared memory, mapped for the audio thread.
#pragma once

#include "engine/core.hpp"
#include "link/memory.hpp"
#include "rt/source.hpp"

namespace jig::engine {

struct Core::LoadedClip {
    link::Mapping memory;
    rt::Clip clip;
};

} // namespace jig::engine
