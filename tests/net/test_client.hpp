// tests/net/test_client.hpp: a small client over a plain socket that can also misbehave.
#pragma once

#include "base/fd.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jig::net::test {

inline constexpr const char* kToken = "0123456789abcdef0123456789abcdef";

struct Frame {
    int opcode = 0;
    std::string payload;

    /// Of a close frame; 0 when there is none.
    [[nodiscard]] int close_code() const;
};

/// Blocks; gives up after ten seconds, so that a failure is one and no hang.
class TestClient {
  public:
    explicit TestClient(std::uint16_t port, bool ipv6 = false);

    [[nodiscard]] bool connected() const { return static_cast<bool>(fd_); }
    /// False when the server has closed.
    bool send(std::string_view bytes);
    /// Everything up to the end of the connection; none when it does not end.
    [[nodiscard]] std::optional<std::string> read_to_end();

    /// Sends a request and returns the whole response, or "".
    [[nodiscard]] std::string request(std::string_view text);

    /// The handshake that a program without Origin makes; the response's head.
    std::string upgrade();
    /// The same with a request of the caller's.
    std::string upgrade(std::string_view request);

    bool send_text(std::string_view text) { return send_frame(1, text); }
    bool send_frame(int opcode, std::string_view payload);
    /// The next frame; none at the end of the connection.
    [[nodiscard]] std::optional<Frame> read_frame();
    /// The next frame that is no ping.
    [[nodiscard]] std::optional<Frame> read_data();
    /// Reads on until a close frame, and answers it; 0 when the connection ends without one.
    [[nodiscard]] int read_close();

  private:
    bool fill(std::size_t bytes);

    UniqueFd fd_;
    std::string buffer_;
};

/// A WebSocket request with the given lines instead of, or besides, the usual ones.
struct Handshake {
    std::string method = "GET";
    std::string target = std::string("/ws?token=") + kToken;
    std::vector<std::string> hosts{"127.0.0.1"};
    std::string version = "13"; ///< empty: none
    std::vector<std::string> extra;

    [[nodiscard]] std::string text() const;
};

[[nodiscard]] int status_of(std::string_view response);

} // namespace jig::net::test
