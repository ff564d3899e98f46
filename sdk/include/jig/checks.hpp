// jig/checks.hpp: what every plugin should stand, one line each in a test of its author's.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/harness.hpp>
#include <jig/scenario.hpp>

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

/// TEST(Crush, is_a_good_plugin) { EXPECT_EQ(jig::checks::all<Crush>(), ""); }
///
/// Each check plays the plugin through a Scenario and returns what is wrong in a sentence, or "".
/// They take a class, or the table of a library: checks::blocks(file.plugin()).
namespace jig::checks {

namespace detail {

inline std::string first_difference(const Audio& a, const Audio& b, const std::string& what) {
    for (std::size_t i = 0; i < a.frames(); ++i) {
        for (std::size_t c = 0; c < a.channels(); ++c) {
            if (a[c][i] != b[c][i] && !(std::isnan(a[c][i]) && std::isnan(b[c][i]))) {
                return what + ": at frame " + std::to_string(i) + " channel " + std::to_string(c) +
                       " is " + std::to_string(b[c][i]) + " and was " + std::to_string(a[c][i]);
            }
        }
    }
    return {};
}

} // namespace detail

/// The same samples, bit for bit, in blocks of 512, 1, 63 and of mixed sizes.
inline std::string blocks(const jig_plugin& plugin, const Scenario& scenario = {}) {
    const auto play = [&](std::vector<std::uint32_t> sizes) {
        Player player(plugin);
        return scenario.play(player.blocks(std::move(sizes)));
    };
    const auto reference = play({512});
    for (const auto& sizes : {std::vector<std::uint32_t>{1}, {63}, {512, 1, 63, 7}}) {
        const auto name = sizes.size() > 1 ? "of mixed sizes" : "of " + std::to_string(sizes[0]);
        auto fault = detail::first_difference(reference, play(sizes),
                                              "in blocks " + name + " it sounds different");
        if (!fault.empty()) {
            return fault;
        }
    }
    return {};
}

/// Every sample of every output is written, and is a finite number.
inline std::string outputs(const jig_plugin& plugin, const Scenario& scenario = {}) {
    Player player(plugin);
    const auto output = scenario.play(player);
    if (player.status() < 0) {
        return "process returns the error " + std::to_string(player.status());
    }
    if (player.unwritten() > 0) {
        return std::to_string(player.unwritten()) + " output samples are not written";
    }
    for (std::size_t c = 0; c < output.channels(); ++c) {
        for (std::size_t i = 0; i < output.frames(); ++i) {
            if (!std::isfinite(output[c][i])) {
                return "the output is no finite number at frame " + std::to_string(i) +
                       " of channel " + std::to_string(c);
            }
        }
    }
    return {};
}

/// process asks nothing of the heap. Needs the executable that jig_add_plugin makes of TESTS; with
/// a sanitizer it cannot tell and finds nothing.
inline std::string allocation(const jig_plugin& plugin, const Scenario& scenario = {}) {
    Player player(plugin);
    (void)scenario.play(player);
    if (!Player::watches_heap()) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        return {};
#else
        return "this executable does not watch the heap; make it by jig_add_plugin(… TESTS …)";
#endif
    }
    return player.heap_calls() == 0
               ? ""
               : "process calls the heap " + std::to_string(player.heap_calls()) + " times";
}

/// After the sound has ended nothing is calculated with numbers too small for full precision, which
/// cost a hundred times as much where the host does not flush them to zero. Tells on x86-64 only.
inline std::string denormals(const jig_plugin& plugin, const Scenario& scenario = {}) {
    Player player(plugin);
    player.flush_denormals(false);
    (void)scenario.play(player);
    (void)player.render(static_cast<std::uint64_t>(player.rate_hz() * 20));
    return player.denormals() ? "it calculates with denormal numbers; as its sound dies away, let "
                                "small values become 0"
                              : "";
}

/// After reset it sounds as a new one.
inline std::string reset(const jig_plugin& plugin, const Scenario& scenario = {}) {
    Player used(plugin);
    Player fresh(plugin);
    (void)scenario.play(used);
    used.reset();
    used.forget();
    fresh.start(used.position());
    return detail::first_difference(scenario.play(fresh),
                                    scenario.play(used.start(used.position())),
                                    "after reset it sounds different from a new one");
}

