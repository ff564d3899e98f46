// The only file that includes websocketpp, which takes long to compile and refuses C++20; hence its
// length.
#include "net/server.hpp"

#include "net/acceptor.hpp"
#include "net/event_loop.hpp"
#include "net/http.hpp"
#include "net/security.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <sys/resource.h>

#include <websocketpp/concurrency/none.hpp>
#include <websocketpp/config/asio_no_tls.hpp>
#include <websocketpp/logger/stub.hpp>
#include <websocketpp/server.hpp>

namespace jig::net {

namespace {

namespace ws = websocketpp;
using Clock = std::chrono::steady_clock;
using asio::ip::tcp;

constexpr long kCloseHandshakeMs = 1'000;
constexpr rlim_t kWantedDescriptors = 8'192;
/// Unanswered pings of a client that does not read are not answered for ever.
constexpr std::size_t kMaxBufferedForPong = 64 * 1024;

/// How many connections of any kind exist, and what to do when the last one ends.
struct Population {
    std::size_t count = 0;
    std::function<void()> on_empty;
};

/// What we keep in every connection of websocketpp's.
class ConnectionState {
  public:
    ConnectionState() = default;
    ConnectionState(const ConnectionState&) = delete;
    ConnectionState& operator=(const ConnectionState&) = delete;
    ~ConnectionState() {
        if (population_ && --population_->count == 0 && population_->on_empty) {
            population_->on_empty();
        }
    }

    void join(std::shared_ptr<Population> population) {
        population_ = std::move(population);
        ++population_->count;
    }

    ClientId client = 0; ///< 0: not open
    Clock::time_point last_heard;

  private:
    std::shared_ptr<Population> population_;
};

/// One thread, no locks, no log (the token stands in request targets), no bodies, no own pong
/// timer.
struct Config : ws::config::core {
    using type = Config;
    using concurrency_type = ws::concurrency::none;
    using alog_type = ws::log::stub;
    using elog_type = ws::log::stub;
    using connection_base = ConnectionState;

    struct transport_config : ws::config::core::transport_config {
        using concurrency_type = type::concurrency_type;
        using alog_type = type::alog_type;
        using elog_type = type::elog_type;
        using socket_type = ws::transport::asio::basic_socket::endpoint;
        static bool const enable_multithreading = false;
    };
    using transport_type = ws::transport::asio::endpoint<transport_config>;

    static const long timeout_pong = 0;
    static const size_t max_http_body_size = 0;
};

using Endpoint = ws::server<Config>;
using Connection = Endpoint::connection_type;
using ConnectionPtr = Endpoint::connection_ptr;
using WebSocketMessage = Endpoint::message_ptr;

/// A message that is ready for the wire: websocketpp sends it as it is, to whomever.
std::shared_ptr<void> prepared(ws::frame::opcode::value opcode, std::string payload) {
    static const auto kMessages = std::make_shared<Config::con_msg_manager_type>();
    auto message = kMessages->get_message(opcode, 0);
    const ws::frame::basic_header basic(opcode, payload.size(), true, false);
    const ws::frame::extended_header extended(payload.size());
    message->set_header(ws::frame::prepare_header(basic, extended));
    message->get_raw_payload() = std::move(payload);
    message->set_prepared(true);
    return message;
}

std::optional<std::string_view> header(const Config::request_type& request, const char* name) {
    const auto& headers = request.get_headers();
    const auto found = headers.find(name);
    return found == headers.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

/// Everything but the address; its views live as long as the request.
RequestHead head_of(const Config::request_type& request) {
    RequestHead head;
    head.method = request.get_method();
    head.target = request.get_uri();
    head.host = header(request, "Host");
    head.origin = header(request, "Origin");
    head.authorization = header(request, "Authorization");
    head.websocket_version = header(request, "Sec-WebSocket-Version");
    head.content_length = header(request, "Content-Length");
    head.transfer_encoding = header(request, "Transfer-Encoding");
    head.if_none_match = header(request, "If-None-Match");
    return head;
}

std::string local_address(Connection& connection) {
    asio::error_code error;
    const auto endpoint = connection.get_raw_socket().local_endpoint(error);
    return error ? std::string() : endpoint.address().to_string();
}

void write_response(Connection& connection, const Response& response) {
    connection.set_status(static_cast<ws::http::status_code::value>(response.status));
    for (const auto& [name, value] : response.headers) {
        connection.replace_header(name, value);
    }
    connection.set_body(response.body);
    if (response.status != 304) {
        connection.replace_header("Content-Length", std::to_string(response.content_length));
    }
}

/// Running out of descriptors would stop every accept.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < kWantedDescriptors) {
        limit.rlim_cur = std::min(limit.rlim_max, kWantedDescriptors);
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

} // namespace

class Server::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(EventLoop& loop, ServerOptions options, Pages pages, Handler& handler)
        : loop_(loop), options_(std::move(options)), pages_(std::move(pages)),
          handler_(handler), rules_{options_.allow_hosts, options_.token} {}

