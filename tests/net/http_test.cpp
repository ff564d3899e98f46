#include "net/http.hpp"
#include "tests/net/test_page.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace jig::net;
namespace fs = std::filesystem;

namespace {

std::string header(const Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) {
            return value;
        }
    }
    return "(none)";
}

RequestHead get(std::string_view target) {
    RequestHead head;
    head.method = "GET";
    head.target = target;
    head.host = "localhost";
    return head;
}

Response answer_to(const RequestHead& head) {
    return answer(head, {}, *Pages::open(test_page(), ""));
}

std::string read(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A page's folder beside a file that must stay secret.
class UiDir : public testing::Test {
  protected:
    UiDir() {
        std::string name = (fs::temp_directory_path() / "jig-ui-XXXXXX").string();
        base_ = mkdtemp(name.data());
        fs::create_directories(base_ / "ui/js");
        fs::create_directory(base_ / "ui-other");
        std::ofstream(base_ / "ui/index.html") << "edited";
        std::ofstream(base_ / "ui/js/a.js") << "code";
        std::ofstream(base_ / "secret.txt") << "secret";
        std::ofstream(base_ / "ui-other/x.txt") << "secret";
    }
    ~UiDir() override { fs::remove_all(base_); }

    [[nodiscard]] Response get_from_folder(std::string_view target) const {
        return answer(get(target), {}, *Pages::open(test_page(), (base_ / "ui").string()));
    }

    fs::path base_;
};

} // namespace

TEST(Assets, are_in_the_binary_byte_for_byte) {
    const jig::Assets assets = test_page();
    EXPECT_EQ(assets.count, 3U);
    for (const char* path : {"/index.html", "/style.css", "/js/main.js"}) {
        const jig::Asset* asset = assets.find(path);
        ASSERT_NE(asset, nullptr) << path;
        EXPECT_EQ(asset->bytes, read(std::string(PAGE_DIR) + path));
    }
    EXPECT_EQ(assets.find("/js"), nullptr);
    EXPECT_EQ(assets.find(""), nullptr);
}

TEST(Http, the_root_is_the_page) {
    const auto response = answer_to(get("/"));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, test_page().find("/index.html")->bytes);
    EXPECT_EQ(response.content_length, response.body.size());
    EXPECT_EQ(header(response, "Content-Type"), "text/html; charset=utf-8");
}

TEST(Http, a_file_is_found_by_its_exact_path_with_any_query) {
    EXPECT_EQ(answer_to(get("/js/main.js")).status, 200);
    EXPECT_EQ(answer_to(get("/js/main.js?v=2")).status, 200);
    for (const char* path : {"/js/main", "/JS/main.js", "//js/main.js", "/js//main.js", "/js/",
                             "/js/./main.js", "/main.js", "/index.html/"}) {
        EXPECT_EQ(answer_to(get(path)).status, 404) << path;
    }
}

TEST(Http, every_response_carries_the_security_headers) {
    auto post = get("/");
    post.method = "POST";
    auto foreign = get("/");
    foreign.host = "evil.org";
    for (const auto& response : {answer_to(get("/")), answer_to(get("/nowhere")), answer_to(post),
                                 answer_to(foreign), answer_to(get("/a\\b"))}) {
        EXPECT_EQ(header(response, "Content-Security-Policy"),
                  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                  "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'");
        EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(header(response, "Cross-Origin-Resource-Policy"), "same-origin");
        EXPECT_EQ(header(response, "Referrer-Policy"), "no-referrer");
        EXPECT_EQ(header(response, "Access-Control-Allow-Origin"), "(none)");
    }
}

TEST(Http, a_head_tells_the_length_without_the_body) {
    auto head = get("/style.css");
    head.method = "HEAD";
    const auto response = answer_to(head);
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(response.body.empty());
    EXPECT_EQ(response.content_length, test_page().find("/style.css")->bytes.size());
}

TEST(Http, other_methods_are_told_which_are_answered) {
    for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "get", ""}) {
        auto head = get("/");
        head.method = method;
        const auto response = answer_to(head);
        EXPECT_EQ(response.status, 405) << method;
        EXPECT_EQ(header(response, "Allow"), "GET, HEAD");
    }
}

