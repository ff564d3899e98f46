// jig/reload/failure.hpp: the states of a reload, and the ways in which it fails, by name.
#pragma once

#include "link/messages.hpp"

namespace jig::reload {

enum class State { watching, building, probing, loading, swapping };

enum class Failure {
    none,
    build_failed,
    file_missing,
    copy_failed,
    image_incomplete,
    no_entry,
    abi_mismatch,
    open_failed,
    create_failed,
    activate_failed,
    load_failed,
    install_failed,
    probe_crashed,
    probe_hung,
    nan_at_probe,
    engine_died
};

[[nodiscard]] const char* name(State state);
[[nodiscard]] const char* name(Failure failure);

/// What the engine's word for the stage that failed is here; any number is safe.
[[nodiscard]] Failure failure_of(link::Stage stage);

} // namespace jig::reload
