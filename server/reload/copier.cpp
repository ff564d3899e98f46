#include "reload/copier.hpp"

#include "base/fd.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/fs.h>
#include <optional>
#include <string>
#include <sys/ioctl.h>
#include <vector>

namespace jig::reload {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kTemporaryPrefix = "jig-copies-";

/// Unique in the process; with the process id, among those that live.
std::atomic<unsigned> copies_made{0};

struct CopyName {
    pid_t pid = 0;
    unsigned number = 0;
};

template <typename T>
bool read_number(std::string_view text, T& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

/// `.name.<pid>-<number>.so`
std::optional<CopyName> parse_copy_name(std::string_view name) {
    if (name.size() < 4 || name.front() != '.' || !name.ends_with(".so")) {
        return {};
    }
    name.remove_suffix(3);
    const auto dot = name.rfind('.');
    const auto dash = name.rfind('-');
    CopyName copy;
    if (dot == 0 || dash == std::string_view::npos || dash < dot ||
        !read_number(name.substr(dot + 1, dash - dot - 1), copy.pid) ||
        !read_number(name.substr(dash + 1), copy.number)) {
        return {};
    }
    return copy;
}

bool is_dead(pid_t pid) {
    return pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH;
}

/// In a container every run may have the same process id: what this one cannot have made is left
/// over too.
bool is_leftover(const CopyName& name) {
    return is_dead(name.pid) || (name.pid == ::getpid() && name.number > copies_made.load());
}

Error fault(const std::string& what, int error) {
    return Error{what + ": " + std::strerror(error)};
}

/// Copies everything, sharing the blocks where the file system can.
int copy_bytes(int from, int to) {
    if (::ioctl(to, FICLONE, from) == 0) {
        return 0;
    }
    for (;;) {
        const auto n = ::copy_file_range(from, nullptr, to, nullptr, std::size_t{1} << 30, 0);
        if (n == 0) {
            return 0;
        }
        if (n < 0 && errno != EINTR) {
            break; // this pair of file systems cannot; what is copied stays copied
        }
    }
    std::vector<char> block(1u << 18);
    for (;;) {
        const auto n = ::read(from, block.data(), block.size());
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n == 0 ? 0 : errno;
        }
        for (ssize_t done = 0; done < n;) {
            const auto written =
                ::write(to, block.data() + done, static_cast<std::size_t>(n - done));
            if (written < 0 && errno != EINTR) {
                return errno;
            }
            done += written > 0 ? written : 0;
        }
    }
}

/// Makes a new file in `folder` that no other has opened; `path` says where.
UniqueFd make_copy_file(const fs::path& folder, const fs::path& source, mode_t mode,
                        fs::path& path) {
    for (int tries = 0; tries < 1000; ++tries) {
        std::string name = ".";
        name += source.stem().string();
        name += '.' + std::to_string(::getpid()) + '-' + std::to_string(++copies_made) + ".so";
        path = folder / name;
        UniqueFd fd(
            ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
        if (fd || errno != EEXIST) {
            return fd;
        }
    }
    return {};
}

bool is_read_only(int error) {
    return error == EACCES || error == EROFS || error == EPERM;
}

} // namespace

BuildCopy::~BuildCopy() {
    std::error_code ignored;
    fs::remove(path_, ignored);
}

Copier::~Copier() {
    if (!temporary_.empty()) {
        std::error_code ignored;
        fs::remove_all(temporary_, ignored);
    }
}

Result<fs::path> Copier::temporary_folder() {
    const std::lock_guard lock(mutex_);
    if (temporary_.empty()) {
        std::error_code error;
        auto name = (fs::temp_directory_path(error) /
                     (std::string(kTemporaryPrefix) + std::to_string(::getpid()) + "-XXXXXX"))
                        .string();
        if (::mkdtemp(name.data()) == nullptr) { // 0700: nobody else puts code there
            return fault("cannot make a temporary folder " + name + " for builds", errno);
        }
        temporary_ = name;
    }
    return temporary_;
}

Result<std::shared_ptr<BuildCopy>> Copier::copy(const fs::path& source) {
    const UniqueFd from(::open(source.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat before {};
    if (!from || ::fstat(from.get(), &before) != 0) {
        return fault("cannot open " + source.string(), errno);
    }
    if (!S_ISREG(before.st_mode)) {
        return Error{source.string() + " is no regular file; give the path of a plugin's .so"};
    }

    const mode_t mode = before.st_mode & 0777;
    fs::path path;
    UniqueFd to = make_copy_file(source.parent_path(), source, mode, path);
    if (!to && is_read_only(errno)) {
        auto folder = temporary_folder();
        if (!folder) {
            return Error{folder.error()};
        }
        to = make_copy_file(*folder, source, mode, path);
    }
    if (!to) {
        return fault("cannot make a copy of " + source.string() + " at " + path.string(), errno);
    }
    auto copy = std::make_shared<BuildCopy>(path, source, stamp_of(before));
    ::fchmod(to.get(), mode); // the umask may have taken some of it
    if (const int error = copy_bytes(from.get(), to.get()); error != 0) {
        return fault("cannot copy " + source.string() + " to " + path.string(), error);
    }
    struct stat after {};
    if (::fstat(from.get(), &after) != 0 || stamp_of(after) != stamp_of(before)) {
        return Error{source.string() + " was written while it was copied"};
    }
    return copy;
}

bool Copier::is_copy_name(std::string_view name) {
    return parse_copy_name(name).has_value();
}

std::size_t Copier::remove_leftovers(const fs::path& folder) {
    std::size_t removed = 0;
    std::error_code error;
    std::vector<fs::path> leftovers;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        const auto name = parse_copy_name(at->path().filename().string());
        if (name && is_leftover(*name)) {
            leftovers.push_back(at->path());
        }
    }
    const auto temporary = fs::temp_directory_path(error);
    for (fs::directory_iterator at(temporary, error), end; !error && at != end;
         at.increment(error)) {
        const std::string name = at->path().filename().string();
        pid_t pid = 0;
        struct stat status {};
        if (name.starts_with(kTemporaryPrefix) &&
            read_number(std::string_view(name).substr(kTemporaryPrefix.size(),
                                                      name.find('-', kTemporaryPrefix.size()) -
                                                          kTemporaryPrefix.size()),
                        pid) &&
            is_dead(pid) && ::lstat(at->path().c_str(), &status) == 0 &&
            status.st_uid == ::getuid() && S_ISDIR(status.st_mode)) {
            leftovers.push_back(at->path());
        }
    }
    for (const auto& path : leftovers) {
        std::error_code failed;
        removed += fs::remove_all(path, failed) > 0 && !failed ? 1 : 0;
    }
    return removed;
}

} // namespace jig::reload
