#include "wire/codec.hpp"

#include <array>
#include <random>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace jig::wire;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kIterations = 10'000; // each takes twenty times as long
#else
constexpr int kIterations = 100'000;
#endif

const std::array<std::string, 8> kSeeds{
    R"({"jsonrpc":"2.0","id":1,"method":"hello","params":{"client":"x","protocol":1}})",
    R"({"jsonrpc":"2.0","id":"a","method":"param.set","params":{"id":"gain","value":-6.02}})",
    R"({"jsonrpc":"2.0","id":2,"method":"param.setMany","params":{"values":{"a":1,"b":2},"frame":9}})",
    R"({"jsonrpc":"2.0","method":"stream.ack","params":{"acks":[[1,2],[3,4]]}})",
    R"({"jsonrpc":"2.0","id":3,"method":"midi.send","params":{"events":[{"type":"noteOn","key":60,"velocity":1}]}})",
    R"({"jsonrpc":"2.0","id":4,"method":"input.select","params":{"kind":"sine","hz":1e3}})",
    R"({"jsonrpc":"2.0","id":5,"method":"stream.subscribe","params":{"stream":"meters","rateHz":60}})",
    R"({"jsonrpc":"2.0","id":6,"method":"plugin.load","params":{"name":"\u00e4.so"}})"};

const std::array<std::string, 12> kTokens{"[",    "]",    "{",    "}",       "\"", "null",
                                          "1e99", "-0.0", "true", "\\ud800", ":",  "\xff"};

class Mutator {
  public:
    std::string next() {
        std::string text = kSeeds[below(kSeeds.size())];
        const std::size_t edits = 1 + below(2);
        for (std::size_t i = 0; i < edits && !text.empty(); ++i) {
            edit(text);
        }
        return text;
    }

  private:
    std::size_t below(std::size_t limit) { return random_() % limit; }

    void edit(std::string& text) {
        const std::size_t at = below(text.size());
        switch (below(5)) {
        case 0:
            text[at] = static_cast<char>(below(256));
            break;
        case 1:
            text.erase(at, 1 + below(8));
            break;
        case 2:
            text.insert(at, kTokens[below(kTokens.size())]);
            break;
        case 3:
            text.insert(at, text.substr(below(text.size()), below(40)));
            break;
        default:
            text.resize(at);
        }
    }

    std::mt19937_64 random_{20240229};
};

} // namespace

TEST(Fuzz, a_mutated_request_is_taken_or_refused_with_valid_json) {
    Mutator mutator;
    int taken = 0;
    int refused = 0;
    for (int i = 0; i < kIterations; ++i) {
        const auto parsed = parse_request(mutator.next());
        if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
            ++refused;
            ASSERT_FALSE(refusal->error.message.empty());
            const std::string text = encode_error(refusal->id, refusal->error);
            ASSERT_TRUE(nlohmann::json::accept(text)) << text;
        } else {
            ++taken;
        }
    }
    // Both ways were really walked.
    EXPECT_GT(taken, kIterations / 100);
    EXPECT_GT(refused, kIterations / 2);
}
