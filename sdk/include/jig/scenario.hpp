// jig/scenario.hpp: a passage that exercises a plugin: sound, notes, and hands on its parameters.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/player.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>

namespace jig {

namespace detail {

/// The plain value at a place 0…1 of the control's travel; see jig_curve.
inline double plain_at(const jig_param& param, double travel) {
    double value = param.min + (param.max - param.min) * travel;
    if (param.curve == JIG_CURVE_LOG) {
        value = param.min * std::pow(param.max / param.min, travel);
    } else if (param.curve == JIG_CURVE_SKEW) {
        value = param.min + (param.max - param.min) *
                                std::pow(travel, 1 / static_cast<double>(param.curve_arg));
    }
    if (param.step > 0) {
        value = param.min + std::round((value - param.min) / param.step) * param.step;
    }
    return std::clamp(value, param.min, param.max);
}

inline bool has_value(const jig_param& param) {
    return (param.flags & (JIG_PARAM_OUTPUT | JIG_PARAM_TRIGGER | JIG_PARAM_RESTART)) == 0;
}

inline bool is_continuous(const jig_param& param) {
    constexpr std::uint32_t kSteps = JIG_PARAM_STEPPED | JIG_PARAM_ENUM | JIG_PARAM_TOGGLE;
    return has_value(param) && (param.flags & kSteps) == 0 && !(param.step > 0);
}

} // namespace detail

/// The same passage every time: it is all decided by frames and by the seed.
struct Scenario {
    /// Before anything plays: settings of the plugin under which it is to be checked.
    std::function<void(Player&)> prepare = [](Player&) {};
    Signal input = noise(-12);
    std::uint64_t frames = 12000;
    double bpm = 120;
    /// Whether each parameter is moved to some values on the way.
    bool moves = true;
    std::uint64_t seed = 1;

    /// Puts settings, moves and notes on the player's time line, from its position on.
    void schedule(Player& player) const {
        player.tempo(bpm);
        prepare(player);
        const auto random = noise(0, seed);
        std::uint64_t drawn = 0;
        const auto draw = [&] { return (static_cast<double>(random(drawn++, 1)) + 1) / 2; };
        const auto some_frame = [&] {
            return player.position() +
                   static_cast<std::uint64_t>(draw() * static_cast<double>(frames - 1));
        };
        const auto& plugin = player.table();
        for (std::uint32_t i = 0; moves && i < plugin.params.count; ++i) {
            const auto& param = detail::element<jig_param>(plugin.params, i);
            for (int move = 0; detail::has_value(param) && move < 3; ++move) {
                const auto frame = some_frame();
                player.at(frame).set(param.id, detail::plain_at(param, draw()));
            }
        }
        if ((plugin.flags & JIG_PLUGIN_EVENTS_IN) != 0) {
            for (const int key : {48, 60, 64, 67, 60}) {
                const auto on = some_frame();
                player.at(on).note_on(key, 0.3 + 0.7 * draw());
                player.at(on + frames / 4).note_off(key);
            }
        }
    }

    /// Schedules and plays it.
    [[nodiscard]] Audio play(Player& player) const {
        schedule(player);
        return player.render(input, frames);
    }
};

namespace detail {

/// Largest differences between neighbouring samples of the output.
struct Steps {
    float at_change = 0;
    float anyhow = 0;
};

inline float largest_step(const Audio& audio, std::size_t first, std::size_t last) {
    float largest = 0;
    for (std::size_t c = 0; c < audio.channels(); ++c) {
        for (std::size_t i = first; i < last; ++i) {
            largest = std::max(largest, std::fabs(audio[c][i] - audio[c][i - 1]));
        }
    }
    return largest;
}

/// A change at one frame while a low tone, or a held note, sounds.
inline Steps steps_around_change(const jig_plugin& plugin, const Scenario& scenario,
                                 const char* param, double from, double to, std::uint64_t phase) {
    Player player(plugin);
    player.tempo(scenario.bpm);
    scenario.prepare(player);
    const auto part = static_cast<std::uint64_t>(player.rate_hz() / 4);
    const auto change = 2 * part + phase;
    player.set(param, from);
    player.at(change).set(param, to);
    if ((plugin.flags & JIG_PLUGIN_EVENTS_IN) != 0) {
        player.now().note_on(48);
    }
    const auto output = player.render(sine(100, -6), 5 * part);
    return {largest_step(output, change, change + part),
            std::max(largest_step(output, part, change),
                     largest_step(output, change + part, output.frames()))};
}

} // namespace detail

} // namespace jig
