#include "tests/net/test_server.hpp"

#include <atomic>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

using namespace jig::net;
using namespace jig::net::test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kCloseFrameBytes = 125;

} // namespace

TEST(Limits, a_message_of_the_full_size_is_taken_and_a_longer_one_ends_the_client) {
    TestServer server;
    TestClient client(server.port());
    client.upgrade();
    client.send_text(std::string(256 * 1024, 'a'));
    ASSERT_TRUE(server.wait_texts(1));
    client.send_text(std::string(256 * 1024 + 1, 'b'));
    EXPECT_EQ(client.read_close(), 1009);
    EXPECT_TRUE(server.wait_closed(1));
    EXPECT_EQ(server.texts().size(), 1U);
}

TEST(Limits, a_message_is_not_made_longer_by_fragments) {
    TestServer server;
    TestClient client(server.port());
    client.upgrade();
    const std::string half = std::string("\xff\0\0\0\0\0\x02\x10\0", 9) + std::string(4, '\0') +
                             std::string(135'168, 'a');
    client.send("\x01" + half);
    client.send("\x80" + half);
    EXPECT_EQ(client.read_close(), 1009);
}

TEST(Limits, binary_messages_are_refused) {
    TestServer server;
    TestClient client(server.port());
    client.upgrade();
    client.send_frame(2, "bytes");
    EXPECT_EQ(client.read_close(), 1003);
}

TEST(Limits, text_that_is_not_utf8_is_refused) {
    TestServer server;
    TestClient client(server.port());
    client.upgrade();
    client.send_text("\xff\xfe");
    EXPECT_EQ(client.read_close(), 1007);
    EXPECT_TRUE(server.texts().empty());
}

TEST(Limits, a_frame_without_a_mask_ends_the_client) {
    TestServer server;
    TestClient client(server.port());
    client.upgrade();
    client.send("\x81\x03"
                "abc");
    EXPECT_EQ(client.read_close(), 1002);
}

TEST(Limits, clients_beyond_the_cap_are_told_to_come_later) {
    auto options = TestServer::options();
    options.max_clients = 3;
    TestServer server(options);
    std::vector<TestClient> clients;
    for (ClientId id = 1; id <= 3; ++id) {
        clients.emplace_back(server.port());
        clients.back().upgrade();
        ASSERT_TRUE(server.wait_open(id));
    }
    EXPECT_EQ(status_of(TestClient(server.port()).upgrade()), 503);
    EXPECT_EQ(
        status_of(TestClient(server.port()).request("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")),
        200);
    clients.pop_back();
    ASSERT_TRUE(server.wait_closed(3));
    EXPECT_EQ(status_of(TestClient(server.port()).upgrade()), 101);
}

TEST(Limits, connections_beyond_the_cap_are_closed_at_once) {
    auto options = TestServer::options();
    options.max_connections = 4;
    TestServer server(options);
    std::vector<TestClient> idle;
    for (int i = 0; i < 4; ++i) {
        idle.emplace_back(server.port());
    }
    TestClient fifth(server.port());
    EXPECT_EQ(fifth.read_to_end(), "");
}

TEST(Limits, a_connection_that_says_nothing_is_closed) {
    auto options = TestServer::options();
    options.handshake_timeout = 50ms;
    TestServer server(options);
    TestClient silent(server.port());
    EXPECT_TRUE(silent.read_to_end().has_value());
    TestClient slow(server.port());
    slow.send("GET / HTTP/1.1\r\nHo");
    EXPECT_TRUE(slow.read_to_end().has_value());
}

TEST(Limits, a_client_that_does_not_read_costs_bounded_memory_and_delays_nobody) {
    auto options = TestServer::options();
    options.max_buffered_bytes = 1024 * 1024;
    TestServer server(options);
    TestClient stalled(server.port());
    TestClient reader(server.port());
    stalled.upgrade();
    ASSERT_TRUE(server.wait_open(1));
    reader.upgrade();
    ASSERT_TRUE(server.wait_open(2));

    const std::string bytes(64 * 1024, 'x');
    for (int i = 0; i < 1024; ++i) { // 64 MiB fit into no kernel buffer
        server.on_loop([&] {
            jig::kNetThread.assume();
            const Message message = Message::binary(bytes);
            server.server().send(1, message);
            server.server().send(2, message);
            EXPECT_LE(server.server().buffered_bytes(1), 1024U * 1024U + kCloseFrameBytes);
        });
        const auto frame = reader.read_data();
        ASSERT_TRUE(frame);
        ASSERT_EQ(frame->payload.size(), bytes.size());
    }
    EXPECT_TRUE(server.wait_closed(1));
    reader.send_text("alive");
    EXPECT_TRUE(server.wait_texts(1));
}

TEST(Limits, pings_of_a_client_that_does_not_read_are_not_answered_without_end) {
    TestServer server;
    TestClient rude(server.port());
    rude.upgrade();
    ASSERT_TRUE(server.wait_open(1));
    const std::string payload(125, 'p');
    std::string burst;
    for (int i = 0; i < 1000; ++i) {
        burst += std::string("\x89\xfd", 2) + std::string(4, '\0') + payload;
    }
    for (int i = 0; i < 160; ++i) { // 20 MB of pongs, if all were answered
        ASSERT_TRUE(rude.send(burst));
    }
    rude.send_text("done");
    ASSERT_TRUE(server.wait_texts(1));
    const auto buffered = server.on_loop([&] {
        jig::kNetThread.assume();
        return server.server().buffered_bytes(1);
    });
    EXPECT_LE(buffered, 64U * 1024U + payload.size());
}

TEST(Limits, a_client_that_answers_no_ping_is_cut_and_one_that_does_stays) {
    auto options = TestServer::options();
    options.ping_period = 20ms;
    options.ping_deadline = 500ms;
    TestServer server(options);
    TestClient silent(server.port());
    TestClient lively(server.port());
    silent.upgrade();
    ASSERT_TRUE(server.wait_open(1));
    lively.upgrade();
    ASSERT_TRUE(server.wait_open(2));
    std::atomic<bool> stop{false};
    std::thread answering([&] {
        while (!stop) {
            const auto frame = lively.read_frame();
            if (!frame || !lively.send_frame(10, frame->payload)) {
                return;
            }
        }
    });
    EXPECT_TRUE(server.wait_closed(1));
    stop = true;
    answering.join();
    lively.send_text("still here");
    EXPECT_TRUE(server.wait_texts(1));
}

TEST(Limits, running_out_of_descriptors_is_survived) {
    TestServer server;
    TestClient present(server.port());
    present.upgrade();
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit tight{64, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &tight), 0);
    std::vector<jig::UniqueFd> hogs;
    while (hogs.empty() || hogs.back()) {
        hogs.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    }
    hogs.erase(hogs.end() - 2, hogs.end()); // room for the client's own end
    TestClient late(server.port());
    ASSERT_TRUE(late.connected());
    late.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    present.send_text("served meanwhile");
    EXPECT_TRUE(server.wait_texts(1));
    hogs.clear();
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_EQ(status_of(late.read_to_end().value_or("")), 200);
}
