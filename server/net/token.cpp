#include "net/token.hpp"

#include "base/fd.hpp"
#include "base/state_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>

namespace jig::net {

namespace {

constexpr std::size_t kMinTokenLength = 16;
constexpr std::size_t kMaxTokenLength = 128;
constexpr std::string_view kUrlSafe =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

Error failed(const std::string& what, const std::string& path) {
    return {what + " " + path + " failed: " + std::strerror(errno) +
            "; choose another file with --token-file."};
}

Result<std::string> read_all(int fd, const std::string& path) {
    std::array<char, kMaxTokenLength + 2> buffer{};
    std::size_t size = 0;
    while (size < buffer.size()) {
        const ssize_t got = ::read(fd, buffer.data() + size, buffer.size() - size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return failed("Reading the token file", path);
        }
        if (got == 0) {
            break;
        }
        size += static_cast<std::size_t>(got);
    }
    return std::string(buffer.data(), size);
}

/// The token in an open file, or why it is not to be trusted.
Result<std::string> read_token(int fd, const std::string& path) {
    struct stat info {};
    if (::fstat(fd, &info) != 0) {
        return failed("Looking at the token file", path);
    }
    if (!S_ISREG(info.st_mode) || info.st_uid != ::geteuid()) {
        return Error{"The token file " + path +
                     " is not a file of your own; remove it or choose "
                     "another with --token-file."};
    }
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return Error{
            "The token file " + path +
            " is open to other users; run chmod 600 on it, or remove it to get a new one."};
    }
    auto text = read_all(fd, path);
    if (!text) {
        return text;
    }
    std::string token = *std::move(text);
    if (!token.empty() && token.back() == '\n') {
        token.pop_back();
    }
    if (token.size() < kMinTokenLength || token.size() > kMaxTokenLength ||
        token.find_first_not_of(kUrlSafe) != std::string::npos) {
        return Error{"The token file " + path +
                     " does not hold 16 to 128 letters and digits; remove it to get a new one."};
    }
    return token;
}

Result<void> write_all(int fd, std::string_view text, const std::string& path) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return failed("Writing the token file", path);
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

/// Whether `path` now is a complete token file: ours, or that of a server that was quicker.
Result<void> create_token_file(const std::string& path) {
    auto token = make_token();
    if (!token) {
        return Error{token.error()};
    }
    std::error_code folder_error;
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (!folder.empty() && !std::filesystem::exists(folder, folder_error)) {
        std::filesystem::create_directories(folder, folder_error);
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, folder_error);
    }
    std::string temporary = path + ".XXXXXX";
    const UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC)); // 0600 from the beginning
    if (!fd) {
        return failed("Creating the token file", path);
    }
    auto written = write_all(fd.get(), *token + "\n", path);
    // A link never replaces: whoever is second reads the first one's token.
    const bool linked = written.ok() && ::link(temporary.c_str(), path.c_str()) == 0;
    const int link_error = errno;
    ::unlink(temporary.c_str());
    if (written.ok() && !linked && link_error != EEXIST) {
        errno = link_error;
        return failed("Creating the token file", path);
    }
    return written;
}

} // namespace

Result<std::string> make_token() {
    std::array<unsigned char, 16> bytes{};
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const ssize_t got = ::getrandom(bytes.data() + filled, bytes.size() - filled, 0);
        if (got < 0 && errno != EINTR) {
            return Error{std::string("The kernel gave no random bytes for the token: ") +
                         std::strerror(errno) + "."};
        }
        filled += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string token;
    for (const unsigned char byte : bytes) {
        token += kDigits[byte >> 4U];
        token += kDigits[byte & 15U];
    }
    return token;
}

Result<std::string> default_token_path() {
    if (const auto path = state_path("token")) {
        return *path;
    }
    return Error{"Neither XDG_STATE_HOME nor HOME names a folder for the token; "
                 "choose a file with --token-file."};
}

Result<std::string> load_or_create_token(const std::string& path) {
    for (int attempt = 0; attempt < 2; ++attempt) {
        // O_NONBLOCK: a FIFO in the file's place must not hold up the start.
        const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
        if (fd) {
            return read_token(fd.get(), path);
        }
        if (errno != ENOENT || attempt > 0) {
            break;
        }
        if (auto created = create_token_file(path); !created) {
            return Error{created.error()};
        }
    }
    return failed("Opening the token file", path);
}

} // namespace jig::net
