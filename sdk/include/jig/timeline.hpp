// jig/timeline.hpp: what happens at which frame of a test, and the parameters that come of it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/bus_layout.hpp>
#include <jig/plugin.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jig::detail {

/// Changes of one frame keep their order.
class Timeline {
  public:
    explicit Timeline(const jig_plugin& plugin) : plugin_(&plugin), values_(plugin.params.count) {
        forget();
    }

    void add(std::uint64_t frame, const jig_event& event) { events_.emplace(frame, event); }

    /// All parameters at their defaults, nothing to come.
    void forget() {
        events_.clear();
        for (std::uint32_t i = 0; i < plugin_->params.count; ++i) {
            values_[i] = static_cast<float>(param(i).def);
        }
    }

    /// How many of `frames` frames go into one call of process.
    [[nodiscard]] std::uint64_t until_cut(std::uint64_t position, std::uint64_t frames,
                                          bool params_as_events) const {
        for (auto it = events_.upper_bound(position);
             it != events_.end() && it->first < position + frames; ++it) {
            const bool cuts = it->second.type == JIG_EVENT_PARAM
                                  ? !params_as_events
                                  : (plugin_->flags & JIG_PLUGIN_SPLIT_AT_NOTES) != 0;
            if (cuts) {
                return it->first - position;
            }
        }
        return frames;
    }

    /// Takes what falls into the next call off the time line: the events, and in values() what is
    /// true at its first frame. finish() comes after the call.
    [[nodiscard]] std::vector<jig_event> take(std::uint64_t position, std::uint32_t frames) {
        std::vector<jig_event> taken;
        later_ = values_;
        const auto end = events_.lower_bound(position + frames);
        for (auto it = events_.begin(); it != end; ++it) {
            jig_event event = it->second;
            event.frame = static_cast<std::uint32_t>(std::max(it->first, position) - position);
            if (event.type == JIG_EVENT_PARAM) {
                later_[event.u.param.index] = event.u.param.value;
                if (event.frame == 0) {
                    values_[event.u.param.index] = event.u.param.value;
                    continue;
                }
            }
            taken.push_back(event);
        }
        events_.erase(events_.begin(), end);
        return taken;
    }
    void finish() { values_ = later_; }

    /// By index.
    [[nodiscard]] const std::vector<float>& values() const { return values_; }

    [[nodiscard]] const jig_param& param(std::uint32_t i) const {
        return element<jig_param>(plugin_->params, i);
    }
    [[nodiscard]] std::uint32_t index_of(std::string_view id) const {
        for (std::uint32_t i = 0; i < plugin_->params.count; ++i) {
            if (param(i).id == id) {
                return i;
            }
        }
        throw std::runtime_error("no parameter " + std::string(id));
    }

  private:
    const jig_plugin* plugin_;
    std::multimap<std::uint64_t, jig_event> events_;
    std::vector<float> values_;
    std::vector<float> later_;
};

} // namespace jig::detail

namespace jig {

/// What happens at one frame; from Player::at.
class Moment {
  public:
    Moment(detail::Timeline& timeline, std::uint64_t frame) : timeline_(timeline), frame_(frame) {}

    /// A parameter's plain value from here on.
    Moment& set(std::string_view id, double value) {
        return add(JIG_EVENT_PARAM, id, static_cast<float>(value));
    }
    /// A trigger parameter fires.
    Moment& trigger(std::string_view id) { return add(JIG_EVENT_TRIGGER, id, 1.0f); }
    Moment& note_on(int key, double velocity = 1, int channel = 0) {
        return add(JIG_EVENT_NOTE_ON, key, velocity, channel);
    }
    Moment& note_off(int key, int channel = 0) { return add(JIG_EVENT_NOTE_OFF, key, 0, channel); }
    Moment& note_choke(int key, int channel = 0) {
        return add(JIG_EVENT_NOTE_CHOKE, key, 0, channel);
    }
    Moment& midi(std::uint8_t status, std::uint8_t data1, std::uint8_t data2 = 0) {
        jig_event event{};
        event.type = JIG_EVENT_MIDI;
        event.u.midi[0] = status;
        event.u.midi[1] = data1;
        event.u.midi[2] = data2;
        return add(event);
    }
    /// Any event; its frame is set when it is sent.
    Moment& add(const jig_event& event) { return timeline_.add(frame_, event), *this; }

  private:
    Moment& add(jig_event_type type, std::string_view id, float value) {
        jig_event event{};
        event.type = type;
        event.u.param = {value, timeline_.index_of(id), 0, JIG_ANY};
        return add(event);
    }
    Moment& add(jig_event_type type, int key, double velocity, int channel) {
        jig_event event{};
        event.type = type;
        event.u.note = {JIG_ANY,
                        static_cast<std::int16_t>(channel),
                        static_cast<std::int16_t>(key),
                        static_cast<float>(velocity),
                        0,
                        0};
        return add(event);
    }

    detail::Timeline& timeline_;
    std::uint64_t frame_;
};

} // namespace jig
