#include "tests/net/test_server.hpp"

#include "tests/net/test_page.hpp"

#include <algorithm>
#include <stdexcept>

namespace jig::net::test {

ServerOptions TestServer::options() {
    ServerOptions options;
    options.port = 0;
    options.token = kToken;
    options.assets = test_page();
    return options;
}

TestServer::TestServer(ServerOptions options, OnText on_text) : on_text_do_(std::move(on_text)) {
    loop_.on_fault([this](const std::string& what) {
        const std::lock_guard lock(mutex_);
        faults_.push_back(what);
    });
    auto server = Server::open(loop_, std::move(options), *this);
    if (!server) {
        throw std::runtime_error(server.error());
    }
    server_ = *std::move(server);
    port_ = server_->port();
    thread_ = std::thread([this] { loop_.run(); });
}

TestServer::~TestServer() {
    destroy();
    loop_.stop();
    thread_.join();
}

void TestServer::destroy() {
    on_loop([this] { server_.reset(); });
}

template <typename Condition>
bool TestServer::wait(Condition condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), condition);
}

bool TestServer::wait_open(ClientId client) {
    return wait([&] { return std::count(opened_.begin(), opened_.end(), client) == 1; });
}

bool TestServer::wait_closed(ClientId client) {
    return wait([&] { return std::count(closed_.begin(), closed_.end(), client) == 1; });
}

bool TestServer::wait_texts(std::size_t count) {
    return wait([&] { return texts_.size() >= count; });
}

std::vector<std::string> TestServer::texts() {
    const std::lock_guard lock(mutex_);
    return texts_;
}

std::vector<std::string> TestServer::faults() {
    const std::lock_guard lock(mutex_);
    return faults_;
}

void TestServer::on_open(ClientId client) {
    const std::lock_guard lock(mutex_);
    opened_.push_back(client);
    changed_.notify_all();
}

void TestServer::on_text(ClientId client, std::string_view text) {
    {
        const std::lock_guard lock(mutex_);
        texts_.emplace_back(text);
        changed_.notify_all();
    }
    if (on_text_do_) {
        on_text_do_(*this, client, text);
    }
}

void TestServer::on_close(ClientId client) {
    const std::lock_guard lock(mutex_);
    closed_.push_back(client);
    changed_.notify_all();
}

} // namespace jig::net::test
