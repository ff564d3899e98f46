#include "reload/watcher.hpp"

#include "reload/library_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <linux/magic.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <utility>

namespace jig::reload {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t kGone = IN_DELETE_SELF | IN_MOVE_SELF;
/// Of a folder on the way that has what leads on: its own end matters, and that of the next one.
/// A removed folder does not tell of its end as long as a file in it is mapped, as a build is.
constexpr std::uint32_t kLeft = IN_DELETE | IN_MOVED_FROM;
constexpr std::uint32_t kOnTheWay = kGone | kLeft;
/// Of the last folder there is: what leads on may appear.
constexpr std::uint32_t kWaiting = kGone | IN_CREATE | IN_MOVED_TO;
/// Of the folder itself.
constexpr std::uint32_t kFiles = kWaiting | IN_CLOSE_WRITE;

/// File systems on which another machine, or another process behind the mount, may write without
/// inotify's knowing.
bool is_remote(const fs::path& folder, std::string& name) {
    struct Remote {
        std::uint32_t magic;
        const char* name;
    };
    static constexpr std::array<Remote, 9> kRemote{{{0x6969, "NFS"},
                                                    {0x517b, "SMB"},
                                                    {0xff534d42, "CIFS"},
                                                    {0xfe534d42, "SMB2"},
                                                    {0x65735546, "FUSE"},
                                                    {0x01021997, "9p"},
                                                    {0x00c36400, "Ceph"},
                                                    {0x5346414f, "AFS"},
                                                    {0x786f4256, "VirtualBox shared folder"}}};
    struct statfs status {};
    if (::statfs(folder.c_str(), &status) != 0) {
        return false;
    }
    for (const auto& remote : kRemote) {
        if (static_cast<std::uint32_t>(status.f_type) == remote.magic) {
            name = remote.name;
            return true;
        }
    }
    return false;
}

fs::path normal(const fs::path& path) {
    std::error_code error;
    auto whole = fs::absolute(path, error).lexically_normal();
    return whole.has_filename() ? whole : whole.parent_path();
}

fs::path nearest_existing(fs::path path) {
    std::error_code error;
    while (!fs::is_directory(path, error) && path != path.parent_path()) {
        path = path.parent_path();
    }
    return path;
}

/// A link that is made in place, without a write: no close will follow.
bool is_complete_when_made(const fs::path& file) {
    struct stat status {};
    return ::lstat(file.c_str(), &status) == 0 &&
           (S_ISLNK(status.st_mode) || (S_ISREG(status.st_mode) && status.st_nlink > 1));
}

} // namespace

Watcher::Watcher(Loop& loop, fs::path target, std::function<void(const Changes&)> on_change,
                 WatchOptions options)
    : loop_(loop), target_(std::move(target)), on_change_(std::move(on_change)),
      options_(std::move(options)) {
    if (!options_.now) {
        options_.now = [] { return std::chrono::steady_clock::now(); };
    }
}

Watcher::~Watcher() = default;

Result<std::unique_ptr<Watcher>> Watcher::create(Loop& loop, fs::path target,
                                                 std::function<void(const Changes&)> on_change,
                                                 WatchOptions options) {
    target = normal(target);
    std::error_code error;
    const auto status = fs::status(target, error);
    const bool exists = fs::exists(status);
    if (exists && !fs::is_regular_file(status) && !fs::is_directory(status)) {
        return Error{target.string() + " is neither a library nor a folder; give the path of a "
                                       "plugin's .so or of the folder it is built in"};
    }
    std::unique_ptr<Watcher> watcher(
        new Watcher(loop, std::move(target), std::move(on_change), std::move(options)));
    watcher->target_is_folder_ =
        exists ? fs::is_directory(status) : !watcher->target_.filename().string().ends_with(".so");
    watcher->inotify_ = UniqueFd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (watcher->inotify_) {
        watcher->readable_ =
            loop.watch(watcher->inotify_.get(), [w = watcher.get()] { w->read_events(); });
    } else {
        watcher->poll_because(std::string("inotify is not available (") + std::strerror(errno) +
                              "; see fs.inotify.max_user_instances)");
    }
    watcher->arm();
    watcher->scan(false);
    return watcher;
}

void Watcher::set_libraries(std::vector<fs::path> libraries) {
    for (auto& library : libraries) {
        library = normal(library);
    }
    if (libraries == libraries_) {
        return;
    }
    libraries_ = std::move(libraries);
    arm();
    for (const auto& [file, name] : wanted_) {
        known_.try_emplace(file, stamp_of(file));
    }
}

/// Links are followed anew each time: they may lead elsewhere by now.
void Watcher::collect() {
    wanted_.clear();
    auto files = libraries_;
    if (!target_is_folder_) {
        files.push_back(target_);
    }
    for (const auto& file : files) {
        std::error_code error;
        const auto real = fs::canonical(file, error);
        if (!error) {
            wanted_.try_emplace(real, file);
        }
        wanted_.insert_or_assign(file, file);
    }
}

void Watcher::arm() {
    collect();
    poll_if_needed();
    if (!inotify_) {
        return;
    }
    const auto before = std::exchange(folders_, {});
    if (target_is_folder_) {
        arm_folder(target_);
    }
    for (const auto& [file, name] : wanted_) {
        arm_folder(file.parent_path());
    }
    for (const auto& [watch, paths] : before) {
        if (!folders_.contains(watch)) {
            ::inotify_rm_watch(inotify_.get(), watch);
        }
    }
}

