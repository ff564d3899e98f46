// jig/param.hpp: a parameter: a member of the plugin class that registers and smooths itself.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/attributes.hpp>
#include <jig/plugin.hpp>
#include <jig/smoother.hpp>

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

namespace jig {

/// Param drive{this, "drive", "Drive", dB(-12, 36, 0), 20_ms};
///
/// The id is what the parameter is, for ever; everything else may change from build to build. After
/// the range come any of: 20_ms, Group, Unit, Doc, Formerly, MidiCc, ParamFlags, OnChange, Text.
/// Read it on the audio thread, in process.
class Param {
  public:
    template <typename... Attributes>
    constexpr Param(Plugin* owner, const char* id, const char* name, Range range,
                    Attributes... attributes)
        : id_(id), name_(name), range_(std::move(range)), unit_(range_.unit) {
        (apply(std::move(attributes)), ...);
        if (!std::is_constant_evaluated()) {
            snap(static_cast<float>(range_.def));
        }
        owner->params_.push_back(this);
    }
    Param(const Param&) = delete;
    Param& operator=(const Param&) = delete;

    /// The value for the next frame, smoothed; once a frame, for all channels. A dB parameter gives
    /// its linear gain.
    [[nodiscard]] float next() { return smoother_.next(); }

    /// What next() gave last, without moving on.
    [[nodiscard]] float current() const { return smoother_.current(); }

    /// Where next() is going; a dB parameter gives its linear gain.
    [[nodiscard]] float target() const { return smoother_.target(); }

    /// Whether next() has arrived.
    [[nodiscard]] bool settled() const { return smoother_.settled(); }

    /// The plain value in the parameter's unit (dB stays dB), not smoothed.
    [[nodiscard]] float value() const { return plain_; }

    /// The value of an Int or an Enum, and of a Toggle.
    [[nodiscard]] int index() const { return static_cast<int>(std::lround(plain_)); }
    [[nodiscard]] bool on() const { return plain_ >= 0.5f; }
    template <typename E>
    [[nodiscard]] E as() const {
        return static_cast<E>(index());
    }

  private:
    friend struct detail::Access;

    constexpr void apply(Smooth smooth) { smooth_ms_ = smooth.ms; }
    constexpr void apply(Group group) { group_ = group.text; }
    constexpr void apply(Unit unit) { unit_ = unit.text; }
    constexpr void apply(Doc doc) { doc_ = doc.text; }
    constexpr void apply(Formerly ids) { formerly_ = ids.text; }
    constexpr void apply(MidiCc cc) { midi_cc_ = cc.number; }
    constexpr void apply(ParamFlags flags) { range_.flags |= flags.bits; }
    constexpr void apply(OnChange change) { on_change_ = std::move(change.function); }
    constexpr void apply(Text text) { text_ = std::move(text); }

    [[nodiscard]] constexpr jig_param descriptor() const {
        jig_param param{};
        param.id = id_;
        param.formerly = formerly_;
        param.name = name_;
        param.group = group_;
        param.unit = unit_;
        param.doc = doc_;
        param.min = range_.min;
        param.max = range_.max;
        param.def = range_.def;
        param.step = range_.step;
        param.curve = range_.curve;
        param.curve_arg = range_.curve_arg;
        param.flags = range_.flags;
        param.label_count = static_cast<std::uint32_t>(range_.labels.size());
        param.labels = range_.labels.empty() ? nullptr : range_.labels.data();
        param.smooth_kind = smooth_ms_ > 0 ? JIG_SMOOTH_LINEAR : JIG_SMOOTH_NONE;
        param.smooth_ms = smooth_ms_;
        param.midi_cc = midi_cc_;
        return param;
    }

    [[nodiscard]] constexpr bool is_trigger() const {
        return (range_.flags & JIG_PARAM_TRIGGER) != 0;
    }

    /// Held inside the range and on its grid; what is no number changes nothing.
    [[nodiscard]] float legal(float plain) const {
        if (std::isnan(plain)) {
            return plain_;
        }
        double value = std::clamp(static_cast<double>(plain), range_.min, range_.max);
        if (range_.step > 0) {
            value = range_.min + std::round((value - range_.min) / range_.step) * range_.step;
        }
        return static_cast<float>(value);
    }

    /// What next() is to give for a plain value.
    [[nodiscard]] float read(float plain) const {
        return range_.curve == JIG_CURVE_DB ? std::pow(10.0f, plain / 20.0f) : plain;
    }

    void prepare(double rate_hz) {
        smoother_.set_frames(
            static_cast<std::uint32_t>(std::lround(double{smooth_ms_} * rate_hz / 1000.0)));
    }

    void snap(float plain) {
        seen_ = plain;
        plain_ = legal(plain);
        smoother_.snap(read(plain_));
    }

    void aim(float plain) {
        if (plain == seen_) {
            return;
        }
        seen_ = plain;
        const float value = legal(plain);
        if (value != plain_) {
            plain_ = value;
            smoother_.aim(read(value));
            changed();
        }
    }

    void changed() const {
        if (on_change_) {
            on_change_(plain_);
        }
    }

    template <typename Visitor>
    constexpr void carry(Visitor& visit) {
        visit("seen", seen_);
        visit("plain", plain_);
        visit("smoother", smoother_);
    }

    /// What was carried over came from a build where the value may have meant something else.
    void carried() {
        plain_ = legal(seen_);
        if (smoother_.target() != read(plain_)) {
            smoother_.snap(read(plain_));
        }
        changed();
    }

    void fire(float value) const {
        if (on_change_) {
            on_change_(value);
        }
    }

    const char* id_;
    const char* name_;
    Range range_;
    const char* unit_;
    const char* formerly_ = nullptr;
    const char* group_ = "";
    const char* doc_ = "";
    std::int32_t midi_cc_ = -1;
    float smooth_ms_ = 0;
    Callback<void(float)> on_change_;
    Text text_;
    float seen_ = 0;  ///< what the host said last
    float plain_ = 0; ///< … and what it means
    Smoother smoother_;
};

} // namespace jig