    Result<void> listen() {
        const bool is_default = options_.listen.empty();
        const std::vector<std::string> addresses =
            is_default ? std::vector<std::string>{"127.0.0.1", "::1"} : options_.listen;
        for (const std::string& address : addresses) {
            auto failure = Acceptor::Failure::none;
            const std::uint16_t port = acceptors_.empty() ? options_.port : this->port();
            auto acceptor = Acceptor::listen(loop_.context(), address, port, failure);
            if (acceptor) {
                acceptors_.push_back(*std::move(acceptor));
            } else if (!is_default || acceptors_.empty() ||
                       failure != Acceptor::Failure::no_such_address) {
                return Error{acceptor.error()}; // a machine without IPv6 does without ::1
            }
        }
        return {};
    }

    void start() {
        endpoint_.init_asio(&loop_.context());
        endpoint_.set_user_agent("");
        endpoint_.set_open_handshake_timeout(static_cast<long>(options_.handshake_timeout.count()));
        endpoint_.set_close_handshake_timeout(kCloseHandshakeMs);
        endpoint_.set_max_message_size(options_.max_message_bytes);
        endpoint_.set_max_http_body_size(0);
        set_handlers();
        for (const auto& acceptor : acceptors_) {
            acceptor->start([this](tcp::socket socket) { adopt(std::move(socket)); });
        }
        pings_ = loop_.every(options_.ping_period, [this] { ping_all(); });
    }

    [[nodiscard]] std::uint16_t port() const { return acceptors_.front()->endpoint().port(); }

    [[nodiscard]] std::vector<std::string> addresses() const {
        std::vector<std::string> result;
        for (const auto& acceptor : acceptors_) {
            const auto endpoint = acceptor->endpoint();
            const std::string ip = endpoint.address().to_string();
            result.push_back((endpoint.address().is_v6() ? "[" + ip + "]" : ip) + ":" +
                             std::to_string(endpoint.port()));
        }
        return result;
    }

    void send(ClientId client, const std::shared_ptr<void>& message, std::size_t size) {
        const ConnectionPtr connection = find(client);
        if (!connection || !message) {
            return;
        }
        if (connection->get_buffered_amount() + size > options_.max_buffered_bytes) {
            close(client, ws::close::status::try_again_later,
                  "The client does not read what it is sent.");
            return;
        }
        connection->send(std::static_pointer_cast<Config::message_type>(message));
    }

    [[nodiscard]] std::size_t buffered_bytes(ClientId client) const {
        const ConnectionPtr connection = find(client);
        return connection ? connection->get_buffered_amount() : 0;
    }

    void close(ClientId client, std::uint16_t code, std::string_view reason) {
        if (const ConnectionPtr connection = find(client)) {
            ws::lib::error_code ignored; // it is closing already
            connection->close(code, std::string(reason), ignored);
        }
    }

    void shut_down(std::chrono::milliseconds deadline, std::function<void()> done) {
        acceptors_.clear();
        pings_.reset();
        done_ = std::move(done);
        // Posted: the last connection is still being destroyed when it says so.
        population_->on_empty = [this] {
            loop_.post(with_self([](Impl& self) { self.finish(); }));
        };
        for (const ConnectionPtr& connection : alive()) {
            if (connection->client != 0) {
                close(connection->client, ws::close::status::going_away, "The server shuts down.");
            } else {
                cut(*connection);
            }
        }
        deadline_ = loop_.after(deadline, [this] {
            for (const ConnectionPtr& connection : alive()) {
                cut(*connection);
            }
            finish();
        });
        if (population_->count == 0) {
            population_->on_empty();
        }
    }

