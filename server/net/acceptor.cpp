#include "net/acceptor.hpp"

#include <cerrno>
#include <chrono>
#include <utility>

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <asio/error.hpp>
#include <asio/ip/address.hpp>
#include <asio/ip/v6_only.hpp>

namespace jig::net {

namespace {

using asio::ip::tcp;

constexpr std::chrono::milliseconds kRetryDelay{100};
/// More unsent bytes than this stay with us, where they can still be merged or dropped: the kernel
/// alone would hold megabytes of stale frames for a client that does not read.
constexpr int kMaxUnsentBytes = 16 * 1024;

void close_on_exec(int fd) {
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/// Best effort: a connection that closed meanwhile refuses options, and is found out soon.
void prepare(tcp::socket& socket) {
    close_on_exec(socket.native_handle());
    asio::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kMaxUnsentBytes,
                 sizeof kMaxUnsentBytes);
}

Acceptor::Failure classify(const asio::error_code& error) {
    if (error == asio::error::address_in_use) {
        return Acceptor::Failure::port_taken;
    }
    // By value: asio's category does not map to std::errc.
    const bool no_address = error.value() == EADDRNOTAVAIL || error.value() == EAFNOSUPPORT;
    return no_address ? Acceptor::Failure::no_such_address : Acceptor::Failure::other;
}

Error explain(Acceptor::Failure failure, const std::string& address, std::uint16_t port,
              const asio::error_code& error) {
    const std::string where = address + " port " + std::to_string(port);
    switch (failure) {
    case Acceptor::Failure::port_taken:
        return {"Another program already listens on " + where +
                "; end it or choose another --port."};
    case Acceptor::Failure::no_such_address:
        return {"This machine has no address " + address + "; give one of its own to --listen."};
    default:
        return {"Listening on " + where + " failed: " + error.message() +
                "; choose another --port or --listen."};
    }
}

} // namespace

struct Acceptor::Listening : std::enable_shared_from_this<Listening> {
    explicit Listening(asio::io_context& context) : acceptor(context), retry(context) {}

    tcp::acceptor acceptor;
    asio::steady_timer retry;
    OnSocket on_socket;

    void accept_next() {
        acceptor.async_accept(
            [self = shared_from_this()](const asio::error_code& error, tcp::socket socket) {
                if (!self->acceptor.is_open()) {
                    return;
                }
                if (error) {
                    self->accept_later();
                    return;
                }
                prepare(socket);
                self->on_socket(std::move(socket));
                if (self->acceptor.is_open()) {
                    self->accept_next();
                }
            });
    }

    void accept_later() {
        retry.expires_after(kRetryDelay);
        retry.async_wait([self = shared_from_this()](const asio::error_code& error) {
            if (!error && self->acceptor.is_open()) {
                self->accept_next();
            }
        });
    }
};

Acceptor::Acceptor(std::shared_ptr<Listening> listening, tcp::endpoint endpoint)
    : listening_(std::move(listening)), endpoint_(std::move(endpoint)) {}

Acceptor::~Acceptor() {
    asio::error_code ignored;
    listening_->acceptor.close(ignored);
    listening_->retry.cancel();
}

Result<std::unique_ptr<Acceptor>> Acceptor::listen(asio::io_context& context,
                                                   const std::string& address, std::uint16_t port,
                                                   Failure& failure) {
    failure = Failure::other;
    asio::error_code error;
    const auto ip = asio::ip::make_address(address, error);
    if (error) {
        return Error{"\"" + address + "\" is no IP address; --listen takes one, such as 0.0.0.0."};
    }
    auto listening = std::make_shared<Listening>(context);
    auto& acceptor = listening->acceptor;
    const tcp::endpoint wanted(ip, port);
    const auto attempt = [&](auto&& step) {
        if (!error) {
            step();
        }
    };
    acceptor.open(wanted.protocol(), error);
    attempt([&] { close_on_exec(acceptor.native_handle()); });
    attempt([&] { acceptor.set_option(tcp::acceptor::reuse_address(true), error); });
    if (ip.is_v6()) {
        attempt([&] { acceptor.set_option(asio::ip::v6_only(true), error); });
    }
    attempt([&] { acceptor.bind(wanted, error); });
    attempt([&] { acceptor.listen(asio::socket_base::max_listen_connections, error); });
    tcp::endpoint bound;
    attempt([&] { bound = acceptor.local_endpoint(error); });
    if (error) {
        failure = classify(error);
        return explain(failure, address, port, error);
    }
    failure = Failure::none;
    return std::unique_ptr<Acceptor>(new Acceptor(std::move(listening), bound));
}

void Acceptor::start(OnSocket on_socket) {
    listening_->on_socket = std::move(on_socket);
    listening_->accept_next();
}

} // namespace jig::net
