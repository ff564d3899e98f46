#include "session/event_log.hpp"

#include <algorithm>
#include <chrono>

namespace jig::session {

namespace {

/// What we say is shown as it is, on cards and in lists: a sentence. What a plugin printed stays as
/// it was.
std::string as_sentence(std::string text) {
    const auto word = text.substr(0, text.find(' '));
    const bool plain =
        std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (plain && !word.empty()) { // not a file's name
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    }
    if (!text.empty() && text.back() != '.') {
        text += '.';
    }
    return text;
}

bool is_printed_by_plugin(const wire::EventData& data) {
    const auto* log = std::get_if<wire::Log>(&data);
    return log != nullptr && log->source != wire::LogSource::host;
}

} // namespace

const wire::Event& EventLog::add(wire::Level level, std::string text, wire::EventData data,
                                 std::uint64_t frame) {
    using namespace std::chrono;
    const auto now = duration_cast<milliseconds>(system_clock::now().time_since_epoch());
    if (!is_printed_by_plugin(data)) {
        text = as_sentence(std::move(text));
    }
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
