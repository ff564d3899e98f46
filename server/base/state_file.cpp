#include "base/state_file.hpp"

#include "base/fd.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace jig {

namespace {

constexpr std::size_t kMostBytes = 1 << 20;

Error failed(const std::string& what, const std::string& path) {
    return {what + " " + path + " failed: " + std::strerror(errno) +
            "; see to its folder's permissions."};
}

} // namespace

std::optional<std::string> state_path(std::string_view name) {
    // The XDG base directory specification: a path that is not absolute counts as unset.
    if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && state[0] == '/') {
        return std::string(state) + "/jig/" + std::string(name);
    }
    if (const char* home = std::getenv("HOME"); home != nullptr && home[0] == '/') {
        return std::string(home) + "/.local/state/jig/" + std::string(name);
    }
    return std::nullopt;
}

Result<std::string> read_state(const std::string& path) {
    // O_NONBLOCK: a FIFO in the file's place must not hold up the start.
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) {
        return errno == ENOENT ? Result<std::string>(std::string()) : failed("Opening", path);
    }
    struct stat info {};
    if (::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode) ||
        static_cast<std::size_t>(info.st_size) > kMostBytes) {
        return Error{path + " is no file of mine; remove it."};
    }
    std::string text;
    std::array<char, 4096> chunk{};
    while (text.size() <= kMostBytes) {
        const ssize_t got = ::read(fd.get(), chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return failed("Reading", path);
        }
        if (got == 0) {
            break;
        }
        text.append(chunk.data(), static_cast<std::size_t>(got));
    }
    return text;
}

Result<void> replace_state(const std::string& path, std::string_view text) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    std::error_code none;
    if (!std::filesystem::exists(folder, none)) {
        std::filesystem::create_directories(folder, none);
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, none);
    }
    std::string temporary = path + ".XXXXXX";
    const UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC)); // 0600 from the beginning
    if (!fd) {
        return failed("Creating", path);
    }
    while (!text.empty()) {
        const ssize_t written = ::write(fd.get(), text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            auto error = failed("Writing", path);
            ::unlink(temporary.c_str());
            return error;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    // On the disk before it takes the place: a power cut leaves the old one.
    if (::fsync(fd.get()) != 0 || ::rename(temporary.c_str(), path.c_str()) != 0) {
        auto error = failed("Replacing", path);
        ::unlink(temporary.c_str());
        return error;
    }
    return {};
}

} // namespace jig