/// What it carries over is all that it needs to go on as if nothing had happened.
inline std::string carry(const jig_plugin& plugin, const Scenario& scenario = {}) {
    if ((plugin.flags & JIG_PLUGIN_RT_CARRY) == 0) {
        return "it has no carry";
    }
    Player old_build(plugin);
    (void)scenario.play(old_build);
    Player new_build(plugin);
    new_build.take_over(old_build);
    return detail::first_difference(scenario.play(old_build), scenario.play(new_build),
                                    "with the carried memory it sounds different");
}

/// Two of it at a time know nothing of each other.
inline std::string instances(const jig_plugin& plugin, const Scenario& scenario = {}) {
    Player alone(plugin);
    const auto reference = scenario.play(alone);
    Player one(plugin);
    Player other(plugin);
    auto another = scenario;
    another.seed += 1;
    scenario.schedule(one);
    another.schedule(other);
    Audio together(reference.channels(), reference.frames());
    constexpr std::uint64_t kTurn = 480;
    for (std::uint64_t done = 0; done < scenario.frames; done += kTurn) {
        const auto part = one.render(scenario.input, std::min(kTurn, scenario.frames - done));
        (void)other.render(another.input, std::min(kTurn, scenario.frames - done));
        for (std::size_t c = 0; c < part.channels(); ++c) {
            std::copy(part[c].begin(), part[c].end(),
                      together[c].begin() + static_cast<std::ptrdiff_t>(done));
        }
    }
    return detail::first_difference(reference, together,
                                    "beside a second instance it sounds different");
}

/// A parameter that goes from a quarter to three quarters of its travel at once makes no step in
/// the output: none of more than twice the steps that are there anyhow, and of −50 dBFS.
inline std::string zipper(const jig_plugin& plugin, const Scenario& scenario = {}) {
    constexpr float kInaudible = 0.003f;
    for (std::uint32_t i = 0; i < plugin.params.count; ++i) {
        const auto& param = jig::detail::element<jig_param>(plugin.params, i);
        if (!jig::detail::is_continuous(param)) {
            continue;
        }
        for (const auto& [from, to] : {std::pair{0.25, 0.75}, std::pair{0.75, 0.25}}) {
            // Where in the wave the change falls decides what it does: try a few places.
            for (const std::uint64_t phase : {0u, 60u, 120u, 180u}) {
                const auto steps = jig::detail::steps_around_change(
                    plugin, scenario, param.id, jig::detail::plain_at(param, from),
                    jig::detail::plain_at(param, to), phase);
                if (steps.at_change > 2 * steps.anyhow + kInaudible) {
                    return std::string("a change of ") + param.id + " makes a step of " +
                           std::to_string(steps.at_change) + " in the output, where there are " +
                           std::to_string(steps.anyhow) + " anyhow; smooth it";
                }
            }
        }
    }
    return {};
}

/// All of them, as far as they apply; a line each.
inline std::string all(const jig_plugin& plugin, const Scenario& scenario = {}) {
    std::string faults;
    const auto note = [&faults](const char* check, const std::string& fault) {
        faults += fault.empty() ? "" : std::string(check) + ": " + fault + "\n";
    };
    note("blocks", blocks(plugin, scenario));
    note("outputs", outputs(plugin, scenario));
    note("allocation", allocation(plugin, scenario));
    note("denormals", denormals(plugin, scenario));
    note("reset", reset(plugin, scenario));
    note("instances", instances(plugin, scenario));
    note("zipper", zipper(plugin, scenario));
    if ((plugin.flags & JIG_PLUGIN_RT_CARRY) != 0) {
        note("carry", carry(plugin, scenario));
    }
    return faults;
}

// The same for a class.
#define JIG_DETAIL_CHECK(check)                                                                    \
    template <typename P>                                                                          \
    std::string check(const Scenario& scenario = {}) {                                             \
        return check(jig::detail::Description<P>::get(), scenario);                                \
    }
JIG_DETAIL_CHECK(blocks)
JIG_DETAIL_CHECK(outputs)
JIG_DETAIL_CHECK(allocation)
JIG_DETAIL_CHECK(denormals)
JIG_DETAIL_CHECK(reset)
JIG_DETAIL_CHECK(carry)
JIG_DETAIL_CHECK(instances)
JIG_DETAIL_CHECK(zipper)
JIG_DETAIL_CHECK(all)
#undef JIG_DETAIL_CHECK

} // namespace jig::checks
