// jig/faust/program.hpp: a class that faust wrote, and what it says of itself: declarations,
// widgets.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jig::faust {

/// What a class of faust's derives from; nothing is asked of it.
struct Base {};

using Notes = std::map<std::string, std::string, std::less<>>;

inline std::string note_of(const Notes& notes, std::string_view key, std::string otherwise = "") {
    const auto found = notes.find(key);
    return found == notes.end() ? std::move(otherwise) : found->second;
}

/// What a program says by `declare`. Faust's class calls declare.
struct Declarations {
    Notes notes;
    void declare(const char* key, const char* value) { notes.emplace(key, value); }
};

/// One control or bargraph of a program.
struct Widget {
    enum class Kind { button, checkbox, slider, entry, bargraph };
    Kind kind;
    float* zone; ///< the program's variable
    std::string label;
    std::string group; ///< path with '/'
    double init, min, max, step;
    Notes notes; ///< what stands in brackets in the label: [unit:dB] is "unit" → "dB"
};

/// The widgets of one object of faust's class, which calls all functions but all().
class Widgets {
  public:
    /// `outermost`: names by which faust may call the box around all others, which is no group.
    explicit Widgets(std::vector<std::string> outermost) : outermost_(std::move(outermost)) {}

    [[nodiscard]] const std::vector<Widget>& all() const { return widgets_; }

    void openTabBox(const char* label) { boxes_.emplace_back(label); }
    void openHorizontalBox(const char* label) { boxes_.emplace_back(label); }
    void openVerticalBox(const char* label) { boxes_.emplace_back(label); }
    void closeBox() { boxes_.pop_back(); }

    /// Comes before the widget; without a zone it means a box.
    void declare(float* zone, const char* key, const char* value) {
        if (zone != nullptr) {
            notes_.emplace(key, value);
        }
    }

    void addButton(const char* label, float* zone) {
        add(Widget::Kind::button, label, zone, 0, 0, 1, 1);
    }
    void addCheckButton(const char* label, float* zone) {
        add(Widget::Kind::checkbox, label, zone, 0, 0, 1, 1);
    }
    void addHorizontalSlider(const char* label, float* zone, float init, float min, float max,
                             float step) {
        add(Widget::Kind::slider, label, zone, init, min, max, step);
    }
    void addVerticalSlider(const char* label, float* zone, float init, float min, float max,
                           float step) {
        add(Widget::Kind::slider, label, zone, init, min, max, step);
    }
    void addNumEntry(const char* label, float* zone, float init, float min, float max, float step) {
        add(Widget::Kind::entry, label, zone, init, min, max, step);
    }
    void addHorizontalBargraph(const char* label, float* zone, float min, float max) {
        add(Widget::Kind::bargraph, label, zone, min, min, max, 0);
    }
    void addVerticalBargraph(const char* label, float* zone, float min, float max) {
        add(Widget::Kind::bargraph, label, zone, min, min, max, 0);
    }
    template <typename Label, typename... Rest>
    void addSoundfile(Label, Rest...) {
        static_assert(sizeof...(Rest) == 0, "jig: soundfile cannot be used in a Faust plugin");
    }

  private:
    void add(Widget::Kind kind, const char* label, float* zone, float init, float min, float max,
             float step) {
        widgets_.push_back({kind, zone, label, group(), decimal(init), decimal(min), decimal(max),
                            decimal(step), std::exchange(notes_, {})});
    }

    [[nodiscard]] std::string group() const {
        std::string path;
        for (std::size_t i = 0; i < boxes_.size(); ++i) {
            const bool named = boxes_[i] != "0x00"; // as faust calls a box without a name
            const bool around_all = i == 0 && std::find(outermost_.begin(), outermost_.end(),
                                                        boxes_[i]) != outermost_.end();
            if (named && !around_all) {
                path += (path.empty() ? "" : "/") + boxes_[i];
            }
        }
        return path;
    }

    /// The number that was written: 0.1 for the float nearest to it.
    static double decimal(float value) {
        char text[32];
        const auto end = std::to_chars(text, text + sizeof text, value).ptr;
        double result = 0;
        std::from_chars(text, end, result);
        return result;
    }

    std::vector<std::string> outermost_;
    std::vector<Widget> widgets_;
    std::vector<std::string> boxes_;
    Notes notes_;
};

/// An object of faust's class with its widgets.
template <typename Dsp>
class Program {
  public:
    Program() : dsp_(new Dsp), widgets_({name(), file()}) { dsp_->buildUserInterface(&widgets_); }

    [[nodiscard]] const std::vector<Widget>& widgets() const { return widgets_.all(); }

    /// [main, !active]
    void prepare(double rate_hz) {
        const auto rate = static_cast<int>(rate_hz);
        // Tables are the class's: while other objects play they are not written again.
        static std::mutex mutex;
        static int tables_for = 0;
        const std::lock_guard lock(mutex);
        if (tables_for != rate) {
            Dsp::classInit(rate);
            tables_for = rate;
        }
        dsp_->instanceInit(rate);
    }

    void clear() { dsp_->instanceClear(); }

    /// Faust's class takes pointers to what it does not change.
    void compute(std::uint32_t frames, const float* const* in, float* const* out) {
        dsp_->compute(static_cast<int>(frames), const_cast<float**>(in), const_cast<float**>(out));
    }

    /// What the program declares, and the libraries that it imports.
    static const Notes& declared() {
        static const Notes notes = [] {
            Declarations all;
            std::make_unique<Dsp>()->metadata(&all);
            return std::move(all.notes);
        }();
        return notes;
    }
    static std::string name() { return note_of(declared(), "name"); }
    /// Of the .dsp file, without its ending.
    static std::string file() {
        const auto file = note_of(declared(), "filename");
        return file.substr(0, file.rfind('.'));
    }

  private:
    std::unique_ptr<Dsp> dsp_; ///< has its delay lines inside: too large for a stack
    Widgets widgets_;
};

} // namespace jig::faust
