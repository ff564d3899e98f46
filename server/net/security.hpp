// jig/net/security.hpp: who may come in; pure functions on untrusted text, none of which throws.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jig::net {

/// The parts of a request that decide; a header is absent, or has one value, or several joined by
/// ", ". The views belong to the caller.
struct RequestHead {
    std::string_view method;
    std::string_view target; ///< as sent: "/ws?token=…"
    std::optional<std::string_view> host;
    std::optional<std::string_view> origin;
    std::optional<std::string_view> authorization;
    std::optional<std::string_view> websocket_version;
    std::optional<std::string_view> content_length;
    std::optional<std::string_view> transfer_encoding;
    std::optional<std::string_view> if_none_match;
    std::string_view local_address; ///< the IP address that the client connected to
};

struct AccessRules {
    std::vector<std::string> allow_hosts;
    std::string token; ///< empty: none is asked for
};

/// Why a request is turned away: an HTTP status and a sentence for a person.
struct Refusal {
    int status = 400;
    std::string text;
};

/// What every request must satisfy: one Host that is ours, no body, a sane target. [any]
[[nodiscard]] std::optional<Refusal> refuse_request(const RequestHead& head,
                                                    const AccessRules& rules);

/// What a WebSocket must satisfy besides: path /ws, version 13, our own Origin or none, the token.
/// [any]
[[nodiscard]] std::optional<Refusal> refuse_upgrade(const RequestHead& head,
                                                    const AccessRules& rules);

// ---- The parts of it -------------------------------------------------------------------------

/// "Example.org:80" → "example.org"; "[::1]:80" → "::1". None when it is not one host with an
/// optional port.
[[nodiscard]] std::optional<std::string> host_name(std::string_view host_header);

/// Whether a name from host_name() is localhost, 127.0.0.1, ::1, `local_address` or allowed.
[[nodiscard]] bool is_own_host(std::string_view name, std::string_view local_address,
                               const std::vector<std::string>& allow_hosts);

/// Whether `origin` is exactly "http://" + the Host header, port included.
[[nodiscard]] bool is_own_origin(std::string_view origin, std::string_view host_header);

/// Takes the same time whatever the bytes are; only the length of `given` shows.
[[nodiscard]] bool equal_in_constant_time(std::string_view expected, std::string_view given);

struct Target {
    std::string_view path;
    std::string_view query; ///< without the '?'
};

/// Splits an origin-form target. None for anything else: absolute-form, "*", a control character, a
/// space, '\', '#', "..", a broken escape, escapes of '.', '/', '\' and NUL. Nothing is decoded.
[[nodiscard]] std::optional<Target> parse_target(std::string_view target);

/// The first value of `name` in "a=1&b=2", as it stands.
[[nodiscard]] std::optional<std::string_view> query_value(std::string_view query,
                                                          std::string_view name);

/// What follows "Bearer " in an Authorization header.
[[nodiscard]] std::optional<std::string_view> bearer_token(std::string_view authorization);

} // namespace jig::net
