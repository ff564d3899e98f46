#include "session/event_log.hpp"

#include <chrono>

namespace jig::session {

const wire::Event& EventLog::add(wire::Level level, std::string text, wire::EventData data,
                                 std::uint64_t frame) {
    using namespace std::chrono;
    const auto now = duration_cast<milliseconds>(system_clock::now().time_since_epoch());
    events_.push_back({++last_id_, frame, now.count(), level, std::move(text), std::move(data)});
    if (events_.size() > kKept) {
        events_.pop_front();
    }
    on_event_(events_.back());
    return events_.back();
}

wire::EventsReply EventLog::since(std::uint64_t id) const {
    wire::EventsReply reply;
    reply.last_event_id = last_id_;
    if (id >= last_id_) {
        return reply;
    }
    const auto first = events_.front().id;
    reply.gap = id + 1 < first ? first - id - 1 : 0;
    for (const auto& event : events_) {
        if (event.id > id) {
            reply.events.push_back(event);
        }
    }
    return reply;
}

} // namespace jig::session
