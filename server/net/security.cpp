#include "net/security.hpp"

#include <algorithm>
#include <cstddef>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace jig::net {

namespace {

constexpr std::string_view kHttp = "http://";

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_hex(char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

bool is_port(std::string_view text) {
    return !text.empty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), is_digit) &&
           std::stoi(std::string(text)) <= 65535;
}

/// The one spelling of an IPv6 address, or none when it is none.
std::optional<std::string> canonical_ipv6(const std::string& text) {
    in6_addr address{};
    char spelled[INET6_ADDRSTRLEN] = {};
    if (inet_pton(AF_INET6, text.c_str(), &address) != 1 ||
        inet_ntop(AF_INET6, &address, spelled, sizeof spelled) == nullptr) {
        return std::nullopt;
    }
    return std::string(spelled);
}

std::optional<std::string> bracketed_host(std::string_view header) {
    const std::size_t end = header.find(']');
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view rest = header.substr(end + 1);
    if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) {
        return std::nullopt;
    }
    const std::string_view inside = header.substr(1, end - 1);
    if (inside.find('\0') != std::string_view::npos) {
        return std::nullopt;
    }
    return canonical_ipv6(std::string(inside));
}

bool is_host_character(char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' || c == '.' || c == '_';
}

/// Escapes that some later layer might take for a separator or an end.
bool is_dangerous_escape(std::string_view two_digits) {
    return equal_ignoring_case(two_digits, "2f") || equal_ignoring_case(two_digits, "5c") ||
           two_digits == "00" || equal_ignoring_case(two_digits, "2e");
}

bool has_parent_segment(std::string_view path) {
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        if (path.substr(0, slash) == "..") {
            return true;
        }
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    }
    return false;
}

bool has_sane_characters(std::string_view target) {
    for (std::size_t i = 0; i < target.size(); ++i) {
        const char c = target[i];
        if (c <= ' ' || c >= 0x7f || c == '\\' || c == '#') {
            return false;
        }
        if (c == '%') {
            const std::string_view digits = target.substr(i + 1, 2);
            if (digits.size() < 2 || !is_hex(digits[0]) || !is_hex(digits[1]) ||
                is_dangerous_escape(digits)) {
                return false;
            }
        }
    }
    return true;
}

std::optional<std::string_view> given_token(const RequestHead& head, std::string_view query) {
    if (head.authorization) {
        return bearer_token(*head.authorization);
    }
    return query_value(query, "token");
}

} // namespace

std::optional<std::string> host_name(std::string_view host_header) {
    if (!host_header.empty() && host_header.front() == '[') {
        return bracketed_host(host_header);
    }
    const std::size_t colon = host_header.find(':');
    if (colon != std::string_view::npos && !is_port(host_header.substr(colon + 1))) {
        return std::nullopt;
    }
    const std::string_view name = host_header.substr(0, colon);
    if (name.empty() || name.size() > 253 ||
        !std::all_of(name.begin(), name.end(), is_host_character)) {
        return std::nullopt;
    }
    return lower_case(name);
}

bool is_own_host(std::string_view name, std::string_view local_address,
                 const std::vector<std::string>& allow_hosts) {
    if (name == "localhost" || name == "127.0.0.1" || name == "::1" ||
        (!local_address.empty() && name == local_address)) {
        return true;
    }
    return std::any_of(allow_hosts.begin(), allow_hosts.end(), [&](const std::string& allowed) {
        return equal_ignoring_case(name, allowed);
    });
}

bool is_own_origin(std::string_view origin, std::string_view host_header) {
    return !host_header.empty() && origin.size() == kHttp.size() + host_header.size() &&
           origin.substr(0, kHttp.size()) == kHttp &&
           equal_ignoring_case(origin.substr(kHttp.size()), host_header);
}

bool equal_in_constant_time(std::string_view expected, std::string_view given) {
    volatile unsigned difference = expected.size() == given.size() ? 0U : 1U;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const char other = expected.empty() ? '\0' : expected[i % expected.size()];
        const auto bits = static_cast<unsigned char>(given[i] ^ other);
        difference = difference | bits;
    }
    return difference == 0U;
}

std::optional<Target> parse_target(std::string_view target) {
    if (target.empty() || target.front() != '/' || !has_sane_characters(target)) {
        return std::nullopt;
    }
    const std::size_t mark = target.find('?');
    Target split{target.substr(0, mark), {}};
    if (mark != std::string_view::npos) {
        split.query = target.substr(mark + 1);
    }
    if (has_parent_segment(split.path)) {
        return std::nullopt;
    }
    return split;
}

std::optional<std::string_view> query_value(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const std::string_view pair = query.substr(0, end);
        const std::size_t equals = pair.find('=');
        if (pair.substr(0, equals) == name) {
            return equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
        }
        query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    }
    return std::nullopt;
}

std::optional<std::string_view> bearer_token(std::string_view authorization) {
    constexpr std::string_view kScheme = "Bearer ";
    if (authorization.size() <= kScheme.size() ||
        !equal_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) {
        return std::nullopt;
    }
    return authorization.substr(kScheme.size());
}

std::optional<Refusal> refuse_request(const RequestHead& head, const AccessRules& rules) {
    if (!head.host) {
        return Refusal{400, "A request needs a Host header."};
    }
    const auto name = host_name(*head.host);
    if (!name) {
        return Refusal{400, "The Host header is not one host name with an optional port."};
    }
    if (!is_own_host(*name, head.local_address, rules.allow_hosts)) {
        return Refusal{403,
                       "This host name is not served here; start with --allow-host to add it."};
    }
    if (head.transfer_encoding || (head.content_length && *head.content_length != "0")) {
        return Refusal{400, "A request with a body is not taken."};
    }
    if (!parse_target(head.target)) {
        return Refusal{400, "The request's target is not a plain path."};
    }
    return std::nullopt;
}

std::optional<Refusal> refuse_upgrade(const RequestHead& head, const AccessRules& rules) {
    if (auto refusal = refuse_request(head, rules)) {
        return refusal;
    }
    const Target target = *parse_target(head.target);
    if (target.path != "/ws") {
        return Refusal{404, "The WebSocket is at /ws."};
    }
    if (head.websocket_version != std::string_view("13")) {
        return Refusal{400, "Only version 13 of the WebSocket protocol is spoken."};
    }
    if (head.origin && !is_own_origin(*head.origin, *head.host)) {
        return Refusal{403, "A page from another origin may not connect."};
    }
    if (!rules.token.empty()) {
        const auto token = given_token(head, target.query);
        if (!token || !equal_in_constant_time(rules.token, *token)) {
            return Refusal{401, "The token is missing or wrong; open the URL that was printed."};
        }
    }
    return std::nullopt;
}

} // namespace jig::net
