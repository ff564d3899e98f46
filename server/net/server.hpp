// jig/net/server.hpp: the page over HTTP and clients over WebSocket, as bytes; the only open port.
#pragma once

#include "base/assets.hpp"
#include "base/result.hpp"
#include "base/thread_role.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jig::net {

class EventLoop;

/// Counts from 1; never used again within one server.
using ClientId = std::uint32_t;

/// What happens to clients. A throw closes that client and is reported; it harms nobody else.
class Handler {
  public:
    virtual ~Handler() = default;

    /// The handshake is over, the token was right.
    virtual void on_open(ClientId client) ON_NET_THREAD = 0;
    /// A whole text message, valid UTF-8, at most `max_message_bytes`.
    virtual void on_text(ClientId client, std::string_view text) ON_NET_THREAD = 0;
    /// Once for each on_open, unless the server is destroyed first; the id is no longer known to
    /// it.
    virtual void on_close(ClientId client) ON_NET_THREAD = 0;
};

/// Bytes of one WebSocket message, built once, sent to any number of clients without a copy.
class Message {
  public:
    Message() = default;
    /// [any]
    [[nodiscard]] static Message text(std::string utf8);
    [[nodiscard]] static Message binary(std::string bytes);

    [[nodiscard]] std::size_t size() const { return size_; }
    /// The bytes themselves, which all copies share; valid as long as one of them. [any]
    [[nodiscard]] std::string_view payload() const;

  private:
    friend class Server;
    Message(std::shared_ptr<void> prepared, std::size_t size)
        : prepared_(std::move(prepared)), size_(size) {}

    std::shared_ptr<void> prepared_;
    std::size_t size_ = 0;
};

struct ServerOptions {
    std::uint16_t port = 8765;            ///< 0: any free one, see Server::port()
    std::vector<std::string> listen;      ///< IP addresses; empty: 127.0.0.1 and ::1
    std::vector<std::string> allow_hosts; ///< further names that a Host header may carry
    std::string token;                    ///< empty: none asked for, loopback only
    Assets assets;                        ///< the page
    std::string ui_dir;                   ///< a folder that replaces `assets`; empty: none
    std::size_t max_clients = 64;         ///< WebSockets
    std::size_t max_connections = 256;    ///< of any kind, pages under way included
    std::size_t max_message_bytes = 256 * 1024;
    std::size_t max_buffered_bytes = 8 * 1024 * 1024; ///< for a client that does not read
    std::chrono::milliseconds ping_period{5'000};
    std::chrono::milliseconds ping_deadline{15'000};
    std::chrono::milliseconds handshake_timeout{30'000}; ///< covers a page's download as well
};

/// Everything is called on the thread that runs the loop, or before it runs. Outlived by `loop`.
class Server {
  public:
    /// Listens. Errors: a port that is taken, an address that is not ours, an address beyond this
    /// machine without a token, a ui_dir that is no folder. `handler` outlives the server.
    [[nodiscard]] static Result<std::unique_ptr<Server>>
    open(EventLoop& loop, ServerOptions options, Handler& handler);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    /// Where it listens, as a URL names it: "127.0.0.1:8765", "[::1]:8765".
    [[nodiscard]] std::vector<std::string> addresses() const;

    /// In order for each client. Nothing happens when `client` is gone. A client whose unread
    /// messages pass max_buffered_bytes is closed (1013).
    void send(ClientId client, const Message& message) ON_NET_THREAD;
    /// Bytes that wait for the client's socket; 0 when it keeps up, or is gone.
    [[nodiscard]] std::size_t buffered_bytes(ClientId client) const ON_NET_THREAD;
    /// Ends a client with a WebSocket close code (1000, 1008, 1011 …); on_close follows, later.
    void close(ClientId client, std::uint16_t code, std::string_view reason) ON_NET_THREAD;

    /// Stops listening, closes every client (1001), calls `done` when all are gone, at the latest
    /// after `deadline`: what is left then is cut.
    void shut_down(std::chrono::milliseconds deadline, std::function<void()> done) ON_NET_THREAD;

  private:
    class Impl;
    explicit Server(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

/// Whether an IP address is this machine's own loopback. [any]
[[nodiscard]] bool is_loopback(std::string_view address);

} // namespace jig::net
