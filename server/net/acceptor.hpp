// jig/net/acceptor.hpp: one listening address; for net's own files.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

namespace jig::net {

/// Accepts until it is destroyed. When the process has no descriptor left it waits a little instead
/// of spinning.
class Acceptor {
  public:
    using OnSocket = std::function<void(asio::ip::tcp::socket)>;

    enum class Failure { none, port_taken, no_such_address, other };

    /// Listens on an IP address. `failure` tells the reasons apart that a caller treats
    /// differently.
    [[nodiscard]] static Result<std::unique_ptr<Acceptor>> listen(asio::io_context& context,
                                                                  const std::string& address,
                                                                  std::uint16_t port,
                                                                  Failure& failure);
    ~Acceptor();
    Acceptor(const Acceptor&) = delete;
    Acceptor& operator=(const Acceptor&) = delete;

    /// Hands every connection over, ready to use: not inherited by children, not delayed, little
    /// unsent data held in the kernel. `on_socket` must not throw.
    void start(OnSocket on_socket);

    [[nodiscard]] asio::ip::tcp::endpoint endpoint() const { return endpoint_; }

  private:
    struct Listening;
    Acceptor(std::shared_ptr<Listening> listening, asio::ip::tcp::endpoint endpoint);

    std::shared_ptr<Listening> listening_;
    asio::ip::tcp::endpoint endpoint_;
};

} // namespace jig::net
