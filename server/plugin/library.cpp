#include "plugin/library.hpp"

#include "plugin/check.hpp"
#include "plugin/image.hpp"

#include <algorithm>
#include <dlfcn.h>
#include <fstream>
#include <link.h>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>
#if defined(__x86_64__)
#include <xmmintrin.h>
#else
#include <cfenv>
#endif

namespace jig::plugin {

namespace {

/// Restores the floating-point mode: a library linked with -ffast-math sets flush-to-zero in the
/// thread that loads it.
class FloatMode {
  public:
    FloatMode(const FloatMode&) = delete;
    FloatMode& operator=(const FloatMode&) = delete;
#if defined(__x86_64__)
    FloatMode() : mode_(_mm_getcsr()) {}
    ~FloatMode() {
        _mm_setcsr(mode_);
    }

  private:
    unsigned int mode_;
#else
    FloatMode() {
        std::fegetenv(&mode_);
    }
    ~FloatMode() {
        std::fesetenv(&mode_);
    }

  private:
    std::fenv_t mode_{};
#endif
};

Error fault(const std::filesystem::path& path, std::string words) {
    std::replace(words.begin(), words.end(), '\n', ' ');
    return {path.string() + ": " + words};
}

/// Device and inode of what is mapped at `address`, "" if nothing is.
std::string file_at(std::uintptr_t address) {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        std::istringstream fields(line);
        std::uintptr_t begin = 0;
        std::uintptr_t end = 0;
        char dash = 0;
        std::string access, offset, device, inode;
        fields >> std::hex >> begin >> dash >> end >> access >> offset >> device >> inode;
        if (fields && begin <= address && address < end) {
            return device + " " + inode;
        }
    }
    return {};
}

/// A fault that the image shows already, so that none of its code needs to run.
std::optional<std::string> image_fault(const Image& image) {
    if (image.exports_entry) {
        return std::nullopt;
    }
    if (!image.other_entries.empty()) {
        return "it is a plugin for another ABI (" + image.other_entries.front() +
               ") and this host wants " JIG_ENTRY_SYMBOL
               "; rebuild it with this host's jig/plugin.h";
    }
    return "it exports no " JIG_ENTRY_SYMBOL
           ", so it is no Jig plugin; define that function with JIG_EXPORT and extern \"C\", "
           "or link with jig_add_plugin";
}

} // namespace

bool is_mapped(const Mapping& mapping) {
    return !mapping.file.empty() && file_at(mapping.entry) == mapping.file;
}

Result<Library> Library::open(const std::filesystem::path& path) {
    const auto image = read_image_file(path);
    if (!image) {
        return Error{image.error()};
    }
    if (const auto words = image_fault(*image)) {
        return fault(path, *words);
    }
    std::error_code code;
    Library library;
    library.path_ = std::filesystem::absolute(path, code);
    if (code) {
        return fault(path, "cannot make its path absolute: " + code.message() +
                               "; start from a folder that exists");
    }
    const FloatMode keep;
    library.handle_ = ::dlopen(library.path_.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library.handle_ == nullptr) {
        const char* why = ::dlerror();
        return fault(path, std::string("cannot be loaded: ") + (why == nullptr ? "" : why) +
                               "; link it with all it needs (-Wl,-z,defs says what is missing)");
    }
    const auto entry_fn =
        reinterpret_cast<jig_entry_fn>(::dlsym(library.handle_, JIG_ENTRY_SYMBOL));
    if (entry_fn == nullptr) {
        return fault(path, "the loader finds no " JIG_ENTRY_SYMBOL " in it; rebuild it");
    }
    link_map* map = nullptr;
    if (::dlinfo(library.handle_, RTLD_DI_LINKMAP, &map) == 0) {
        library.mapping_.base = map->l_addr;
    }
    library.mapping_.entry = reinterpret_cast<std::uintptr_t>(entry_fn);
    library.mapping_.file = file_at(library.mapping_.entry);
    library.entry_ = entry_fn();
    if (const auto words = entry_fault(library.entry_); !words.empty()) {
        return fault(path, words);
    }
    return library;
}

Library::Library(Library&& other) noexcept
    : path_(std::move(other.path_)), handle_(std::exchange(other.handle_, nullptr)),
      entry_(std::exchange(other.entry_, nullptr)), mapping_(std::move(other.mapping_)) {}

Library& Library::operator=(Library&& other) noexcept {
    if (this != &other) {
        close();
        path_ = std::move(other.path_);
        handle_ = std::exchange(other.handle_, nullptr);
        entry_ = std::exchange(other.entry_, nullptr);
        mapping_ = std::move(other.mapping_);
    }
    return *this;
}

Library::~Library() {
    close();
}

bool Library::close() {
    if (handle_ == nullptr) {
        return true;
    }
    const FloatMode keep;
    entry_ = nullptr;
    ::dlclose(std::exchange(handle_, nullptr));
    return !is_mapped(mapping_);
}

Result<const jig_plugin*> Library::select(std::string_view id) const {
    if (id.empty()) {
        return entry_->plugins[0];
    }
    std::string ids;
    for (std::uint32_t i = 0; i < entry_->plugin_count; ++i) {
        if (entry_->plugins[i]->id == id) {
            return entry_->plugins[i];
        }
        ids += (i == 0 ? "" : ", ") + std::string(entry_->plugins[i]->id);
    }
    return fault(path_, "it holds no plugin \"" + std::string(id) + "\"; choose one of " + ids);
}

} // namespace jig::plugin
