// jig/net/assets.hpp: a file of the page, as jig_embed_assets() puts it into the binary.
#pragma once

#include <cstddef>
#include <string_view>

namespace jig::net {

/// All views live as long as the program.
struct Asset {
    std::string_view path; ///< as requested, "/js/main.js"
    std::string_view content_type;
    std::string_view bytes;
    std::string_view etag; ///< with its quotes
};

/// What a build embedded, sorted by path.
struct Assets {
    const Asset* items = nullptr;
    std::size_t count = 0;

    /// The asset of exactly this path, or nullptr. [any]
    [[nodiscard]] const Asset* find(std::string_view path) const {
        for (std::size_t i = 0; i < count; ++i) {
            if (items[i].path == path) {
                return &items[i];
            }
        }
        return nullptr;
    }
};

} // namespace jig::net
