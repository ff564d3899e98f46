// jig/plugin/image.hpp: reads a library's ELF image without loading it: is it whole, what is in it.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jig::plugin {

/// What the image says; nothing in it has run.
struct Image {
    std::vector<std::string> needed; ///< DT_NEEDED, in order
    std::string soname;              ///< "" without DT_SONAME
    std::string run_path;            ///< RUNPATH, else RPATH, else ""
    bool uses_origin = false;        ///< $ORIGIN in it: a copy elsewhere may not find its libraries
    std::string build_id;            ///< GNU build id in hex, "" without one
    bool has_unique_symbols = false; ///< STB_GNU_UNIQUE: shared between builds, never unloaded
    bool has_tls = false;            ///< PT_TLS: the first access may allocate
    bool exports_entry = false;      ///< jig_entry_v1, as this host wants it
    std::vector<std::string> other_entries; ///< jig_entry_v* of another major version

    bool operator==(const Image&) const = default;
};

/// Fails unless `bytes` is a complete ELF shared object for this machine: every header, segment and
/// section lies within it, and the dynamic symbol table can be read. `name` stands in the error.
/// Any bytes are safe to pass. [any]
[[nodiscard]] Result<Image> read_image(std::span<const std::byte> bytes, std::string_view name);

/// The same for an open file: reads by pread, so that a file which shrinks meanwhile is an error
/// and no SIGBUS. The file offset stays. [any]
[[nodiscard]] Result<Image> read_image(int fd, std::string_view name);

/// The same for a path. [any]
[[nodiscard]] Result<Image> read_image_file(const std::filesystem::path& path);

} // namespace jig::plugin
