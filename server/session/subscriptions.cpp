#include "session/subscriptions.hpp"

#include "wire/codec.hpp"

#include <algorithm>
#include <utility>

namespace jig::session {

std::optional<wire::SubscribeReply> Subscriptions::subscribe(net::ClientId client,
                                                             wire::Stream stream, double rate_hz,
                                                             wire::Format format) {
    const double rate = std::clamp(rate_hz, 0.1, kMaxRateHz);
    for (auto& [sub, shared] : shared_) {
        if (shared.stream == stream && shared.rate_hz == rate && shared.format == format) {
            shared.readers[client] = {};
            return wire::SubscribeReply{sub, layout(stream)};
        }
    }
    const auto own = std::count_if(shared_.begin(), shared_.end(), [client](const auto& entry) {
        return entry.second.readers.contains(client);
    });
    if (static_cast<std::size_t>(own) >= kMostOfOneClient) {
        return std::nullopt;
    }
    while (next_sub_ == 0 || shared_.contains(next_sub_)) {
        ++next_sub_;
    }
    const auto sub = next_sub_++;
    auto& shared = shared_[sub];
    shared.stream = stream;
    shared.format = format;
    shared.rate_hz = rate;
    shared.readers[client];
    return wire::SubscribeReply{sub, layout(stream)};
}

std::optional<wire::SubscribeReply> Subscriptions::update(net::ClientId client, std::uint16_t sub,
                                                          double rate_hz) {
    const auto found = shared_.find(sub);
    if (found == shared_.end() || !found->second.readers.contains(client)) {
        return std::nullopt;
    }
    const auto stream = found->second.stream;
    const auto format = found->second.format;
    static_cast<void>(unsubscribe(client, sub));
    return subscribe(client, stream, rate_hz, format);
}

bool Subscriptions::unsubscribe(net::ClientId client, std::uint16_t sub) {
    const auto found = shared_.find(sub);
    if (found == shared_.end() || found->second.readers.erase(client) == 0) {
        return false;
    }
    if (found->second.readers.empty()) {
        shared_.erase(found);
    }
    return true;
}

void Subscriptions::remove(net::ClientId client) {
    for (auto& [sub, shared] : shared_) {
        shared.readers.erase(client);
    }
    std::erase_if(shared_, [](const auto& entry) { return entry.second.readers.empty(); });
}

void Subscriptions::acknowledge(net::ClientId client,
                                const std::vector<wire::StreamAck::Ack>& acks) {
    for (const auto& ack : acks) {
        const auto found = shared_.find(ack.sub);
        if (found == shared_.end()) {
            continue;
        }
        const auto reader = found->second.readers.find(client);
        if (reader == found->second.readers.end()) {
            continue;
        }
        auto& under_way = reader->second.under_way;
        while (!under_way.empty() && under_way.front() <= ack.seq) {
            under_way.pop_front();
        }
        catch_up(ack.sub, found->second, client, reader->second);
    }
}

void Subscriptions::set_layouts(StreamLayouts layouts) {
    if (layouts == layouts_) {
        return;
    }
    const auto before = std::exchange(layouts_, std::move(layouts));
    const auto changed = [&](wire::Stream stream) {
        return stream == wire::Stream::taps ? before.tap_channels != layouts_.tap_channels
                                            : stream == wire::Stream::meters;
    };
    for (auto& [sub, shared] : shared_) {
        if (!changed(shared.stream)) {
            continue;
        }
        const auto message = net::Message::text(
            wire::encode_notification(wire::StreamLayout{sub, layout(shared.stream)}));
        shared.gathered.reset();
        for (auto& [client, reader] : shared.readers) {
            reader.pending.reset();
            send_(client, message);
        }
    }
}

wire::Layout Subscriptions::layout(wire::Stream stream) const {
    switch (stream) {
    case wire::Stream::meters:
        return {stream,
                layouts_.meter_channels,
                {"peak", "rms", "hold", "max", "clipCount", "nanCount", "droppedFrames", "dc"}};
    case wire::Stream::load:
        return {
            stream,
            {{"callback", "", wire::Direction::out}},
            {"load",        "loadMax",        "callbackUs",    "periodUs",     "xruns",
             "cycles",      "overruns",       "eventsDropped", "p50Us",        "p99Us",
             "p999Us",      "maxUs",          "p50",           "p99",          "p999",
             "max",         "recentP50Us",    "recentP99Us",   "recentP999Us", "recentMaxUs",
             "recentP50",   "recentP99",      "recentP999",    "recentMax",    "wakeLateUs",
             "xrunsPlugin", "xrunsScheduler", "xrunsDriver",   "lostFrames",   "roundTripFrames",
             "ratePpm"}};
    case wire::Stream::taps:
        break;
    }
    return {wire::Stream::taps, layouts_.tap_channels, {"value"}};
}

bool Subscriptions::wanted(wire::Stream stream) const {
    return std::any_of(shared_.begin(), shared_.end(),
                       [&](const auto& entry) { return entry.second.stream == stream; });
}

void Subscriptions::on_readings(const analysis::Readings& readings) {
    for (auto& [sub, shared] : shared_) {
        if (shared.gathered) {
            analysis::merge(*shared.gathered, readings);
        } else {
            shared.gathered = readings;
        }
        shared.phase += shared.rate_hz / kMaxRateHz;
        if (shared.phase >= 1.0 - 1e-9) {
            shared.phase -= 1.0;
            emit(sub, shared);
            shared.gathered.reset();
        }
    }
}

void Subscriptions::emit(std::uint16_t sub, Shared& shared) {
    ++shared.seq;
    std::optional<net::Message> message;
    for (auto& [client, reader] : shared.readers) {
        if (reader.under_way.size() < kCredit && !reader.pending) {
            if (!message) {
                message = build(sub, shared, *shared.gathered, 0);
            }
            reader.under_way.push_back(shared.seq);
            send_(client, *message);
            continue;
        }
        if (reader.pending) {
            analysis::merge(*reader.pending, *shared.gathered);
            ++reader.skipped;
        } else {
            reader.pending = shared.gathered;
        }
        catch_up(sub, shared, client, reader);
    }
}

/// Sends what was merged for a client as soon as it has credit again.
void Subscriptions::catch_up(std::uint16_t sub, Shared& shared, net::ClientId client,
                             Reader& reader) {
    if (!reader.pending || reader.under_way.size() >= kCredit) {
        return;
    }
    send_(client, build(sub, shared, *reader.pending, reader.skipped));
    reader.under_way.push_back(shared.seq);
    reader.pending.reset();
    reader.skipped = 0;
}

net::Message Subscriptions::build(std::uint16_t sub, const Shared& shared,
                                  const analysis::Readings& readings, std::uint32_t skipped) const {
    std::vector<float> floats;
    values(shared.stream, readings, floats);
    wire::FrameHeader header;
    header.stream = shared.stream;
    header.sub = sub;
    header.seq = shared.seq;
    header.frame = readings.frame;
    header.generation = readings.generation;
    header.skipped = skipped;
    header.channels = static_cast<std::uint16_t>(layout(shared.stream).channels.size());
    return shared.format == wire::Format::bin
               ? net::Message::binary(wire::encode_frame(header, floats))
               : net::Message::text(wire::encode_frame_json(header, floats));
}

void Subscriptions::values(wire::Stream stream, const analysis::Readings& readings,
                           std::vector<float>& values) const {
    const auto put = [&](const auto& fields) {
        values.insert(values.end(), fields.begin(), fields.end());
    };
    if (stream == wire::Stream::load) {
        return put(readings.load.values());
    }
    if (stream == wire::Stream::taps) {
        values = readings.taps;
        values.resize(layouts_.tap_channels.size());
        return;
    }
    const auto channel = [&](std::uint32_t device, std::uint32_t count, std::uint32_t base) {
        const bool there = device < count && base + device < readings.channels.size();
        put(there ? readings.channels[base + device].values()
                  : analysis::ChannelReading{}.values());
    };
    for (const auto device : layouts_.in_device) {
        channel(device, readings.in_channels, 0);
    }
    for (const auto device : layouts_.out_device) {
        channel(device, readings.out_channels, readings.in_channels);
    }
}

} // namespace jig::session
