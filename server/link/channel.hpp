// jig/link/channel.hpp: the control channel: framed messages, and descriptors, over one socketpair.
#pragma once

#include "base/fd.hpp"
#include "base/result.hpp"
#include "link/archive.hpp"
#include "link/messages.hpp"

#include <cstddef>
#include <deque>
#include <span>
#include <utility>
#include <vector>

namespace jig::link {

/// One end. Not thread-safe.
class Channel {
  public:
    static constexpr std::size_t kMaxPayload = 16u << 20;

    struct Message {
        Kind kind{};
        std::uint32_t id = 0;
        std::vector<std::byte> payload;
        UniqueFd fd; ///< when one came along

        template <typename T>
        [[nodiscard]] bool read(T& value) const {
            return from_bytes(payload, value);
        }
    };

    Channel() = default;
    explicit Channel(UniqueFd socket) : socket_(std::move(socket)) {}

    /// Two connected ends, non-blocking, close-on-exec.
    [[nodiscard]] static Result<std::pair<Channel, Channel>> pair();

    [[nodiscard]] int fd() const { return socket_.get(); }
    [[nodiscard]] UniqueFd release() { return std::move(socket_); }

    /// Sends one message whole. Waits at most `patience_ms` for a peer that does not read, then
    /// fails.
    [[nodiscard]] Result<void> send_bytes(Kind kind, std::uint32_t id,
                                          std::span<const std::byte> payload, int fd = -1,
                                          int patience_ms = 1000);

    template <typename T>
    [[nodiscard]] Result<void> send(Kind kind, std::uint32_t id, const T& value, int fd = -1) {
        return send_bytes(kind, id, to_bytes(value), fd);
    }

    /// Takes in what has arrived; false: the peer is gone, or speaks nonsense.
    [[nodiscard]] bool receive(std::vector<Message>& messages);

  private:
    UniqueFd socket_;
    std::vector<std::byte> in_;
    std::deque<UniqueFd> fds_;
};

} // namespace jig::link
