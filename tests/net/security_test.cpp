#include "net/security.hpp"

#include <string>

#include <gtest/gtest.h>

using namespace jig::net;
using namespace std::string_literals;

namespace {

/// What a browser on the page sends.
RequestHead good_head() {
    RequestHead head;
    head.method = "GET";
    head.target = "/ws?token=0123456789abcdef0123456789abcdef";
    head.host = "127.0.0.1:8765";
    head.origin = "http://127.0.0.1:8765";
    head.websocket_version = "13";
    head.local_address = "127.0.0.1";
    return head;
}

const AccessRules kRules{{"studio.local"}, "0123456789abcdef0123456789abcdef"};

int upgrade_status(const RequestHead& head, const AccessRules& rules = kRules) {
    const auto refusal = refuse_upgrade(head, rules);
    return refusal ? refusal->status : 101;
}

int request_status(const RequestHead& head) {
    const auto refusal = refuse_request(head, kRules);
    return refusal ? refusal->status : 200;
}

} // namespace

TEST(HostHeader, one_name_with_an_optional_port_is_read) {
    EXPECT_EQ(host_name("localhost"), "localhost");
    EXPECT_EQ(host_name("LocalHost:80"), "localhost");
    EXPECT_EQ(host_name("127.0.0.1:65535"), "127.0.0.1");
    EXPECT_EQ(host_name("[::1]"), "::1");
    EXPECT_EQ(host_name("[0:0:0:0:0:0:0:1]:8765"), "::1");
    EXPECT_EQ(host_name("my-box_2.example.org"), "my-box_2.example.org");
}

TEST(HostHeader, whatever_else_is_no_host) {
    for (const std::string& header : {""s,
                                      ":"s,
                                      ":80"s,
                                      "localhost:"s,
                                      "localhost:x"s,
                                      "localhost:65536"s,
                                      "localhost:999999"s,
                                      "localhost:-1"s,
                                      "localhost, evil.org"s,
                                      "localhost evil"s,
                                      "user@localhost"s,
                                      "localhost/"s,
                                      "localhost\0"s,
                                      "\0localhost"s,
                                      "http://localhost"s,
                                      "::1"s,
                                      "[::1"s,
                                      "[::1]x"s,
                                      "[::1]:"s,
                                      "[]"s,
                                      "[localhost]"s,
                                      "[::1%lo]"s,
                                      "[::1\0]"s,
                                      "[::1]]"s,
                                      "localhost:80:80"s,
                                      "löcalhost"s,
                                      "a\tb"s,
                                      "\x80"s,
                                      std::string(254, 'a')}) {
        EXPECT_EQ(host_name(header), std::nullopt) << header;
    }
}

TEST(HostHeader, loopback_the_bound_address_and_allowed_names_are_ours) {
    for (const char* name : {"localhost", "127.0.0.1", "::1", "192.168.1.5", "studio.local"}) {
        EXPECT_TRUE(is_own_host(name, "192.168.1.5", {"Studio.Local"})) << name;
    }
}

TEST(HostHeader, other_names_are_foreign_however_similar) {
    for (const char* name : {"evil.org", "localhost.evil.org", "127.0.0.1.evil.org", "127.0.0.2",
                             "0.0.0.0", "127.1", "2130706433", "localhost.", "studio", "::2", ""}) {
        EXPECT_FALSE(is_own_host(name, "", {"studio.local"})) << name;
    }
}

TEST(Origin, only_the_pages_own_counts) {
    EXPECT_TRUE(is_own_origin("http://127.0.0.1:8765", "127.0.0.1:8765"));
    EXPECT_TRUE(is_own_origin("http://localhost:8765", "LOCALHOST:8765"));
    EXPECT_TRUE(is_own_origin("http://localhost", "localhost"));
    for (const char* origin :
         {"", "null", "file://", "http://", "https://127.0.0.1:8765", "http://127.0.0.1",
          "http://127.0.0.1:8766", "http://localhost:8765", "http://127.0.0.1:8765/",
          "http://127.0.0.1:8765.evil.org", "http://evil.org", "HTTP://127.0.0.1:8765",
          "chrome-extension://abcdef", "http://127.0.0.1:8765, http://evil.org",
          "ws://127.0.0.1:8765", " http://127.0.0.1:8765"}) {
        EXPECT_FALSE(is_own_origin(origin, "127.0.0.1:8765")) << origin;
    }
    EXPECT_FALSE(is_own_origin("http://", ""));
}

