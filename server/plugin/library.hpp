// jig/plugin/library.hpp: a plugin's shared library: loaded, checked whole, unloaded once.
#pragma once

#include "base/result.hpp"

#include <jig/plugin.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace jig::plugin {

/// Where a library lies in this process; a plain value that outlives the Library.
struct Mapping {
    std::uintptr_t base = 0;  ///< load base: an address in the library minus this is the file's own
    std::uintptr_t entry = 0; ///< address of jig_entry_v1
    std::string file;         ///< device and inode, as /proc/self/maps writes them
};

/// Whether this process still maps `mapping` (threads or unique symbols can keep it after dlclose).
/// Ask soon after the dlclose, before an address or an inode is used again. [main]
[[nodiscard]] bool is_mapped(const Mapping& mapping);

/// What a plugin's author is allowed.
inline constexpr std::uint32_t kMaxParams = 4096;
inline constexpr std::uint32_t kMaxTaps = 64;
inline constexpr std::uint32_t kMaxPresets = 1024;
inline constexpr std::uint32_t kMaxChannels = 32; ///< in each direction, over all buses
inline constexpr std::uint32_t kMaxPlugins = 256;

/// Everything here is [main]: it loads code, which runs the library's initialisers. The plugin
/// tables live as long as the Library.
class Library {
  public:
    /// Loads and checks everything that can be checked without an instance. The error is one line
    /// that names the file, the fault and the remedy. A path that is loaded already gives the
    /// library that is loaded, whatever the file now holds: the caller copies each build to a path
    /// of its own.
    static Result<Library> open(const std::filesystem::path& path);

    Library(Library&& other) noexcept;
    Library& operator=(Library&& other) noexcept;
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
    ~Library();

    /// The plugin with this id, or the first one if `id` is empty. The error lists the ids there
    /// are.
    [[nodiscard]] Result<const jig_plugin*> select(std::string_view id = {}) const;

    [[nodiscard]] const jig_entry& entry() const { return *entry_; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] const Mapping& mapping() const { return mapping_; }

    /// Unloads it now; returns whether the mapping is gone. The Library is empty afterwards.
    bool close();

  private:
    Library() = default;

    std::filesystem::path path_;
    void* handle_ = nullptr;
    const jig_entry* entry_ = nullptr;
    Mapping mapping_;
};

} // namespace jig::plugin
