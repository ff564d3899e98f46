#include "tests/net/test_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace jig::net;
using namespace jig::net::test;
using namespace std::chrono_literals;
using testing::HasSubstr;

namespace {

/// Starts a shutdown; the future is ready when all is closed.
std::future<void> shut_down(TestServer& server, std::chrono::milliseconds deadline) {
    auto done = std::make_shared<std::promise<void>>();
    auto result = done->get_future();
    server.on_loop([&] {
        jig::kNetThread.assume();
        server.server().shut_down(deadline, [done] { done->set_value(); });
    });
    return result;
}

bool is_over(const std::future<void>& done) {
    return done.wait_for(10s) == std::future_status::ready;
}

class Nobody final : public Handler {
    void on_open(ClientId) override {}
    void on_text(ClientId, std::string_view) override {}
    void on_close(ClientId) override {}
};

std::string error_of_opening(ServerOptions options) {
    EventLoop loop;
    Nobody nobody;
    const auto server = Server::open(loop, std::move(options), nobody);
    return server ? "(opened)" : server.error();
}

} // namespace

TEST(Shutdown, clients_are_told_that_the_server_goes_away) {
    TestServer server;
    TestClient client(server.port());
    client.upgrade();
    ASSERT_TRUE(server.wait_open(1));
    const auto done = shut_down(server, 1h);
    EXPECT_EQ(client.read_close(), 1001);
    EXPECT_TRUE(is_over(done));
    EXPECT_TRUE(server.wait_closed(1));
    EXPECT_FALSE(TestClient(server.port()).connected());
}

TEST(Shutdown, does_not_wait_for_connections_that_ask_nothing) {
    TestServer server;
    TestClient idle(server.port());
    TestClient half(server.port());
    half.send("GET / HT");
    EXPECT_EQ(
        status_of(TestClient(server.port()).request("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")),
        200); // the two before it have been accepted
    EXPECT_TRUE(is_over(shut_down(server, 1h)));
    EXPECT_TRUE(idle.read_to_end().has_value());
}

TEST(Shutdown, a_server_without_clients_is_done_at_once) {
    TestServer server;
    EXPECT_TRUE(is_over(shut_down(server, 1h)));
}

TEST(Shutdown, a_client_that_answers_nothing_is_cut) {
    TestServer server;
    TestClient deaf(server.port());
    deaf.upgrade();
    ASSERT_TRUE(server.wait_open(1));
    server.on_loop([&] {
        jig::kNetThread.assume();
        server.server().send(1, Message::binary(std::string(8'000'000, 'x')));
    });
    EXPECT_TRUE(is_over(shut_down(server, 20ms)));
    EXPECT_TRUE(server.wait_closed(1));
}

TEST(Shutdown, a_server_destroyed_with_clients_calls_nobody_back) {
    TestServer server;
    TestClient client(server.port());
    client.upgrade();
    ASSERT_TRUE(server.wait_open(1));
    TestClient idle(server.port());
    server.destroy();
    EXPECT_TRUE(client.read_to_end().has_value());
    EXPECT_EQ(server.on_loop([] { return 7; }), 7); // the loop goes on
}

TEST(Shutdown, the_port_is_free_at_once) {
    std::uint16_t port = 0;
    {
        TestServer server;
        port = server.port();
        TestClient client(port);
        client.upgrade();
        ASSERT_TRUE(server.wait_open(1));
    }
    auto options = TestServer::options();
    options.port = port;
    EXPECT_EQ(TestServer(options).port(), port);
}

TEST(Opening, a_taken_port_is_one_sentence_with_the_remedy) {
    TestServer server;
    auto options = TestServer::options();
    options.port = server.port();
    const std::string error = error_of_opening(options);
    EXPECT_THAT(error, HasSubstr("127.0.0.1 port " + std::to_string(server.port())));
    EXPECT_THAT(error, HasSubstr("--port"));
}

TEST(Opening, listens_on_both_loopbacks_with_the_same_port) {
    TestServer server;
    const std::string port = std::to_string(server.port());
    EXPECT_THAT(server.server().addresses(),
                testing::ElementsAre("127.0.0.1:" + port, "[::1]:" + port));
}

TEST(Opening, other_machines_are_let_in_with_a_token_only) {
    auto options = TestServer::options();
    options.listen = {"0.0.0.0"};
    options.token.clear();
    EXPECT_THAT(error_of_opening(options), HasSubstr("needs the token"));
    options.listen = {"::"};
    EXPECT_THAT(error_of_opening(options), HasSubstr("needs the token"));
    options.listen = {"127.0.0.1"};
    EXPECT_EQ(error_of_opening(options), "(opened)");
    options.listen = {"0.0.0.0"};
    options.token = kToken;
    EXPECT_EQ(error_of_opening(options), "(opened)");
}

TEST(Opening, an_address_that_is_none_or_not_ours_is_refused) {
    auto options = TestServer::options();
    options.listen = {"localhost"};
    EXPECT_THAT(error_of_opening(options), HasSubstr("\"localhost\" is no IP address"));
    options.listen = {"192.0.2.1"}; // TEST-NET-1: nobody has it
    EXPECT_THAT(error_of_opening(options), HasSubstr("no address 192.0.2.1"));
}

TEST(Opening, a_page_folder_must_exist) {
    auto options = TestServer::options();
    options.ui_dir = "/nonexistent";
    EXPECT_THAT(error_of_opening(options), HasSubstr("--ui-dir /nonexistent"));
}

TEST(Opening, loopback_is_told_from_the_rest) {
    for (const char* address : {"127.0.0.1", "127.9.9.9", "::1"}) {
        EXPECT_TRUE(is_loopback(address)) << address;
    }
    for (const char* address : {"0.0.0.0", "::", "10.0.0.1", "localhost", ""}) {
        EXPECT_FALSE(is_loopback(address)) << address;
    }
}
