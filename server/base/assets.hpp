// jig/base/assets.hpp: files, as jig_embed_assets() puts them into the binary.
#pragma once

#include <cstddef>
#include <string_view>

namespace jig {

/// Both views live as long as the program.
struct Asset {
    std::string_view path; ///< as asked for: "/js/main.js"
    std::string_view bytes;
};

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

} // namespace jig
