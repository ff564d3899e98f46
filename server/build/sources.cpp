#include "build/sources.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <sys/inotify.h>
#include <utility>

namespace jig::build {

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kEvents =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE | IN_CREATE | IN_ONLYDIR | IN_EXCL_UNLINK;

/// Without .s: compilers put such files into the temporary folder, wherever that is.
constexpr std::array<std::string_view, 23> kExtensions{
    ".c",   ".cc",   ".cpp",   ".cxx", ".c++", ".h",   ".hh",  ".hpp",
    ".hxx", ".inc",  ".inl",   ".ipp", ".tpp", ".S",   ".dsp", ".lib",
    ".rs",  ".toml", ".cmake", ".in",  ".mk",  ".def", ".map"};
constexpr std::array<std::string_view, 5> kNames{"CMakeLists.txt", "Makefile", "makefile",
                                                 "GNUmakefile", "meson.build"};

/// Hidden, or where a build keeps what it makes.
bool is_left_out(const fs::path& folder) {
    std::error_code none;
    return folder.filename().string().starts_with('.') || folder.filename() == "node_modules" ||
           fs::exists(folder / "CMakeCache.txt", none) ||
           fs::exists(folder / "build.ninja", none) || fs::exists(folder / "CACHEDIR.TAG", none);
}

} // namespace

bool is_source(const fs::path& file) {
    const std::string name = file.filename().string();
    if (name.starts_with('.') || name.starts_with('#')) {
        return false;
    }
    const std::string extension = file.extension().string();
    return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end() ||
           std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

Sources::Sources(Loop& loop, std::function<void(const fs::path&)> on_change)
    : loop_(loop), on_change_(std::move(on_change)),
      inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {}

Result<std::unique_ptr<Sources>> Sources::watch(Loop& loop, std::vector<fs::path> roots,
                                                std::function<void(const fs::path&)> on_change) {
    std::unique_ptr<Sources> made(new Sources(loop, std::move(on_change)));
    if (!made->inotify_) {
        return Error{std::string("The sources cannot be watched: ") + std::strerror(errno) +
                     "; see fs.inotify.max_user_instances."};
    }
    for (const fs::path& root : roots) {
        std::error_code none;
        const fs::path real = fs::canonical(root, none);
        if (none) {
            return Error{"There is no " + root.string() +
                         " to watch; give --watch a folder of sources, or a file."};
        }
        if (!fs::is_directory(real, none)) {
            made->files_.push_back(real);
            const int watch =
                ::inotify_add_watch(made->inotify_.get(), real.parent_path().c_str(), kEvents);
            made->folders_[watch] = real.parent_path();
            made->whole_.try_emplace(watch, false);
        } else if (const auto added = made->add(real); !added) {
            return Error{added.error()};
        }
    }
    made->readable_ = loop.watch(made->inotify_.get(), [s = made.get()] { s->on_events(); });
    return made;
}

/// The folder and all beneath it.
Result<void> Sources::add(const fs::path& folder) {
    const int watch = ::inotify_add_watch(inotify_.get(), folder.c_str(), kEvents);
    if (watch < 0) {
        return Error{"The folder " + folder.string() +
                     " cannot be watched: " + std::strerror(errno) +
                     "; watch fewer folders, or raise fs.inotify.max_user_watches."};
    }
    folders_[watch] = folder;
    whole_[watch] = true;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
        if (entry.is_directory(none) && !entry.is_symlink(none) && !is_left_out(entry.path())) {
            if (const auto added = add(entry.path()); !added) {
                return Error{added.error()};
            }
        }
    }
    return {};
}

bool Sources::is_wanted(const fs::path& file) const {
    return std::find(files_.begin(), files_.end(), file) != files_.end();
}

void Sources::on_events() {
    alignas(inotify_event) char bytes[8192];
    for (ssize_t size; (size = ::read(inotify_.get(), bytes, sizeof bytes)) > 0;) {
        for (ssize_t at = 0; at < size;) {
            inotify_event event{};
            std::memcpy(&event, bytes + at, sizeof event);
            const char* name = bytes + at + sizeof event;
            at += static_cast<ssize_t>(sizeof event + event.len);
            const auto folder = folders_.find(event.wd);
            if ((event.mask & IN_Q_OVERFLOW) != 0) {
                saved({}); // something was missed: build
            } else if ((event.mask & IN_IGNORED) != 0) {
                folders_.erase(event.wd);
            } else if (folder != folders_.end() && event.len > 0) {
                const fs::path path = folder->second / name;
                const bool whole = whole_[event.wd];
                if ((event.mask & IN_ISDIR) != 0) {
                    if (whole && !is_left_out(path) &&
                        (event.mask & (IN_CREATE | IN_MOVED_TO)) != 0) {
                        static_cast<void>(add(path)); // what no watch fits for is seen by a rebuild
                    }
                } else if ((event.mask & IN_CREATE) == 0 &&
                           (whole ? is_source(path) : is_wanted(path))) {
                    saved(path);
                }
            }
        }
    }
}

void Sources::saved(const fs::path& file) {
    if (!quiet_) {
        first_ = file;
    }
    quiet_ = loop_.after(kQuiet, [this] { tell(); });
}

void Sources::tell() {
    const auto over = std::exchange(quiet_, nullptr);
    on_change_(first_);
}

} // namespace jig::build
