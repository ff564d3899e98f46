// jig/attributes.hpp: what may be said about a parameter, tap or bus: ranges, units, smoothing …
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/callback.hpp>
#include <jig/plugin.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jig {

// All of it can be had in a constant expression, so that JIG_PLUGIN can look at a plugin's parts
// while it compiles.

/// The values that a parameter can take, and how its control travels over them.
struct Range {
    double min = 0;
    double max = 1;
    double def = 0;
    double step = 0;
    jig_curve curve = JIG_CURVE_LIN;
    float curve_arg = 0;
    std::uint32_t flags = 0;
    const char* unit = "";
    std::vector<const char*> labels;
};

/// Any value from min to max.
struct Linear : Range {
    constexpr Linear(double low, double high, double value) {
        min = low;
        max = high;
        def = value;
    }
};

/// In decibels; Param::next() gives the linear gain.
struct dB : Linear {
    constexpr dB(double low, double high, double value) : Linear(low, high, value) {
        curve = JIG_CURVE_DB;
        unit = "dB";
    }
};

/// Equal ratios take equal travel; both ends have the same sign.
struct Log : Linear {
    constexpr Log(double low, double high, double value) : Linear(low, high, value) {
        curve = JIG_CURVE_LOG;
    }
};

/// A frequency, logarithmic.
struct Hz : Log {
    constexpr Hz(double low, double high, double value) : Log(low, high, value) { unit = "Hz"; }
};

/// min + (max − min)·t^(1/skew): a skew below 1 gives the low values more travel.
struct Skew : Linear {
    constexpr Skew(double low, double high, double value, float skew) : Linear(low, high, value) {
        curve = JIG_CURVE_SKEW;
        curve_arg = skew;
    }
};

/// Whole numbers.
struct Int : Linear {
    constexpr Int(int low, int high, int value) : Linear(low, high, value) {
        step = 1;
        flags = JIG_PARAM_STEPPED;
    }
};

/// Off or on.
struct Toggle : Int {
    constexpr explicit Toggle(bool on = false) : Int(0, 1, on ? 1 : 0) {
        flags |= JIG_PARAM_TOGGLE;
    }
};

/// One of several, by label; the value is the label's place.
struct Enum : Int {
    constexpr Enum(std::initializer_list<const char*> names, int value = 0)
        : Int(0, static_cast<int>(names.size()) - 1, value) {
        flags |= JIG_PARAM_ENUM;
        labels = names;
    }
};

/// Momentary: holds no value, calls OnChange at the frame where it fires.
struct Trigger : Range {
    constexpr Trigger() { flags = JIG_PARAM_TRIGGER; }
};

/// How long a changed value takes to get there; write 20_ms.
struct Smooth {
    float ms;
};

/// Where the control belongs: a path with '/'.
struct Group {
    constexpr explicit Group(const char* path) : text(path) {}
    const char* text;
};

/// What stands after the value.
struct Unit {
    constexpr explicit Unit(const char* unit) : text(unit) {}
    const char* text;
};

/// One or two sentences for the person at the control.
struct Doc {
    constexpr explicit Doc(const char* words) : text(words) {}
    const char* text;
};

/// The ids that the parameter had in earlier builds, separated by spaces.
struct Formerly {
    constexpr explicit Formerly(const char* ids) : text(ids) {}
    const char* text;
};

/// The MIDI controller, 0…127, that suits the parameter.
struct MidiCc {
    constexpr explicit MidiCc(int controller) : number(controller) {}
    std::int32_t number;
};

/// More of JIG_PARAM_*.
struct ParamFlags {
    constexpr explicit ParamFlags(std::uint32_t more) : bits(more) {}
    std::uint32_t bits;
};

/// Called with the plain value on the audio thread, before the first frame that has it; also for
/// the first value after activate and reset. A Trigger calls it at the frame where it fires.
struct OnChange {
    template <typename F>
    constexpr explicit OnChange(F call) : function(std::move(call)) {}
    Callback<void(float)> function;
};

/// The plugin's own words for a plain value, and back. [any thread]
struct Text {
    using To = Callback<std::string(double)>;
    using From = Callback<std::optional<double>(std::string_view)>;
    constexpr Text() = default;
    constexpr explicit Text(To write, From read = {})
        : to(std::move(write)), from(std::move(read)) {}
    To to;
    From from;
};

/// The values that a tap is expected to show.
struct Limits {
    constexpr Limits(float low, float high) : min(low), max(high) {}
    float min;
    float max;
};

/// How a page might draw a tap: JIG_VIEW_*.
struct View {
    constexpr explicit View(jig_view hint) : view(hint) {}
    jig_view view;
};

/// A tap with one value a block, not one a frame.
struct PerBlock {};

/// A bus that takes the place of the main one.
struct Main {};

/// A bus that need not be connected.
struct Optional {};

/// How many channels a bus can have, and has unless told otherwise.
struct ChannelRange {
    constexpr ChannelRange(std::uint32_t low, std::uint32_t high, std::uint32_t value)
        : min(low), max(high), def(value) {}
    std::uint32_t min;
    std::uint32_t max;
    std::uint32_t def;
};

/// An output bus that has as many channels as the main input.
struct MatchMainIn {};

inline namespace literals {
constexpr Smooth operator""_ms(unsigned long long ms) {
    return {static_cast<float>(ms)};
}
constexpr Smooth operator""_ms(long double ms) {
    return {static_cast<float>(ms)};
}
} // namespace literals

} // namespace jig
