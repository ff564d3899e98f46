#include "tests/net/test_server.hpp"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace jig::net;
using namespace jig::net::test;

namespace {

void echo(TestServer& server, ClientId client, std::string_view text) {
    jig::kNetThread.assume();
    server.server().send(client, Message::text(std::string(text)));
}

} // namespace

TEST(Server, texts_go_both_ways_in_order) {
    TestServer server(TestServer::options(), echo);
    TestClient client(server.port());
    client.upgrade();
    for (int i = 0; i < 500; ++i) {
        ASSERT_TRUE(client.send_text("message " + std::to_string(i)));
    }
    for (int i = 0; i < 500; ++i) {
        const auto frame = client.read_data();
        ASSERT_TRUE(frame);
        EXPECT_EQ(frame->opcode, 1);
        EXPECT_EQ(frame->payload, "message " + std::to_string(i));
    }
}

TEST(Server, text_and_binary_keep_their_order_among_each_other) {
    TestServer server;
    TestClient client(server.port());
    client.upgrade();
    ASSERT_TRUE(server.wait_open(1));
    server.on_loop([&] {
        jig::kNetThread.assume();
        for (int i = 0; i < 100; ++i) {
            server.server().send(1, Message::text("t" + std::to_string(i)));
            server.server().send(1, Message::binary(std::string("b\0", 2) + std::to_string(i)));
        }
    });
    for (int i = 0; i < 100; ++i) {
        const auto text = client.read_data();
        const auto binary = client.read_data();
        ASSERT_TRUE(text && binary);
        EXPECT_EQ(text->opcode, 1);
        EXPECT_EQ(text->payload, "t" + std::to_string(i));
        EXPECT_EQ(binary->opcode, 2);
        EXPECT_EQ(binary->payload, std::string("b\0", 2) + std::to_string(i));
    }
}

TEST(Server, one_message_serves_many_clients_whatever_its_length) {
    TestServer server;
    std::vector<TestClient> clients;
    for (ClientId id = 1; id <= 5; ++id) {
        clients.emplace_back(server.port());
        clients.back().upgrade();
        ASSERT_TRUE(server.wait_open(id));
    }
    for (const std::size_t size : {std::size_t{0}, std::size_t{125}, std::size_t{126},
                                   std::size_t{65535}, std::size_t{65536}, std::size_t{300000}}) {
        const std::string bytes(size, 'x');
        server.on_loop([&] {
            jig::kNetThread.assume();
            const Message message = Message::binary(bytes);
            EXPECT_EQ(message.size(), size);
            for (ClientId id = 1; id <= 5; ++id) {
                server.server().send(id, message);
            }
        });
        for (auto& client : clients) {
            const auto frame = client.read_data();
            ASSERT_TRUE(frame);
            EXPECT_EQ(frame->payload, bytes);
        }
    }
}

TEST(Server, a_client_that_leaves_is_gone_and_the_others_stay) {
    TestServer server(TestServer::options(), echo);
    TestClient stays(server.port());
    stays.upgrade();
    {
        TestClient leaves(server.port());
        leaves.upgrade();
        ASSERT_TRUE(server.wait_open(2));
    }
    EXPECT_TRUE(server.wait_closed(2));
    server.on_loop([&] {
        jig::kNetThread.assume();
        server.server().send(2, Message::text("nobody"));
        server.server().close(2, 1000, "");
        EXPECT_EQ(server.server().buffered_bytes(2), 0U);
    });
    stays.send_text("still here");
    EXPECT_EQ(stays.read_data()->payload, "still here");
}

TEST(Server, a_client_is_closed_with_the_code_and_the_reason) {
    TestServer server;
    TestClient client(server.port());
    client.upgrade();
    ASSERT_TRUE(server.wait_open(1));
    server.on_loop([&] {
        jig::kNetThread.assume();
        server.server().close(1, 1008, "because");
    });
    const auto frame = client.read_data();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->close_code(), 1008);
    EXPECT_EQ(frame->payload.substr(2), "because");
    client.send_frame(8, frame->payload);
    EXPECT_TRUE(server.wait_closed(1));
}

TEST(Server, a_handler_that_throws_costs_its_own_client_only) {
    TestServer server(TestServer::options(),
                      [](TestServer& self, ClientId id, std::string_view text) {
                          if (text == "throw") {
                              throw std::runtime_error("oops");
                          }
                          echo(self, id, text);
                      });
    TestClient good(server.port());
    TestClient bad(server.port());
    good.upgrade();
    bad.upgrade();
    bad.send_text("throw");
    EXPECT_EQ(bad.read_close(), 1011);
    EXPECT_TRUE(server.wait_closed(2));
    good.send_text("fine");
    EXPECT_EQ(good.read_data()->payload, "fine");
    EXPECT_THAT(server.faults(), testing::ElementsAre(testing::HasSubstr("oops")));
}

TEST(Server, a_fragmented_text_arrives_whole) {
    TestServer server;
    TestClient client(server.port());
    client.upgrade();
    const std::string mask(4, '\0');
    client.send(std::string("\x01\x83", 2) + mask + "abc");
    client.send(std::string("\x80\x83", 2) + mask + "def");
    ASSERT_TRUE(server.wait_texts(1));
    EXPECT_THAT(server.texts(), testing::ElementsAre("abcdef"));
}

TEST(Server, a_clients_ping_is_answered) {
    TestServer server;
    TestClient client(server.port());
    client.upgrade();
    client.send_frame(9, "are you there");
    const auto pong = client.read_data();
    ASSERT_TRUE(pong);
    EXPECT_EQ(pong->opcode, 10);
    EXPECT_EQ(pong->payload, "are you there");
}
