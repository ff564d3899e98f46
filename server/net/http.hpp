// jig/net/http.hpp: the page's files over HTTP: which request gets which response.
#pragma once

#include "base/assets.hpp"
#include "base/result.hpp"
#include "net/security.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jig::net {

struct Response {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::size_t content_length = 0; ///< what a HEAD tells although it has no body
};

/// Where the page's files come from: those in the binary, or a folder. [net]
class Pages {
  public:
    /// An error when `ui_dir` is set and is no folder that can be read.
    [[nodiscard]] static Result<Pages> open(Assets assets, const std::string& ui_dir);

    struct File {
        std::string bytes;
        std::string etag;
    };
    /// The file of exactly this path, "/" being "/index.html".
    [[nodiscard]] std::optional<File> find(std::string_view path) const;

  private:
    Pages() = default;

    [[nodiscard]] std::optional<File> read_from_folder(std::string_view path) const;

    Assets assets_;
    std::string root_; ///< a real path, without a '/' at its end; empty: the assets
};

/// The response to a request that is no WebSocket. [any]
[[nodiscard]] Response answer(const RequestHead& head, const AccessRules& rules,
                              const Pages& pages);

/// A response that turns away. [any]
[[nodiscard]] Response refusal_response(const Refusal& refusal);

/// By the path's extension; "application/octet-stream" when it is none of the page's. [any]
[[nodiscard]] std::string_view content_type(std::string_view path);

/// Whether an If-None-Match header names `etag`. [any]
[[nodiscard]] bool matches_etag(std::string_view if_none_match, std::string_view etag);

} // namespace jig::net
