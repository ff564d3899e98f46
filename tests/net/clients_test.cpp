// The example client in Python against the real socket: an implementation that is not ours.
#include "tests/net/test_server.hpp"

#include "wire/codec.hpp"
#include "wire/frame.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace jig;
using namespace jig::net;
using namespace jig::net::test;
using testing::HasSubstr;

namespace {

/// Answers what the example asks, sends one meter frame, closes when it is acknowledged.
void serve(TestServer& server, ClientId client, std::string_view text) {
    kNetThread.assume();
    const auto parsed = wire::parse_request(text);
    const auto& envelope = std::get<wire::Envelope>(parsed);
    const auto reply = [&](const wire::Reply& result) {
        server.server().send(client, Message::text(wire::encode_reply(envelope.id, result)));
    };
    if (std::holds_alternative<wire::Hello>(envelope.request)) {
        reply(wire::HelloReply{});
    } else if (const auto* set = std::get_if<wire::ParamSet>(&envelope.request)) {
        reply(wire::ParamValue{set->id, set->value, 1, true});
    } else if (std::holds_alternative<wire::StreamSubscribe>(envelope.request)) {
        reply(wire::SubscribeReply{7, {}});
        constexpr std::array<float, 16> kValues{0.5F, 0, 0, 0, 0, 0, 0, 0, 0.25F};
        const wire::FrameHeader header{wire::Stream::meters, 7, 41, 48000, 1, 0, 2};
        server.server().send(client, Message::binary(wire::encode_frame(header, kValues)));
    } else if (const auto* ack = std::get_if<wire::StreamAck>(&envelope.request)) {
        EXPECT_EQ(ack->acks.at(0).sub, 7);
        EXPECT_EQ(ack->acks.at(0).seq, 41U);
        server.server().close(client, 1000, "");
    }
}

} // namespace

TEST(Clients, the_python_example_sets_a_parameter_and_prints_meters) {
    TestServer server(TestServer::options(), serve);
    std::string folder = (std::filesystem::temp_directory_path() / "jig-client-XXXXXX").string();
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    std::ofstream(folder + "/token") << kToken << "\n";

    const std::string command = "/usr/bin/python3 " SET_AND_METER " gain -6.5 ws://127.0.0.1:" +
                                std::to_string(server.port()) + "/ws " + folder + "/token 2>&1";
    FILE* pipe = popen(command.c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    std::string output;
    char chunk[4096];
    while (const std::size_t got = std::fread(chunk, 1, sizeof chunk, pipe)) {
        output.append(chunk, got);
    }
    EXPECT_EQ(pclose(pipe), 0) << output;
    std::filesystem::remove_all(folder);

    EXPECT_THAT(output, HasSubstr(R"("id":"param.set","result":{"id":"gain","value":-6.5)"));
    EXPECT_THAT(output, HasSubstr("48000 0.500 0.250\n"));
    EXPECT_EQ(server.texts().size(), 4U);
}