    /// Nothing of this server is called back afterwards.
    void end() {
        acceptors_.clear();
        pings_.reset();
        deadline_.reset();
        done_ = nullptr;
        population_->on_empty = nullptr;
        ended_ = true;
        for (const ConnectionPtr& connection : alive()) {
            cut(*connection);
        }
    }

  private:
    /// A handler of websocketpp's that asks `member`. It may be called after our end, and nothing
    /// may be thrown out of it: the library would drop the connection, or all of them.
    template <typename... Arguments>
    auto question(const char* where, bool (Impl::*member)(Connection&, Arguments...)) {
        return [weak = weak_from_this(), where, member](const ws::connection_hdl& handle,
                                                        const Arguments&... arguments) {
            const auto self = weak.lock();
            const auto connection = std::static_pointer_cast<Connection>(handle.lock());
            if (!self || self->ended_ || !connection) {
                return false;
            }
            try {
                return (self.get()->*member)(*connection, arguments...);
            } catch (...) {
                self->loop_.report_fault(where);
                self->close(connection->client, ws::close::status::internal_endpoint_error,
                            "The server failed.");
                return false;
            }
        };
    }

    /// The same for what has no answer.
    template <typename... Arguments>
    auto event(const char* where, bool (Impl::*member)(Connection&, Arguments...)) {
        return [ask = question(where, member)](const ws::connection_hdl& handle,
                                               const Arguments&... arguments) {
            (void)ask(handle, arguments...);
        };
    }

    template <typename Job>
    std::function<void()> with_self(Job job) {
        return [weak = weak_from_this(), job] {
            if (const auto self = weak.lock()) {
                job(*self);
            }
        };
    }

    void set_handlers() {
        endpoint_.set_http_handler(event("an HTTP request", &Impl::on_http));
        endpoint_.set_validate_handler(question("a WebSocket handshake", &Impl::on_validate));
        endpoint_.set_open_handler(event("opening a client", &Impl::on_open));
        endpoint_.set_close_handler(event("closing a client", &Impl::on_close));
        endpoint_.set_message_handler(event("a client's message", &Impl::on_message));
        endpoint_.set_ping_handler(question("a client's ping", &Impl::on_ping));
        endpoint_.set_pong_handler(event("a client's pong", &Impl::on_pong));
    }

    void adopt(tcp::socket socket) {
        if (population_->count >= options_.max_connections) {
            return; // closes it
        }
        try {
            const ConnectionPtr connection = endpoint_.get_connection();
            connection->join(population_);
            connections_.push_back(connection);
            connection->get_raw_socket() = std::move(socket);
            connection->start();
        } catch (...) {
            loop_.report_fault("accepting a connection");
        }
        connections_.erase(std::remove_if(connections_.begin(), connections_.end(),
                                          [](const auto& entry) { return entry.expired(); }),
                           connections_.end());
    }

    bool on_http(Connection& connection) {
        const std::string address = local_address(connection);
        RequestHead head = head_of(connection.get_request());
        head.local_address = address;
        write_response(connection, answer(head, rules_, pages_));
        return true;
    }

    bool on_validate(Connection& connection) {
        const std::string address = local_address(connection);
        RequestHead head = head_of(connection.get_request());
        head.local_address = address;
        auto refusal = refuse_upgrade(head, rules_);
        if (!refusal && clients_.size() >= options_.max_clients) {
            refusal = Refusal{503, "Too many clients are connected; close another page."};
        }
        if (refusal) {
            write_response(connection, refusal_response(*refusal));
        }
        return !refusal;
    }

    bool on_open(Connection& connection) {
        connection.client = next_client_++;
        connection.last_heard = Clock::now();
        clients_.emplace(connection.client,
                         std::static_pointer_cast<Connection>(connection.get_shared()));
        kNetThread.assume();
        handler_.on_open(connection.client);
        return true;
    }

    bool on_message(Connection& connection, WebSocketMessage message) {
        connection.last_heard = Clock::now();
        if (message->get_opcode() != ws::frame::opcode::text) {
            close(connection.client, ws::close::status::unsupported_data,
                  "Requests are text frames.");
            return false;
        }
        kNetThread.assume();
        handler_.on_text(connection.client, message->get_payload());
        return true;
    }

