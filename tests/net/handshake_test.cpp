#include "tests/net/test_page.hpp"
#include "tests/net/test_server.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace jig::net;
using namespace jig::net::test;
using testing::HasSubstr;
using testing::Not;

namespace {

std::string get(const std::string& target, const std::string& method = "GET",
                const std::string& more = "") {
    return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
}

class Handshakes : public testing::Test {
  protected:
    int upgrade_status(const Handshake& handshake) const {
        TestClient client(server_.port());
        return status_of(client.upgrade(handshake.text()));
    }
    std::string ask(std::string_view request) const {
        return TestClient(server_.port()).request(request);
    }
    /// The server still serves.
    void expect_alive() const { EXPECT_EQ(status_of(ask(get("/"))), 200); }

    TestServer server_;
};

} // namespace

TEST_F(Handshakes, a_program_with_the_token_is_let_in) {
    TestClient client(server_.port());
    const std::string head = client.upgrade();
    EXPECT_EQ(status_of(head), 101);
    EXPECT_THAT(head, HasSubstr("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    EXPECT_TRUE(server_.wait_open(1));
}

TEST_F(Handshakes, the_page_with_its_own_origin_is_let_in) {
    const std::string host = "127.0.0.1:" + std::to_string(server_.port());
    EXPECT_EQ(upgrade_status({"GET", Handshake{}.target, {host}, "13", {"Origin: http://" + host}}),
              101);
    EXPECT_EQ(upgrade_status(
                  {"GET",
                   "/ws",
                   {"localhost:9"},
                   "13",
                   {"Origin: http://localhost:9", std::string("Authorization: Bearer ") + kToken}}),
              101);
}

TEST_F(Handshakes, over_ipv6_too) {
    TestClient client(server_.port(), true);
    ASSERT_TRUE(client.connected());
    Handshake handshake;
    handshake.hosts = {"[::1]:" + std::to_string(server_.port())};
    EXPECT_EQ(status_of(client.upgrade(handshake.text())), 101);
}

TEST_F(Handshakes, compression_is_not_agreed_to_and_the_software_not_named) {
    TestClient client(server_.port());
    Handshake handshake;
    handshake.extra = {"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"};
    const std::string head = client.upgrade(handshake.text());
    EXPECT_EQ(status_of(head), 101);
    EXPECT_THAT(head, Not(HasSubstr("Extensions")));
    EXPECT_THAT(head, Not(HasSubstr("Server:")));
    EXPECT_THAT(ask(get("/")), Not(HasSubstr("Server:")));
}

TEST_F(Handshakes, hostile_origins_are_refused) {
    for (const std::string origin : {"http://evil.org", "null", "file://", "https://127.0.0.1",
                                     "http://127.0.0.1:1", "chrome-extension://a"}) {
        Handshake handshake;
        handshake.extra = {"Origin: " + origin};
        EXPECT_EQ(upgrade_status(handshake), 403) << origin;
    }
    Handshake twice;
    twice.extra = {"Origin: http://127.0.0.1", "Origin: http://evil.org"};
    EXPECT_EQ(upgrade_status(twice), 403);
}

TEST_F(Handshakes, an_origin_is_read_whatever_version_is_claimed) {
    for (const std::string version : {"", "0", "7", "8", "12", "14", "x"}) {
        Handshake handshake;
        handshake.version = version;
        handshake.extra = {"Origin: http://evil.org", "Sec-WebSocket-Key1: 1",
                           "Sec-WebSocket-Key2: 2"};
        TestClient client(server_.port());
        const int status = status_of(client.upgrade(handshake.text() + "12345678"));
        EXPECT_THAT(status, testing::AllOf(testing::Ge(400), testing::Lt(501))) << version;
    }
}

TEST_F(Handshakes, only_version_13_gets_in) {
    for (const std::string version : {"", "0", "7", "8", "12", "14", "x", "13.5"}) {
        Handshake handshake;
        handshake.version = version;
        handshake.extra = {"Sec-WebSocket-Key1: 1 2", "Sec-WebSocket-Key2: 2 4"};
        TestClient client(server_.port());
        const int status = status_of(client.upgrade(handshake.text() + "12345678"));
        EXPECT_THAT(status, testing::AllOf(testing::Ge(400), testing::Lt(501))) << version;
    }
}

TEST_F(Handshakes, foreign_and_doubled_hosts_are_refused) {
    Handshake handshake;
    handshake.hosts = {"evil.org"};
    EXPECT_EQ(upgrade_status(handshake), 403);
    handshake.hosts = {"127.0.0.1", "127.0.0.1"};
    EXPECT_EQ(upgrade_status(handshake), 400);
    handshake.hosts = {"127.0.0.1", "evil.org"};
    EXPECT_EQ(upgrade_status(handshake), 400);
    handshake.hosts = {};
    EXPECT_EQ(upgrade_status(handshake), 400);
}

TEST_F(Handshakes, without_the_right_token_nobody_gets_in) {
    for (const std::string& target :
         {std::string("/ws"), std::string("/ws?token="), std::string("/ws?token=wrong"),
          std::string("/ws?token=") + kToken + "0"}) {
        Handshake handshake;
        handshake.target = target;
        EXPECT_EQ(upgrade_status(handshake), 401) << target;
    }
}

TEST_F(Handshakes, upgrades_happen_at_one_path_by_get_without_a_body) {
    Handshake handshake;
    handshake.target = std::string("/other?token=") + kToken;
    EXPECT_EQ(upgrade_status(handshake), 404);
    handshake = {};
    handshake.method = "POST";
    EXPECT_EQ(upgrade_status(handshake), 400);
    handshake = {};
    handshake.extra = {"Content-Length: 5"};
    EXPECT_EQ(upgrade_status(handshake), 413);
    handshake.extra = {"Transfer-Encoding: chunked"};
    EXPECT_EQ(upgrade_status(handshake), 400);
}

TEST_F(Handshakes, the_page_is_served_and_the_connection_ends) {
    const std::string response = ask(get("/"));
    EXPECT_EQ(status_of(response), 200);
    EXPECT_THAT(response, HasSubstr("Content-Security-Policy: default-src 'none';"));
    EXPECT_THAT(response, HasSubstr("Connection: close"));
    EXPECT_THAT(response, testing::EndsWith("<title>Jig</title>\n"));
}

TEST_F(Handshakes, a_head_has_the_length_and_no_body) {
    const std::string response = ask(get("/", "HEAD"));
    EXPECT_EQ(status_of(response), 200);
    const auto size = test_page().find("/index.html")->bytes.size();
    EXPECT_THAT(response, HasSubstr("Content-Length: " + std::to_string(size) + "\r\n"));
    EXPECT_THAT(response, testing::EndsWith("\r\n\r\n"));
}

TEST_F(Handshakes, requests_that_are_not_for_a_page_are_refused) {
    EXPECT_EQ(status_of(ask(get("/", "POST"))), 405);
    EXPECT_EQ(status_of(ask(get("/", "OPTIONS"))), 405);
    EXPECT_EQ(status_of(ask(get("/nowhere"))), 404);
    EXPECT_EQ(status_of(ask(get("/ws"))), 426);
    EXPECT_EQ(status_of(ask(get("http://localhost/"))), 400);
    EXPECT_EQ(status_of(ask(get("*"))), 400);
    EXPECT_EQ(status_of(ask(get("/../etc/passwd"))), 400);
    EXPECT_EQ(status_of(ask(get("/..%2fetc/passwd"))), 400);
    EXPECT_EQ(status_of(ask(get("/js\\main.js"))), 400);
    EXPECT_EQ(status_of(ask(get(std::string("/a\0b", 4)))), 400);
    EXPECT_EQ(status_of(ask("GET / HTTP/1.1\r\n\r\n")), 400);
    EXPECT_EQ(status_of(ask("GET / HTTP/1.1\r\nHost: evil.org\r\n\r\n")), 403);
    EXPECT_EQ(status_of(ask("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n")), 400);
    EXPECT_EQ(status_of(ask(get("/", "GET", "Transfer-Encoding: chunked\r\n"))), 400);
    EXPECT_EQ(status_of(ask(get("/", "POST", "Content-Length: 1000000\r\n"))), 413);
    EXPECT_EQ(status_of(ask(get("/", "GET", "Content-Length: -1\r\n"))), 413);
    EXPECT_EQ(status_of(ask(get("/", "GET", "Content-Length: x\r\n"))), 400);
    expect_alive();
}

TEST_F(Handshakes, endless_or_broken_headers_are_refused) {
    EXPECT_EQ(status_of(ask(get("/", "GET", "X: " + std::string(20'000, 'x') + "\r\n"))), 431);
    EXPECT_EQ(status_of(ask("\r\n\r\n")), 400);
    EXPECT_EQ(status_of(ask("GET\r\n\r\n")), 400);
    EXPECT_EQ(status_of(ask("GET /\r\n\r\n")), 400);
    EXPECT_EQ(status_of(ask("G(ET / HTTP/1.1\r\nHost: localhost\r\n\r\n")), 400);
    EXPECT_EQ(status_of(ask("GET / HTTP/1.1\r\nno colon\r\n\r\n")), 400);
    EXPECT_EQ(status_of(ask("GET / HTTP/1.1\r\nHost: localhost:99999999999999999999\r\n\r\n")),
              400);
    EXPECT_EQ(status_of(ask("GET / HTTP/1.1\r\nHost: [\r\n\r\n")), 400);
    expect_alive();
}

TEST_F(Handshakes, a_thousand_mutated_ones_are_survived) {
    std::mt19937 random(7); // NOLINT(cert-msc51-cpp): the same mutations in each run
    Handshake handshake;
    handshake.extra = {"Sec-WebSocket-Extensions: permessage-deflate; a=\"b\", x; y=1",
                       "Sec-WebSocket-Protocol: a, b",
                       "Origin: http://127.0.0.1",
                       "Authorization: Bearer x",
                       "If-None-Match: \"a\"",
                       "Content-Length: 0"};
    const std::string original = handshake.text();
    for (int i = 0; i < 1000; ++i) {
        std::string text = original;
        for (int edit = 0; edit < 3; ++edit) {
            const std::size_t at = random() % (text.size() - 4);
            switch (random() % 3) {
            case 0:
                text[at] = static_cast<char>(random() % 256);
                break;
            case 1:
                text.erase(at, 1 + random() % 5);
                break;
            default:
                text.insert(at, 1 + random() % 3, "\",;=:[]\r\n\\%\x80"[random() % 12]);
            }
        }
        TestClient client(server_.port());
        client.send(text + "\r\n\r\n");
    }
    expect_alive();
    EXPECT_THAT(server_.faults(), testing::IsEmpty());
}
