// tests/net/test_server.hpp: a real server on a free port, on its own thread.
#pragma once

#include "net/event_loop.hpp"
#include "net/server.hpp"
#include "tests/net/test_client.hpp"

#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace jig::net::test {

/// Records what happens; answers what `on_text_do` answers.
class TestServer final : public Handler {
  public:
    using OnText = std::function<void(TestServer&, ClientId, std::string_view)>;

    static ServerOptions options();

    explicit TestServer(ServerOptions options = TestServer::options(), OnText on_text = {});
    ~TestServer() override;
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    Server& server() { return *server_; }
    EventLoop& loop() { return loop_; }

    /// Runs `job` on the net thread and waits for it.
    template <typename Job>
    auto on_loop(Job job) {
        std::packaged_task<decltype(job())()> task(std::move(job));
        auto result = task.get_future();
        loop_.post([&task] { task(); });
        return result.get();
    }

    /// Waits until a client with this number has come, or gone. False after ten seconds.
    bool wait_open(ClientId client);
    bool wait_closed(ClientId client);
    bool wait_texts(std::size_t count);

    std::vector<std::string> texts();
    std::vector<std::string> faults();
    /// Destroys the server while the loop goes on.
    void destroy();

    void on_open(ClientId client) override;
    void on_text(ClientId client, std::string_view text) override;
    void on_close(ClientId client) override;

  private:
    template <typename Condition>
    bool wait(Condition condition);

    EventLoop loop_;
    OnText on_text_do_;
    std::unique_ptr<Server> server_;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<ClientId> opened_;
    std::vector<ClientId> closed_;
    std::vector<std::string> texts_;
    std::vector<std::string> faults_;
    std::thread thread_;
};

} // namespace jig::net::test
