#include "wire/replies.hpp"

namespace jig::wire {

const char* error_kind(ErrorCode code) {
    switch (code) {
    case ErrorCode::parse_error:
        return "parseError";
    case ErrorCode::invalid_request:
        return "invalidRequest";
    case ErrorCode::method_not_found:
        return "methodNotFound";
    case ErrorCode::invalid_params:
        return "invalidParams";
    case ErrorCode::internal_error:
        return "internalError";
    case ErrorCode::not_found:
        return "notFound";
    case ErrorCode::out_of_range:
        return "outOfRange";
    case ErrorCode::busy_reloading:
        return "busyReloading";
    case ErrorCode::not_loaded:
        return "notLoaded";
    case ErrorCode::rate_limited:
        return "rateLimited";
    case ErrorCode::build_failed:
        return "buildFailed";
    case ErrorCode::unsupported:
        return "unsupported";
    }
    return "internalError";
}

} // namespace jig::wire
