// jig/session/event_log.hpp: what happened, numbered without holes; the last thousand are kept.
#pragma once

#include "wire/replies.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>

namespace jig::session {

/// [net]
class EventLog {
  public:
    static constexpr std::size_t kKept = 1000;

    explicit EventLog(std::function<void(const wire::Event&)> on_event)
        : on_event_(std::move(on_event)) {}

    const wire::Event& add(wire::Level level, std::string text, wire::EventData data,
                           std::uint64_t frame);

    [[nodiscard]] wire::EventsReply since(std::uint64_t id) const;
    [[nodiscard]] std::uint64_t last_id() const { return last_id_; }

  private:
    std::function<void(const wire::Event&)> on_event_;
    std::deque<wire::Event> events_;
    std::uint64_t last_id_ = 0;
};

} // namespace jig::session
