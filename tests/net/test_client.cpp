#include "tests/net/test_client.hpp"

#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace jig::net::test {

int Frame::close_code() const {
    if (opcode != 8 || payload.size() < 2) {
        return 0;
    }
    return static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
}

TestClient::TestClient(std::uint16_t port, bool ipv6)
    : fd_(::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval timeout{10, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    sockaddr_in6 six{};
    sockaddr_in four{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    six.sin6_addr = in6addr_loopback;
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int result = ipv6 ? ::connect(fd_.get(), reinterpret_cast<sockaddr*>(&six), sizeof six)
                            : ::connect(fd_.get(), reinterpret_cast<sockaddr*>(&four), sizeof four);
    if (result != 0) {
        fd_.reset();
    }
}

bool TestClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool TestClient::fill(std::size_t bytes) {
    char chunk[16384];
    while (buffer_.size() < bytes) {
        const ssize_t got = ::recv(fd_.get(), chunk, sizeof chunk, 0);
        if (got <= 0) {
            return false;
        }
        buffer_.append(chunk, static_cast<std::size_t>(got));
    }
    return true;
}

std::optional<std::string> TestClient::read_to_end() {
    char chunk[16384];
    for (;;) {
        const ssize_t got = ::recv(fd_.get(), chunk, sizeof chunk, 0);
        if (got == 0 || (got < 0 && errno == ECONNRESET)) {
            return std::move(buffer_);
        }
        if (got < 0) {
            return std::nullopt;
        }
        buffer_.append(chunk, static_cast<std::size_t>(got));
    }
}

std::string TestClient::request(std::string_view text) {
    send(text);
    return read_to_end().value_or("");
}

std::string TestClient::upgrade() {
    return upgrade(Handshake{}.text());
}

std::string TestClient::upgrade(std::string_view request) {
    send(request);
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill(buffer_.size() + 1)) {
            return std::move(buffer_);
        }
    }
    std::string head = buffer_.substr(0, end + 4);
    buffer_.erase(0, end + 4);
    return head;
}

bool TestClient::send_frame(int opcode, std::string_view payload) {
    std::string frame{static_cast<char>(0x80 | opcode)};
    const auto byte = [&](std::size_t value) { frame.push_back(static_cast<char>(value & 0xff)); };
    if (payload.size() < 126) {
        byte(0x80 | payload.size());
    } else if (payload.size() < 65536) {
        byte(0x80 | 126);
        byte(payload.size() >> 8);
        byte(payload.size());
    } else {
        byte(0x80 | 127);
        for (int shift = 56; shift >= 0; shift -= 8) {
            byte(payload.size() >> shift);
        }
    }
    frame.append(4, '\0'); // a mask of zeros leaves the payload as it is
    frame.append(payload);
    return send(frame);
}

std::optional<Frame> TestClient::read_frame() {
    if (!fill(2)) {
        return std::nullopt;
    }
    const auto at = [&](std::size_t index) -> std::size_t {
        return static_cast<unsigned char>(buffer_[index]);
    };
    std::size_t header = 2;
    std::size_t size = at(1) & 0x7f;
    const std::size_t size_bytes = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (size_bytes > 0) {
        header += size_bytes;
        if (!fill(header)) {
            return std::nullopt;
        }
        size = 0;
        for (std::size_t i = 2; i < header; ++i) {
            size = size << 8U | at(i);
        }
    }
    if (!fill(header + size)) {
        return std::nullopt;
    }
    Frame frame{static_cast<int>(at(0) & 0x0f), buffer_.substr(header, size)};
    buffer_.erase(0, header + size);
    return frame;
}

std::optional<Frame> TestClient::read_data() {
    auto frame = read_frame();
    while (frame && frame->opcode == 9) {
        frame = read_frame();
    }
    return frame;
}

int TestClient::read_close() {
    while (const auto frame = read_frame()) {
        if (frame->opcode == 8) {
            send_frame(8, frame->payload);
            return frame->close_code();
        }
    }
    return 0;
}

std::string Handshake::text() const {
    std::string request = method + " " + target + " HTTP/1.1\r\n";
    for (const std::string& host : hosts) {
        request += "Host: " + host + "\r\n";
    }
    request += "Upgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    if (!version.empty()) {
        request += "Sec-WebSocket-Version: " + version + "\r\n";
    }
    for (const std::string& line : extra) {
        request += line + "\r\n";
    }
    return request + "\r\n";
}

int status_of(std::string_view response) {
    constexpr std::string_view kStart = "HTTP/1.1 ";
    if (response.substr(0, kStart.size()) != kStart) {
        return 0;
    }
    return std::atoi(std::string(response.substr(kStart.size(), 3)).c_str());
}

} // namespace jig::net::test
