#include "reload/failure.hpp"

namespace jig::reload {

const char* name(State state) {
    switch (state) {
    case State::watching:
        return "watching";
    case State::building:
        return "building";
    case State::probing:
        return "probing";
    case State::loading:
        return "loading";
    case State::swapping:
        return "swapping";
    }
    return "unknown";
}

const char* name(Failure failure) {
    switch (failure) {
    case Failure::none:
        return "none";
    case Failure::build_failed:
        return "build failed";
    case Failure::file_missing:
        return "file missing";
    case Failure::copy_failed:
        return "copy failed";
    case Failure::image_incomplete:
        return "image incomplete";
    case Failure::no_entry:
        return "no entry";
    case Failure::abi_mismatch:
        return "ABI mismatch";
    case Failure::open_failed:
        return "open failed";
    case Failure::create_failed:
        return "create failed";
    case Failure::activate_failed:
        return "activate failed";
    case Failure::load_failed:
        return "load failed";
    case Failure::install_failed:
        return "install failed";
    case Failure::probe_crashed:
        return "probe crashed";
    case Failure::probe_hung:
        return "probe hung";
    case Failure::nan_at_probe:
        return "NaN at probe";
    case Failure::engine_died:
        return "engine died";
    }
    return "unknown";
}

Failure failure_of(link::Stage stage) {
    switch (stage) {
    case link::Stage::open:
        return Failure::open_failed;
    case link::Stage::abi:
        return Failure::abi_mismatch;
    case link::Stage::create:
        return Failure::create_failed;
    case link::Stage::activate:
        return Failure::activate_failed;
    case link::Stage::load:
    case link::Stage::device:
        break;
    }
    return Failure::load_failed;
}

} // namespace jig::reload
