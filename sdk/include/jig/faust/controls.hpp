// jig/faust/controls.hpp: the widgets of a program as parameters and taps.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/faust/program.hpp>
#include <jig/jig.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace jig::faust {

/// Lower case letters and digits, anything else between them as one '-'; beyond ASCII as it is.
inline std::string slug(std::string_view text) {
    std::string result;
    bool gap = false;
    for (const char c : text) {
        const bool capital = c >= 'A' && c <= 'Z';
        if (capital || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
            static_cast<unsigned char>(c) >= 0x80) {
            result += gap && !result.empty() ? "-" : "";
            result += capital ? static_cast<char>(c - 'A' + 'a') : c;
            gap = false;
        } else {
            gap = true;
        }
    }
    return result;
}

/// Of [style:menu{'Sine':0;'Saw':1}] or radio{…}.
struct Choices {
    std::vector<std::string> labels;
    std::vector<float> values;

    static Choices of(const std::string& style) {
        Choices choices;
        const bool has = style.rfind("menu{", 0) == 0 || style.rfind("radio{", 0) == 0;
        for (std::size_t at = has ? style.find('\'') : std::string::npos; at != std::string::npos;
             at = style.find('\'', at)) {
            const auto end = style.find('\'', at + 1);
            if (end == std::string::npos || end + 1 >= style.size() || style[end + 1] != ':') {
                return {};
            }
            choices.labels.push_back(style.substr(at + 1, end - at - 1));
            choices.values.push_back(std::strtof(style.c_str() + end + 2, nullptr));
            at = end + 1;
        }
        return choices.labels.size() > 1 ? choices : Choices{};
    }

    [[nodiscard]] bool empty() const { return values.empty(); }
    [[nodiscard]] std::size_t nearest(double value) const {
        const auto distance = [value](float other) { return std::fabs(double{other} - value); };
        return static_cast<std::size_t>(
            std::min_element(values.begin(), values.end(),
                             [&](float a, float b) { return distance(a) < distance(b); }) -
            values.begin());
    }
};

/// A widget in the SDK's words; keeps the texts that they point at.
class Words {
  public:
    Words(const Widget& widget, std::set<std::string>& taken)
        : id_(new_id(widget, taken)), name_(widget.label), group_(widget.group),
          doc_(note_of(widget.notes, "tooltip")),
          choices_(Choices::of(note_of(widget.notes, "style"))),
          unit_(choices_.empty() ? note_of(widget.notes, "unit") : "") {}
    Words(const Words&) = delete;
    Words& operator=(const Words&) = delete;

    [[nodiscard]] const char* id() const { return id_.c_str(); }
    [[nodiscard]] const char* name() const { return name_.c_str(); }
    [[nodiscard]] Group group() const { return Group(group_.c_str()); }
    [[nodiscard]] Unit unit() const { return Unit(unit_.c_str()); }
    [[nodiscard]] Doc doc() const { return Doc(doc_.c_str()); }
    [[nodiscard]] const Choices& choices() const { return choices_; }

    /// A button is pressed for a moment, unless it is a gate: that one is held.
    [[nodiscard]] Range range(const Widget& widget) const {
        if (widget.kind == Widget::Kind::button && slug(widget.label) != "gate") {
            return Trigger();
        }
        if (widget.kind == Widget::Kind::button || widget.kind == Widget::Kind::checkbox) {
            return Toggle();
        }
        return choices_.empty() ? number(widget) : one_of(widget);
    }

  private:
    /// Faust allows two widgets with one path; a host does not.
    static std::string new_id(const Widget& widget, std::set<std::string>& taken) {
        std::string path;
        for (std::size_t at = 0; at < widget.group.size();) {
            const auto end = std::min(widget.group.find('/', at), widget.group.size());
            path += slug(std::string_view(widget.group).substr(at, end - at)) + "/";
            at = end + 1;
        }
        const auto wanted = note_of(widget.notes, "id", path + slug(widget.label));
        auto id = wanted;
        for (int n = 2; !taken.insert(id).second; ++n) {
            id = wanted + "-" + std::to_string(n);
        }
        return id;
    }

    [[nodiscard]] Range one_of(const Widget& widget) const {
        Range range = Int(0, static_cast<int>(choices_.values.size()) - 1,
                          static_cast<int>(choices_.nearest(widget.init)));
        range.flags |= JIG_PARAM_ENUM;
        for (const auto& label : choices_.labels) {
            range.labels.push_back(label.c_str());
        }
        return range;
    }

    static Range number(const Widget& widget) {
        const auto scale = note_of(widget.notes, "scale");
        if (scale == "log" && widget.min * widget.max > 0) {
            return Log(widget.min, widget.max, widget.init);
        }
        if (scale == "exp" && widget.min < widget.max) {
            return Skew(widget.min, widget.max, widget.init, exp_skew(widget));
        }
        Range range = Linear(widget.min, widget.max, widget.init);
        // A slider's step is how finely it moves; that of a number, or a whole one, says what is
        // meant.
        const bool whole = widget.step >= 1 && widget.step == std::round(widget.step);
        if (widget.step > 0 && (widget.kind == Widget::Kind::entry || whole)) {
            range.step = widget.step;
            range.flags |= JIG_PARAM_STEPPED;
        } else if (note_of(widget.notes, "unit") == "dB") {
            range.curve = JIG_CURVE_DB;
        }
        return range;
    }