TEST(Http, a_foreign_host_learns_nothing) {
    auto head = get("/");
    head.host = "evil.org";
    EXPECT_EQ(answer_to(head).status, 403);
    head.host = std::nullopt;
    EXPECT_EQ(answer_to(head).status, 400);
}

TEST(Http, the_sockets_path_asks_for_an_upgrade) {
    const auto response = answer_to(get("/ws"));
    EXPECT_EQ(response.status, 426);
    EXPECT_EQ(header(response, "Upgrade"), "websocket");
}

TEST(Http, what_the_browser_has_is_not_sent_again) {
    const std::string etag = header(answer_to(get("/style.css")), "ETag");
    auto again = get("/style.css");
    again.if_none_match = etag;
    const auto response = answer_to(again);
    EXPECT_EQ(response.status, 304);
    EXPECT_TRUE(response.body.empty());
    EXPECT_EQ(header(response, "ETag"), etag);
    again.if_none_match = "\"0000000000000000\"";
    EXPECT_EQ(answer_to(again).status, 200);
}

TEST(Http, different_files_have_different_etags) {
    EXPECT_NE(header(answer_to(get("/style.css")), "ETag"),
              header(answer_to(get("/js/main.js")), "ETag"));
}

TEST(Http, an_etag_is_found_in_a_list) {
    EXPECT_TRUE(matches_etag("\"a\"", "\"a\""));
    EXPECT_TRUE(matches_etag("\"x\", W/\"a\" ,\"y\"", "\"a\""));
    EXPECT_TRUE(matches_etag("*", "\"a\""));
    for (const char* header : {"", ",", "\"b\"", "a", "\"a", ", ,"}) {
        EXPECT_FALSE(matches_etag(header, "\"a\"")) << header;
    }
}

TEST(Http, content_types_follow_the_extension) {
    EXPECT_EQ(content_type("/a.svg"), "image/svg+xml");
    EXPECT_EQ(content_type("/js/a.js"), "text/javascript; charset=utf-8");
    EXPECT_EQ(content_type("/a"), "application/octet-stream");
    EXPECT_EQ(content_type(".js"), "application/octet-stream");
}

TEST_F(UiDir, replaces_the_files_in_the_binary) {
    EXPECT_EQ(get_from_folder("/").body, "edited");
    EXPECT_EQ(get_from_folder("/js/a.js").body, "code");
    EXPECT_EQ(get_from_folder("/style.css").status, 404);
    EXPECT_EQ(get_from_folder("/js").status, 404);
    EXPECT_EQ(get_from_folder("/js/").status, 404);
}

TEST_F(UiDir, shows_an_edit_at_the_next_request) {
    const std::string before = header(get_from_folder("/"), "ETag");
    std::ofstream(base_ / "ui/index.html") << "edited again";
    const auto response = get_from_folder("/");
    EXPECT_EQ(response.body, "edited again");
    EXPECT_NE(header(response, "ETag"), before);
}

TEST_F(UiDir, is_never_left) {
    fs::create_symlink(base_ / "secret.txt", base_ / "ui/link.txt");
    fs::create_symlink(base_ / "ui-other", base_ / "ui/other");
    for (const char* path : {"/link.txt", "/other/x.txt", "/../secret.txt", "/js/../../secret.txt",
                             "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/../ui-other/x.txt"}) {
        const auto response = get_from_folder(path);
        EXPECT_THAT(response.status, testing::AnyOf(400, 404)) << path;
        EXPECT_THAT(response.body, testing::Not(testing::HasSubstr("secret"))) << path;
    }
}

TEST_F(UiDir, follows_links_that_stay_inside) {
    fs::create_symlink(base_ / "ui/js/a.js", base_ / "ui/b.js");
    EXPECT_EQ(get_from_folder("/b.js").body, "code");
}

TEST_F(UiDir, must_be_a_folder) {
    EXPECT_FALSE(Pages::open({}, (base_ / "nowhere").string()).ok());
    EXPECT_FALSE(Pages::open({}, (base_ / "secret.txt").string()).ok());
    EXPECT_FALSE(Pages::open({}, "/").ok());
}
