#include "link/channel.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>

namespace jig::link {

namespace {

/// Descriptors that wait for their messages; a peer that sends more loses them.
constexpr std::size_t kMaxFds = 16;

struct Header {
    std::uint32_t size;
    Kind kind;
    std::uint32_t id;
    std::uint32_t has_fd;
};

} // namespace

Result<std::pair<Channel, Channel>> Channel::pair() {
    std::array<int, 2> fds{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds.data()) != 0) {
        return Error{std::string("cannot make the control channel (socketpair): ") +
                     std::strerror(errno)};
    }
    return std::pair(Channel(UniqueFd(fds[0])), Channel(UniqueFd(fds[1])));
}

Result<void> Channel::send_bytes(Kind kind, std::uint32_t id, std::span<const std::byte> payload,
                                 int fd, int patience_ms) {
    if (payload.size() > kMaxPayload) {
        return Error{"a control message of " + std::to_string(payload.size()) +
                     " bytes is larger than the channel takes"};
    }
    const Header header{static_cast<std::uint32_t>(payload.size()), kind, id, fd >= 0 ? 1u : 0u};
    std::vector<std::byte> bytes(sizeof header + payload.size());
    std::memcpy(bytes.data(), &header, sizeof header);
    if (!payload.empty()) {
        std::memcpy(bytes.data() + sizeof header, payload.data(), payload.size());
    }

    std::size_t sent = 0;
    while (sent < bytes.size()) {
        iovec io{bytes.data() + sent, bytes.size() - sent};
        msghdr message{};
        message.msg_iov = &io;
        message.msg_iovlen = 1;
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
        if (fd >= 0 && sent == 0) {
            message.msg_control = control.data();
            message.msg_controllen = control.size();
            cmsghdr* attached = CMSG_FIRSTHDR(&message);
            attached->cmsg_level = SOL_SOCKET;
            attached->cmsg_type = SCM_RIGHTS;
            attached->cmsg_len = CMSG_LEN(sizeof(int));
            std::memcpy(CMSG_DATA(attached), &fd, sizeof fd);
        }
        const auto n = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
        if (n >= 0) {
            sent += static_cast<std::size_t>(n);
            continue;
        }
        if (errno == EINTR) {
            continue;
        }
        pollfd writable{socket_.get(), POLLOUT, 0};
        if (errno != EAGAIN || ::poll(&writable, 1, patience_ms) == 0) {
            return Error{errno == EAGAIN
                             ? std::string("the other process does not read its control "
                                           "channel")
                             : std::string("the control channel is closed: ") +
                                   std::strerror(errno)};
        }
    }
    return {};
}

bool Channel::receive(std::vector<Message>& messages) {
    bool open = true;
    for (;;) {
        std::array<std::byte, 65536> chunk;
        iovec io{chunk.data(), chunk.size()};
        alignas(cmsghdr) std::array<char, CMSG_SPACE(4 * sizeof(int))> control{};
        msghdr message{};
        message.msg_iov = &io;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        const auto n = ::recvmsg(socket_.get(), &message, MSG_CMSG_CLOEXEC);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            open = n < 0 && errno == EAGAIN;
            break;
        }
        for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
            if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) {
                continue;
            }
            const std::size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            for (std::size_t i = 0; i < count; ++i) {
                int fd = -1;
                std::memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof fd);
                UniqueFd received(fd);
                if (fds_.size() < kMaxFds) {
                    fds_.push_back(std::move(received));
                }
            }
        }
        in_.insert(in_.end(), chunk.begin(), chunk.begin() + n);
        if (in_.size() > kMaxPayload + sizeof(Header) + chunk.size()) {
            break; // what is here first; the rest waits in the socket
        }
    }

    std::size_t at = 0;
    while (in_.size() - at >= sizeof(Header)) {
        Header header{};
        std::memcpy(&header, in_.data() + at, sizeof header);
        if (header.size > kMaxPayload) {
            return false;
        }
        if (in_.size() - at - sizeof header < header.size) {
            break;
        }
        const auto begin = in_.begin() + static_cast<std::ptrdiff_t>(at + sizeof header);
        Message message{header.kind, header.id, {begin, begin + header.size}, UniqueFd()};
        if (header.has_fd != 0 && !fds_.empty()) {
            message.fd = std::move(fds_.front());
            fds_.pop_front();
        }
        messages.push_back(std::move(message));
        at += sizeof header + header.size;
    }
    in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(at));
    return open;
}

} // namespace jig::link
