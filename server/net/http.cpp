#include "net/http.hpp"

#include "base/fd.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <fcntl.h>
#include <sys/stat.h>

namespace jig::net {

namespace {

constexpr std::size_t kMaxFileBytes = 16 * 1024 * 1024;

constexpr std::pair<std::string_view, std::string_view> kContentTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
};

/// FNV-1a, 64 bits: tells versions of a file apart, guards nothing.
std::string etag_of(std::string_view bytes) {
    std::uint64_t hash = 14695981039346656037U;
    for (const char byte : bytes) {
        hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211U;
    }
    char text[24] = {};
    std::snprintf(text, sizeof text, "\"%016llx\"", static_cast<unsigned long long>(hash));
    return text;
}

struct Free {
    void operator()(char* text) const { std::free(text); }
};

std::optional<std::string> real_path(const std::string& path) {
    const std::unique_ptr<char, Free> real(::realpath(path.c_str(), nullptr));
    return real ? std::optional<std::string>(real.get()) : std::nullopt;
}

std::optional<std::string> read_file(const std::string& path) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat info {};
    if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode) || info.st_size < 0 ||
        static_cast<std::size_t>(info.st_size) > kMaxFileBytes) {
        return std::nullopt;
    }
    std::string bytes(static_cast<std::size_t>(info.st_size), '\0');
    std::size_t size = 0;
    while (size < bytes.size()) {
        const ssize_t got = ::read(fd.get(), bytes.data() + size, bytes.size() - size);
        if (got <= 0) {
            break;
        }
        size += static_cast<std::size_t>(got);
    }
    bytes.resize(size);
    return bytes;
}

/// On every response, whatever it is.
void add_common_headers(Response& response) {
    response.headers.insert(
        response.headers.end(),
        {{"Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
          "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"},
         {"X-Content-Type-Options", "nosniff"},
         {"Cross-Origin-Resource-Policy", "same-origin"},
         {"Referrer-Policy", "no-referrer"},
         {"Connection", "close"}});
}

} // namespace

Result<Pages> Pages::open(Assets assets, const std::string& ui_dir) {
    Pages pages;
    pages.assets_ = assets;
    if (!ui_dir.empty()) {
        const auto root = real_path(ui_dir);
        struct stat info {};
        if (!root || ::stat(root->c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) {
            return Error{"--ui-dir " + ui_dir + " is not a folder; give the one with index.html."};
        }
        pages.root_ = *root == "/" ? "" : *root;
        if (pages.root_.empty()) {
            return Error{"--ui-dir / would serve the whole disk; give the one with index.html."};
        }
    }
    return pages;
}

std::optional<Pages::File> Pages::find(std::string_view path) const {
    if (path == "/") {
        path = "/index.html";
    }
    if (!root_.empty()) {
        return read_from_folder(path);
    }
    if (const Asset* asset = assets_.find(path)) {
        return File{std::string(asset->bytes), etag_of(asset->bytes)};
    }
    return std::nullopt;
}

std::optional<Pages::File> Pages::read_from_folder(std::string_view path) const {
    const auto real = real_path(root_ + std::string(path));
    // A link may lead anywhere; only what really lies under the root is served.
    if (!real || real->compare(0, root_.size() + 1, root_ + "/") != 0) {
        return std::nullopt;
    }
    auto bytes = read_file(*real);
    if (!bytes) {
        return std::nullopt;
    }
    std::string etag = etag_of(*bytes);
    return File{*std::move(bytes), std::move(etag)};
}

std::string_view content_type(std::string_view path) {
    for (const auto& [extension, type] : kContentTypes) {
        if (path.size() > extension.size() &&
            path.substr(path.size() - extension.size()) == extension) {
            return type;
        }
    }
    return "application/octet-stream";
}

bool matches_etag(std::string_view if_none_match, std::string_view etag) {
    while (!if_none_match.empty()) {
        const std::size_t comma = if_none_match.find(',');
        std::string_view entry = if_none_match.substr(0, comma);
        while (!entry.empty() && entry.front() == ' ') {
            entry.remove_prefix(1);
        }
        while (!entry.empty() && entry.back() == ' ') {
            entry.remove_suffix(1);
        }
        if (entry.substr(0, 2) == "W/") {
            entry.remove_prefix(2);
        }
        if (entry == "*" || entry == etag) {
            return true;
        }
        if_none_match =
            comma == std::string_view::npos ? std::string_view() : if_none_match.substr(comma + 1);
    }
    return false;
}

Response refusal_response(const Refusal& refusal) {
    Response response;
    response.status = refusal.status;
    response.body = refusal.text + "\n";
    response.content_length = response.body.size();
    response.headers = {{"Content-Type", "text/plain; charset=utf-8"},
                        {"Cache-Control", "no-store"}};
    if (refusal.status == 405) {
        response.headers.emplace_back("Allow", "GET, HEAD");
    }
    if (refusal.status == 426) {
        response.headers.emplace_back("Upgrade", "websocket");
    }
    add_common_headers(response);
    return response;
}

Response answer(const RequestHead& head, const AccessRules& rules, const Pages& pages) {
    const bool is_head = head.method == "HEAD";
    const auto respond = [&](Response response) {
        if (is_head) {
            response.body.clear();
        }
        return response;
    };
    if (const auto refusal = refuse_request(head, rules)) {
        return respond(refusal_response(*refusal));
    }
    if (!is_head && head.method != "GET") {
        return respond(refusal_response({405, "Only GET and HEAD are answered."}));
    }
    const Target target = *parse_target(head.target);
    if (target.path == "/ws") {
        return respond(refusal_response({426, "This is the WebSocket; see PROTOCOL.md."}));
    }
    auto file = pages.find(target.path);
    if (!file) {
        return respond(refusal_response({404, "There is no such page."}));
    }
    Response response;
    // no-cache: ask each time, so that a new build's page is never mixed with an old one's.
    response.headers = {{"ETag", file->etag}, {"Cache-Control", "no-cache"}};
    if (head.if_none_match && matches_etag(*head.if_none_match, file->etag)) {
        response.status = 304;
    } else {
        const std::string_view name = target.path == "/" ? "/index.html" : target.path;
        response.headers.emplace_back("Content-Type", content_type(name));
        response.body = std::move(file->bytes);
        response.content_length = response.body.size();
    }
    add_common_headers(response);
    return respond(std::move(response));
}

} // namespace jig::net