/// Watches the folder and the way to it. Where the way ends, a folder may have appeared between
/// the look at it and the watch on its parent: then once more.
void Watcher::arm_folder(const fs::path& folder) {
    for (int tries = 0; tries < 16; ++tries) {
        fs::path missing;
        std::uint32_t mask = kFiles;
        for (fs::path at = folder;; at = at.parent_path()) {
            std::error_code error;
            if (fs::is_directory(at, error)) {
                add_watch(at, mask);
                mask = fs::is_symlink(at, error) ? kWaiting : kOnTheWay;
            } else {
                missing = at;
                mask = kWaiting;
            }
            if (at == at.parent_path()) {
                break;
            }
        }
        std::error_code error;
        if (missing.empty() || !fs::is_directory(missing, error)) {
            return;
        }
    }
}

void Watcher::add_watch(const fs::path& folder, std::uint32_t mask) {
    const int watch =
        ::inotify_add_watch(inotify_.get(), folder.c_str(), mask | IN_ONLYDIR | IN_MASK_ADD);
    if (watch >= 0) {
        auto& names = folders_[watch];
        if (std::find(names.begin(), names.end(), folder) == names.end()) {
            names.push_back(folder);
        }
    } else if (errno == ENOSPC) {
        poll_because("inotify has no watch left; see fs.inotify.max_user_watches");
    }
}

void Watcher::poll_if_needed() {
    if (poll_ != nullptr || (options_.poll && !*options_.poll)) {
        return;
    }
    const auto folder = nearest_existing(target_is_folder_ ? target_ : target_.parent_path());
    std::string name;
    if (options_.poll) {
        poll_because("asked to");
    } else if (is_remote(folder, name)) {
        poll_because(folder.string() + " is on " + name +
                     ", which does not report what others write");
    }
}

void Watcher::poll_because(const std::string& reason) {
    if (poll_ != nullptr) {
        return;
    }
    note_ = "looks at " + target_.string() + " every " +
            std::to_string(options_.poll_every.count()) + " ms: " + reason;
    poll_ = loop_.every(options_.poll_every, [this] {
        collect();
        scan(true);
    });
}

void Watcher::read_events() {
    alignas(inotify_event) std::array<char, 16384> bytes;
    bool look_again = false;
    for (;;) {
        const auto size = ::read(inotify_.get(), bytes.data(), bytes.size());
        if (size <= 0) {
            break;
        }
        for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(size);) {
            inotify_event event{};
            std::memcpy(&event, bytes.data() + at, sizeof event);
            const char* name = event.len > 0 ? bytes.data() + at + sizeof event : "";
            look_again = handle(event.wd, event.mask, name) || look_again;
            at += sizeof event + event.len;
        }
    }
    if (look_again) {
        arm();
        scan(true);
    }
}

/// Whether the folders may have changed, or events are missing.
bool Watcher::handle(int watch, std::uint32_t mask, const char* name) {
    if ((mask & (IN_Q_OVERFLOW | IN_UNMOUNT | kGone)) != 0) {
        return true;
    }
    const auto found = folders_.find(watch);
    if (found == folders_.end() || *name == '\0') {
        return false;
    }
    bool look_again = false;
    if ((mask & kLeft) != 0) {
        return (mask & IN_ISDIR) != 0 && is_watched(found->second, name);
    }
    for (const auto& folder : found->second) {
        const auto file = folder / name;
        const bool is_link = is_complete_when_made(file);
        const auto* as = announced(file);
        if (as != nullptr && (is_link || (mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) != 0)) {
            known_[file] = stamp_of(file);
            touched(*as);
        }
        // A part of the way to a folder that was missing, or a link on it.
        look_again = look_again || is_link || (mask & IN_ISDIR) != 0;
    }
    return look_again;
}

bool Watcher::is_watched(const std::vector<fs::path>& parents, const char* name) const {
    return std::any_of(folders_.begin(), folders_.end(), [&](const auto& watch) {
        return std::any_of(parents.begin(), parents.end(), [&](const fs::path& parent) {
            const auto& names = watch.second;
            return std::find(names.begin(), names.end(), parent / name) != names.end();
        });
    });
}

const fs::path* Watcher::announced(const fs::path& file) const {
    const auto found = wanted_.find(file);
    if (found != wanted_.end()) {
        return &found->second;
    }
    const bool in_target = target_is_folder_ && file.parent_path() == target_ &&
                           is_library_name(file.filename().string());
    return in_target ? &file : nullptr;
}

void Watcher::scan(bool announce) {
    for (const auto& [file, name] : wanted_) {
        look_at(file, announce);
    }
    if (target_is_folder_) {
        std::error_code error;
        for (fs::directory_iterator at(target_, error), end; !error && at != end;
             at.increment(error)) {
            if (is_library_name(at->path().filename().string())) {
                look_at(at->path(), announce);
            }
        }
    }
}

void Watcher::look_at(const fs::path& file, bool announce) {
    const auto stamp = stamp_of(file);
    auto& known = known_[file];
    const bool changed = stamp != known;
    known = stamp;
    const auto* as = announced(file);
    if (changed && announce && stamp.exists() && as != nullptr) {
        touched(*as);
    }
}

void Watcher::touched(const fs::path& file) {
    const auto now = options_.now();
    if (pending_.empty()) {
        first_event_ = now;
    }
    if (std::find(pending_.begin(), pending_.end(), file) == pending_.end()) {
        pending_.push_back(file);
    }
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(first_event_ + options_.longest - now);
    const auto wait = std::clamp(left, std::chrono::milliseconds(0), options_.quiet);
    quiet_ = loop_.after(wait, [this] { tell(); });
}

void Watcher::tell() {
    const Changes changes{std::exchange(pending_, {}), first_event_};
    const auto on_change = on_change_; // which may destroy this
    on_change(changes);
}

} // namespace jig::reload