    /// Whether websocketpp answers with a pong.
    bool on_ping(Connection& connection, std::string) {
        connection.last_heard = Clock::now();
        return connection.get_buffered_amount() < kMaxBufferedForPong;
    }

    bool on_pong(Connection& connection, std::string) {
        connection.last_heard = Clock::now();
        return true;
    }

    bool on_close(Connection& connection) {
        const bool was_open = clients_.erase(connection.client) > 0;
        if (was_open) {
            kNetThread.assume();
            handler_.on_close(connection.client);
        }
        return was_open;
    }

    void ping_all() {
        const auto clients = clients_; // a cut client leaves the map at once
        const auto now = Clock::now();
        for (const auto& [id, connection] : clients) {
            if (now - connection->last_heard > options_.ping_deadline) {
                cut(*connection);
            } else {
                ws::lib::error_code ignored; // it is closing
                connection->ping("", ignored);
            }
        }
    }

    static void cut(Connection& connection) {
        connection.terminate(ws::error::make_error_code(ws::error::operation_canceled));
    }

    void finish() {
        deadline_.reset();
        if (const auto done = std::exchange(done_, nullptr)) {
            done();
        }
    }

    [[nodiscard]] ConnectionPtr find(ClientId client) const {
        const auto found = clients_.find(client);
        return found == clients_.end() ? nullptr : found->second;
    }

    [[nodiscard]] std::vector<ConnectionPtr> alive() const {
        std::vector<ConnectionPtr> result;
        for (const auto& entry : connections_) {
            if (auto connection = entry.lock()) {
                result.push_back(std::move(connection));
            }
        }
        return result;
    }

    EventLoop& loop_;
    ServerOptions options_;
    Pages pages_;
    Handler& handler_;
    AccessRules rules_;
    bool ended_ = false;
    ClientId next_client_ = 1;
    std::function<void()> done_;
    std::shared_ptr<Population> population_ = std::make_shared<Population>();
    Endpoint endpoint_;
    std::map<ClientId, ConnectionPtr> clients_;
    std::vector<std::weak_ptr<Connection>> connections_;
    Loop::HandlePtr pings_;
    Loop::HandlePtr deadline_;
    std::vector<std::unique_ptr<Acceptor>> acceptors_;
};

Message Message::text(std::string utf8) {
    const std::size_t size = utf8.size();
    return {prepared(ws::frame::opcode::text, std::move(utf8)), size};
}

Message Message::binary(std::string bytes) {
    const std::size_t size = bytes.size();
    return {prepared(ws::frame::opcode::binary, std::move(bytes)), size};
}

std::string_view Message::payload() const {
    using Prepared = Config::message_type;
    return prepared_
               ? std::string_view(std::static_pointer_cast<Prepared>(prepared_)->get_payload())
               : std::string_view();
}

bool is_loopback(std::string_view address) {
    asio::error_code error;
    const auto ip = asio::ip::make_address(std::string(address), error);
    return !error && ip.is_loopback();
}

Server::Server(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
    impl_->end();
}

Result<std::unique_ptr<Server>> Server::open(EventLoop& loop, ServerOptions options,
                                             Handler& handler) {
    for (const std::string& address : options.listen) {
        if (options.token.empty() && !is_loopback(address)) {
            return Error{"--listen " + address +
                         " lets other machines in and needs the token; leave out --no-token."};
        }
    }
    auto pages = Pages::open(options.assets, options.ui_dir);
    if (!pages) {
        return Error{pages.error()};
    }
    raise_descriptor_limit();
    auto impl = std::make_shared<Impl>(loop, std::move(options), *std::move(pages), handler);
    if (auto listening = impl->listen(); !listening) {
        return Error{listening.error()};
    }
    impl->start();
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::uint16_t Server::port() const {
    return impl_->port();
}

std::vector<std::string> Server::addresses() const {
    return impl_->addresses();
}

void Server::send(ClientId client, const Message& message) {
    impl_->send(client, message.prepared_, message.size_);
}

std::size_t Server::buffered_bytes(ClientId client) const {
    return impl_->buffered_bytes(client);
}

void Server::close(ClientId client, std::uint16_t code, std::string_view reason) {
    impl_->close(client, code, reason);
}

void Server::shut_down(std::chrono::milliseconds deadline, std::function<void()> done) {
    impl_->shut_down(deadline, std::move(done));
}

} // namespace jig::net