    /// Faust's exp scale moves e^value linearly; the skew that agrees with it at both ends and in
    /// the middle.
    static float exp_skew(const Widget& widget) {
        const double span = widget.max - widget.min;
        const double middle = (span + std::log((1 + std::exp(-span)) / 2)) / span;
        return static_cast<float>(std::log(0.5) / std::log(middle));
    }

    std::string id_;
    std::string name_;
    std::string group_;
    std::string doc_;
    Choices choices_;
    std::string unit_;
};

/// A parameter and what it writes into its widget's variable.
class Control {
  public:
    Control(Plugin* owner, std::size_t index, const Widget& widget, std::set<std::string>& taken)
        : index_(index), words_(widget, taken),
          param_(owner, words_.id(), words_.name(), words_.range(widget), words_.group(),
                 words_.unit(), words_.doc(), MidiCc(controller(widget)),
                 ParamFlags(note_of(widget.notes, "hidden") == "1" ? std::uint32_t{JIG_PARAM_HIDDEN}
                                                                   : 0u),
                 OnChange([this](float) { pressed_frames_ = press_frames_; })),
          button_(widget.kind == Widget::Kind::button && slug(widget.label) != "gate") {}

    void prepare(double rate_hz) {
        constexpr double kPress = 0.020; // long enough for an envelope, short for a click
        press_frames_ = static_cast<std::uint32_t>(std::lround(kPress * rate_hz));
        pressed_frames_ = 0;
    }
    void reset() { pressed_frames_ = 0; }

    void write(const std::vector<Widget>& widgets) const {
        const auto& values = words_.choices().values;
        *widgets[index_].zone = button_          ? (pressed_frames_ > 0 ? 1.0f : 0.0f)
                                : values.empty() ? param_.value()
                                                 : values[static_cast<std::size_t>(param_.index())];
    }

    /// How many of the next `frames` frames have what write() writes now.
    [[nodiscard]] std::uint32_t steady(std::uint32_t frames) const {
        return button_ && pressed_frames_ > 0 ? std::min(frames, pressed_frames_) : frames;
    }
    void advance(std::uint32_t frames) { pressed_frames_ -= std::min(frames, pressed_frames_); }

  private:
    static int controller(const Widget& widget) {
        const auto midi = note_of(widget.notes, "midi");
        return midi.rfind("ctrl ", 0) == 0 ? std::atoi(midi.c_str() + 5) : -1;
    }

    std::size_t index_;
    Words words_;
    Param param_;
    bool button_;
    std::uint32_t press_frames_ = 0;
    std::uint32_t pressed_frames_ = 0; ///< still to come
};

/// A tap and the bargraph that it shows: the greatest of those that were looked at since begin().
class Meter {
  public:
    Meter(Plugin* owner, std::size_t index, const Widget& widget, std::set<std::string>& taken)
        : index_(index), words_(widget, taken), min_(static_cast<float>(widget.min)),
          tap_(owner, words_.id(), words_.name(), words_.unit(), PerBlock{},
               Limits(min_, static_cast<float>(widget.max)),
               View(note_of(widget.notes, "style") == "numerical" ? JIG_VIEW_NUMBER
                                                                  : JIG_VIEW_METER)) {}

    void begin() { value_ = std::numeric_limits<float>::lowest(); }
    void look(const std::vector<Widget>& widgets) {
        value_ = std::max(value_, *widgets[index_].zone);
    }
    void end() const { tap_(value_ == std::numeric_limits<float>::lowest() ? min_ : value_); }

  private:
    std::size_t index_;
    Words words_;
    float min_;
    float value_ = 0;
    Tap tap_;
};

/// All widgets of a program; those of several objects of it move together.
class Controls {
  public:
    /// `skip`: indices of widgets that something else moves.
    Controls(Plugin* owner, const std::vector<Widget>& widgets,
             const std::set<std::size_t>& skip = {}) {
        std::set<std::string> params;
        std::set<std::string> taps;
        for (std::size_t i = 0; i < widgets.size(); ++i) {
            if (widgets[i].kind == Widget::Kind::bargraph) {
                meters_.push_back(std::make_unique<Meter>(owner, i, widgets[i], taps));
            } else if (skip.count(i) == 0) {
                controls_.push_back(std::make_unique<Control>(owner, i, widgets[i], params));
            }
        }
    }

    void prepare(double rate_hz) {
        for (auto& control : controls_) {
            control->prepare(rate_hz);
        }
    }
    void reset() {
        for (auto& control : controls_) {
            control->reset();
        }
    }
    void write(const std::vector<Widget>& widgets) const {
        for (const auto& control : controls_) {
            control->write(widgets);
        }
    }

    /// Calls part(begin, frames) for consecutive parts of a block in which no button changes.
    template <typename F>
    void each_part(std::uint32_t frames, F&& part) {
        for (std::uint32_t begin = 0; begin < frames;) {
            auto length = frames - begin;
            for (const auto& control : controls_) {
                length = control->steady(length);
            }
            part(begin, length);
            for (auto& control : controls_) {
                control->advance(length);
            }
            begin += length;
        }
    }

    /// Shows the bargraphs of those widgets that `each` hands on.
    template <typename F>
    void show(F&& each) {
        for (auto& meter : meters_) {
            meter->begin();
            each([&](const std::vector<Widget>& widgets) { meter->look(widgets); });
            meter->end();
        }
    }

  private:
    std::vector<std::unique_ptr<Control>> controls_;
    std::vector<std::unique_ptr<Meter>> meters_;
};

} // namespace jig::faust
