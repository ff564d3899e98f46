// jig/session/subscriptions.hpp: who gets which stream how often, and what happens to those who do
// not keep up.
#pragma once

#include "analysis/readings.hpp"
#include "net/server.hpp"
#include "wire/messages.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace jig::session {

/// Where the plugin's channels lie among the device's: what a `meters` frame shows, in order.
struct StreamLayouts {
    std::vector<wire::LayoutChannel> meter_channels;
    std::vector<std::uint32_t> in_device;  ///< by input channel of the plugin
    std::vector<std::uint32_t> out_device; ///< by output channel
    std::vector<wire::LayoutChannel> tap_channels;

    bool operator==(const StreamLayouts&) const = default;
};

/// One frame of a stream is built once for all clients that want it at the same rate and in the
/// same form; only a client that ran out of credit gets one of its own, merged from what it missed.
/// [net]
class Subscriptions {
  public:
    static constexpr std::uint32_t kCredit = 16; ///< frames under way to one client
    static constexpr std::size_t kMostOfOneClient = 32;
    static constexpr double kMaxRateHz = 60;

    using Send = std::function<void(net::ClientId, const net::Message&)>;
    explicit Subscriptions(Send send) : send_(std::move(send)) {}

    /// Nothing when the client has kMostOfOneClient already.
    [[nodiscard]] std::optional<wire::SubscribeReply>
    subscribe(net::ClientId client, wire::Stream stream, double rate_hz, wire::Format format);
    /// Another rate: a stream of another number, in the place of the old one.
    [[nodiscard]] std::optional<wire::SubscribeReply> update(net::ClientId client,
                                                             std::uint16_t sub, double rate_hz);
    [[nodiscard]] bool unsubscribe(net::ClientId client, std::uint16_t sub);
    void acknowledge(net::ClientId client, const std::vector<wire::StreamAck::Ack>& acks);
    void remove(net::ClientId client);

    void set_layouts(StreamLayouts layouts);
    [[nodiscard]] wire::Layout layout(wire::Stream stream) const;
    [[nodiscard]] bool wanted(wire::Stream stream) const;

    /// Readings come 60 times a second.
    void on_readings(const analysis::Readings& readings);

  private:
    struct Reader {
        std::deque<std::uint32_t> under_way; ///< sent and not acknowledged
        std::optional<analysis::Readings> pending;
        std::uint32_t skipped = 0;
    };
    struct Shared {
        wire::Stream stream = wire::Stream::meters;
        wire::Format format = wire::Format::bin;
        double rate_hz = kMaxRateHz;
        double phase = 0;
        std::uint32_t seq = 0;
        std::optional<analysis::Readings> gathered;
        std::map<net::ClientId, Reader> readers;
    };

    void emit(std::uint16_t sub, Shared& shared);
    [[nodiscard]] net::Message build(std::uint16_t sub, const Shared& shared,
                                     const analysis::Readings& readings,
                                     std::uint32_t skipped) const;
    void catch_up(std::uint16_t sub, Shared& shared, net::ClientId client, Reader& reader);
    void values(wire::Stream stream, const analysis::Readings& readings,
                std::vector<float>& values) const;

    Send send_;
    StreamLayouts layouts_;
    std::map<std::uint16_t, Shared> shared_;
    std::uint16_t next_sub_ = 1;
};

} // namespace jig::session
