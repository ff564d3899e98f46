#include "wire/codec.hpp"

#include <string>

#include <gtest/gtest.h>

using namespace jig::wire;

namespace {

Refusal refusal_of(const std::string& text) {
    auto parsed = parse_request(text);
    if (auto* refusal = std::get_if<Refusal>(&parsed)) {
        return *refusal;
    }
    ADD_FAILURE() << "taken: " << text.substr(0, 200);
    return {};
}

std::string nested(int depth) {
    const auto levels = static_cast<std::size_t>(depth);
    return R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":)" + std::string(levels, '[') +
           std::string(levels, ']') + "}}";
}

} // namespace

TEST(Hostile, a_depth_of_32_is_read_and_33_is_not) {
    EXPECT_TRUE(std::holds_alternative<Envelope>(parse_request(nested(30))));
    EXPECT_EQ(refusal_of(nested(31)).error.code, ErrorCode::invalid_request);
}

TEST(Hostile, a_depth_that_would_overflow_the_stack_is_refused) {
    EXPECT_EQ(refusal_of(nested(60'000)).error.code, ErrorCode::invalid_request);
    EXPECT_EQ(refusal_of(std::string(200'000, '[')).error.code, ErrorCode::invalid_request);
    std::string objects;
    for (int i = 0; i < 40'000; ++i) {
        objects += R"({"a":)";
    }
    EXPECT_EQ(refusal_of(objects).error.code, ErrorCode::invalid_request);
}

TEST(Hostile, a_message_beyond_the_cap_is_refused_unread) {
    const std::string text(kMaxMessageBytes + 1, ' ');
    EXPECT_EQ(refusal_of(text).error.code, ErrorCode::invalid_request);
    EXPECT_EQ(refusal_of(std::string(kMaxMessageBytes, ' ')).error.code, ErrorCode::parse_error);
}

TEST(Hostile, what_is_not_json_is_refused) {
    for (const std::string text :
         {"", " ", "{", "nul", "{]", "\"", "{\"a\":}", "1 2", "NaN", "{\"a\":01}", "Infinity",
          "{'jsonrpc':'2.0'}", "{\"jsonrpc\":\"2.0\",}", "/**/{}"}) {
        const auto refusal = refusal_of(text);
        EXPECT_EQ(refusal.error.code, ErrorCode::parse_error) << text;
        EXPECT_TRUE(refusal.respond);
        EXPECT_TRUE(std::holds_alternative<std::monostate>(refusal.id));
    }
}

TEST(Hostile, json_that_is_no_request_is_refused) {
    for (const std::string text :
         {"null", "1", "\"x\"", "true", "[]", "{}", R"({"jsonrpc":"1.0","id":1,"method":"ping"})",
          R"({"id":1,"method":"ping"})", R"({"jsonrpc":2.0,"id":1,"method":"ping"})",
          R"({"jsonrpc":"2.0","id":1})", R"({"jsonrpc":"2.0","id":1,"method":7})",
          R"({"jsonrpc":"2.0","id":1,"method":null})"}) {
        EXPECT_EQ(refusal_of(text).error.code, ErrorCode::invalid_request) << text;
    }
}

TEST(Hostile, a_batch_is_refused) {
    const auto refusal = refusal_of(R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])");
    EXPECT_EQ(refusal.error.code, ErrorCode::invalid_request);
    EXPECT_TRUE(refusal.respond);
}

TEST(Hostile, an_id_of_another_type_is_refused_and_not_echoed) {
    for (const std::string id : {"null", "1.5", "true", "[1]", "{}", "1e300",
                                 "18446744073709551615", "9007199254740993"}) {
        const auto refusal = refusal_of(R"({"jsonrpc":"2.0","method":"ping","id":)" + id + "}");
        EXPECT_EQ(refusal.error.code, ErrorCode::invalid_request) << id;
        EXPECT_TRUE(std::holds_alternative<std::monostate>(refusal.id)) << id;
    }
}

TEST(Hostile, an_unknown_method_is_named_but_not_at_length) {
    const std::string method(100'000, 'm');
    const auto refusal = refusal_of(R"({"jsonrpc":"2.0","id":"q","method":")" + method + R"("})");
    EXPECT_EQ(refusal.error.code, ErrorCode::method_not_found);
    EXPECT_LT(refusal.error.message.size(), 200U);
    EXPECT_EQ(refusal.id, RequestId(std::string("q")));
}

TEST(Hostile, numbers_that_no_double_holds_are_refused) {
    const auto set = [](const std::string& value) {
        return R"({"jsonrpc":"2.0","id":1,"method":"param.set","params":{"id":"g","value":)" +
               value + "}}";
    };
    EXPECT_EQ(refusal_of(set("1e999")).error.code, ErrorCode::parse_error);
    EXPECT_EQ(refusal_of(set("-1e999")).error.code, ErrorCode::parse_error);
    EXPECT_EQ(refusal_of(set(std::string(5'000, '9'))).error.code, ErrorCode::parse_error);
    EXPECT_EQ(refusal_of(set("NaN")).error.code, ErrorCode::parse_error);
    const auto parsed = parse_request(set("123456789012345678901234567890"));
    EXPECT_TRUE(std::holds_alternative<Envelope>(parsed));
}

TEST(Hostile, a_frame_or_an_id_beyond_exact_integers_is_refused) {
    EXPECT_EQ(refusal_of(R"({"jsonrpc":"2.0","id":1,"method":"events.since","params":{"id":1e17}})")
                  .error.code,
              ErrorCode::out_of_range);
    EXPECT_EQ(refusal_of(R"({"jsonrpc":"2.0","id":1,"method":"events.since","params":{"id":-1}})")
                  .error.code,
              ErrorCode::out_of_range);
}

TEST(Hostile, text_that_is_not_utf8_is_refused) {
    for (const std::string bytes :
         {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3"}) {
        const auto refusal = refusal_of(
            R"({"jsonrpc":"2.0","id":1,"method":"param.get","params":{"id":")" + bytes + R"("}})");
        EXPECT_EQ(refusal.error.code, ErrorCode::parse_error);
    }
}

TEST(Hostile, of_a_field_that_comes_twice_the_last_one_counts) {
    const auto parsed =
        parse_request(R"({"jsonrpc":"2.0","id":1,"id":2,"method":"hello","method":"param.set",)"
                      R"("params":{"id":"a","id":"b","value":1,"value":2}})");
    const auto& envelope = std::get<Envelope>(parsed);
    EXPECT_EQ(envelope.id, RequestId(std::int64_t{2}));
    const auto& set = std::get<ParamSet>(envelope.request);
    EXPECT_EQ(set.id, "b");
    EXPECT_EQ(set.value, 2.0);
}

TEST(Hostile, a_refused_name_cut_inside_a_character_still_gives_valid_json) {
    std::string method(63, 'x');
    for (int i = 0; i < 10; ++i) {
        method += "ä";
    }
    const auto refusal = refusal_of(R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"("})");
    const std::string text = encode_error(refusal.id, refusal.error);
    EXPECT_NE(text.find("-32601"), std::string::npos);
    EXPECT_NE(text.find("\xEF\xBF\xBD"), std::string::npos); // U+FFFD
}