TEST(Token, only_the_same_bytes_are_equal) {
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_TRUE(equal_in_constant_time("", ""));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("abc", "Abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abcabc"));
    EXPECT_FALSE(equal_in_constant_time("abc", ""));
    EXPECT_FALSE(equal_in_constant_time("", "a"));
    EXPECT_FALSE(equal_in_constant_time("", "\0"s));
    EXPECT_FALSE(equal_in_constant_time("abc", "abc\0"s));
}

TEST(Target, a_plain_path_and_its_query_are_split) {
    const auto target = parse_target("/js/main.js?v=1&x=a%20b");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->path, "/js/main.js");
    EXPECT_EQ(target->query, "v=1&x=a%20b");
    EXPECT_EQ(parse_target("/")->path, "/");
    EXPECT_EQ(parse_target("/?")->query, "");
    EXPECT_EQ(parse_target("/a?b?c")->query, "b?c");
    EXPECT_TRUE(parse_target("/..a/b..")); // dots in a name
}

TEST(Target, what_could_mean_another_path_is_refused) {
    for (const std::string& target : {""s,          "*"s,       "index.html"s, "http://127.0.0.1/"s,
                                      "HTTP://x/"s, "/a\\b"s,   "/a%2fb"s,     "/a%2Fb"s,
                                      "/a%5cb"s,    "/a%5Cb"s,  "/a%00"s,      "/a\0b"s,
                                      "/.."s,       "/../x"s,   "/a/../b"s,    "/a/.."s,
                                      "/%2e%2e/x"s, "/%2E./x"s, "/a b"s,       "/a\tb"s,
                                      "/a\r\nb"s,   "/a#b"s,    "/a%"s,        "/a%4"s,
                                      "/a%zz"s,     "/\x7f"s,   "/\xc3\xa4"s,  "?token=x"s}) {
        EXPECT_FALSE(parse_target(target)) << target;
    }
}

TEST(Query, the_first_value_of_a_name_is_found) {
    EXPECT_EQ(query_value("token=abc", "token"), "abc");
    EXPECT_EQ(query_value("a=1&token=abc&token=d", "token"), "abc");
    EXPECT_EQ(query_value("token=a=b", "token"), "a=b");
    EXPECT_EQ(query_value("token=", "token"), "");
    EXPECT_EQ(query_value("token", "token"), "");
    for (const char* query : {"", "&", "&&", "tokens=abc", "xtoken=abc", "Token=abc", "=abc"}) {
        EXPECT_EQ(query_value(query, "token"), std::nullopt) << query;
    }
}

TEST(Bearer, the_scheme_is_followed_by_the_token) {
    EXPECT_EQ(bearer_token("Bearer abc"), "abc");
    EXPECT_EQ(bearer_token("bearer abc"), "abc");
    for (const char* header : {"", "Bearer", "Bearer ", "Basic abc", "Bearerabc", "abc"}) {
        EXPECT_EQ(bearer_token(header), std::nullopt) << header;
    }
}

TEST(Request, a_browsers_request_is_let_in) {
    EXPECT_EQ(request_status(good_head()), 200);
}

TEST(Request, a_host_is_needed_and_must_be_ours) {
    auto head = good_head();
    head.host = std::nullopt;
    EXPECT_EQ(request_status(head), 400);
    head.host = "127.0.0.1:8765, 127.0.0.1:8765";
    EXPECT_EQ(request_status(head), 400);
    head.host = "evil.org";
    EXPECT_EQ(request_status(head), 403);
    head.host = "studio.local:9999"; // any port: ssh -L changes it
    EXPECT_EQ(request_status(head), 200);
}

TEST(Request, a_body_is_refused) {
    auto head = good_head();
    head.content_length = "1";
    EXPECT_EQ(request_status(head), 400);
    head.content_length = "abc";
    EXPECT_EQ(request_status(head), 400);
    head.content_length = "0, 5";
    EXPECT_EQ(request_status(head), 400);
    head.content_length = "0";
    EXPECT_EQ(request_status(head), 200);
    head.transfer_encoding = "chunked";
    EXPECT_EQ(request_status(head), 400);
}

TEST(Upgrade, the_pages_own_socket_is_let_in) {
    EXPECT_EQ(upgrade_status(good_head()), 101);
}

TEST(Upgrade, a_program_without_an_origin_needs_the_token_only) {
    auto head = good_head();
    head.origin = std::nullopt;
    EXPECT_EQ(upgrade_status(head), 101);
    head.target = "/ws";
    EXPECT_EQ(upgrade_status(head), 401);
    head.authorization = "Bearer 0123456789abcdef0123456789abcdef";
    EXPECT_EQ(upgrade_status(head), 101);
}

TEST(Upgrade, another_origin_is_refused_even_with_the_token) {
    for (const char* origin : {"http://evil.org", "null", "", "file://", "http://localhost:8765",
                               "https://127.0.0.1:8765", "moz-extension://abc"}) {
        auto head = good_head();
        head.origin = origin;
        EXPECT_EQ(upgrade_status(head), 403) << origin;
    }
}

TEST(Upgrade, a_missing_or_wrong_token_is_refused) {
    for (const char* target :
         {"/ws", "/ws?", "/ws?token=", "/ws?token=0123456789abcdef0123456789abcdee",
          "/ws?token=0123456789abcdef", "/ws?token=0123456789abcdef0123456789abcdef0",
          "/ws?token=0123456789ABCDEF0123456789ABCDEF", "/ws?x=0123456789abcdef0123456789abcdef"}) {
        auto head = good_head();
        head.target = target;
        EXPECT_EQ(upgrade_status(head), 401) << target;
    }
}

TEST(Upgrade, a_wrong_header_is_not_saved_by_a_right_query) {
    auto head = good_head();
    head.authorization = "Bearer wrong";
    EXPECT_EQ(upgrade_status(head), 401);
}

TEST(Upgrade, without_a_token_in_the_rules_none_is_asked_for_but_the_origin_still_counts) {
    auto head = good_head();
    head.target = "/ws";
    EXPECT_EQ(upgrade_status(head, {}), 101);
    head.origin = "http://evil.org";
    EXPECT_EQ(upgrade_status(head, {}), 403);
}

TEST(Upgrade, only_version_13_is_spoken) {
    auto head = good_head();
    head.websocket_version = std::nullopt;
    EXPECT_EQ(upgrade_status(head), 400);
    for (const char* version : {"", "0", "7", "8", "12", "14", "013", "13, 8", "13 ", "+13"}) {
        head.websocket_version = version;
        EXPECT_EQ(upgrade_status(head), 400) << version;
    }
}

TEST(Upgrade, the_socket_is_at_one_path) {
    for (const char* target : {"/", "/ws/", "/WS", "/wss", "/x/ws"}) {
        auto head = good_head();
        head.target = target;
        EXPECT_EQ(upgrade_status(head), 404) << target;
    }
}

TEST(Upgrade, what_no_request_may_do_no_upgrade_may) {
    auto head = good_head();
    head.host = "evil.org";
    head.origin = "http://evil.org"; // DNS rebinding: the two agree
    EXPECT_EQ(upgrade_status(head), 403);
    head = good_head();
    head.content_length = "5";
    EXPECT_EQ(upgrade_status(head), 400);
}
