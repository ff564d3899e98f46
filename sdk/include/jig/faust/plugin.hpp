// jig/faust/plugin.hpp: the plugin around a class that faust wrote: an effect, or with voices an
// instrument.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/faust/controls.hpp>
#include <jig/faust/program.hpp>
#include <jig/jig.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace jig::faust {

enum class Fact { id, name, vendor, version, doc };

/// What a program declares, where the SDK asks a plugin class for a static text.
template <typename Dsp, Fact fact>
struct Declared {
    operator const char*() const {
        static const std::string text = find();
        return text.c_str();
    }

  private:
    static std::string find() {
        using P = Program<Dsp>;
        switch (fact) {
        case Fact::id:
            return note_of(P::declared(), "id", "faust." + slug(P::file()));
        case Fact::name:
            return P::name();
        case Fact::vendor:
            return note_of(P::declared(), "author");
        case Fact::version:
            return note_of(P::declared(), "version");
        case Fact::doc:
            break;
        }
        return note_of(P::declared(), "description");
    }
};

template <typename Dsp>
struct Facts {
    static constexpr Declared<Dsp, Fact::id> id{};
    static constexpr Declared<Dsp, Fact::name> name{};
    static constexpr Declared<Dsp, Fact::vendor> vendor{};
    static constexpr Declared<Dsp, Fact::version> version{};
    static constexpr Declared<Dsp, Fact::doc> doc{};
};

/// The main input. An effect's that has no channel stands for the one that every effect gets.
template <std::uint32_t kChannels>
struct MainInput : Input {
    explicit MainInput(Plugin* owner) requires(kChannels > 0)
        : Input(owner, "in", "Input", Main{}, ChannelRange(kChannels, kChannels, kChannels)) {}
    explicit MainInput(Plugin* owner) requires(kChannels == 0)
        : Input(owner, "in", "Input", Main{}, Optional{}, ChannelRange(0, 1, 0)) {}
};

template <std::uint32_t kChannels>
struct MainOutput : Output {
    static_assert(kChannels > 0, "jig: a Faust plugin needs an output");
    explicit MainOutput(Plugin* owner)
        : Output(owner, "out", "Output", Main{}, ChannelRange(kChannels, kChannels, kChannels)) {}
};

/// Where a part of a block's input channels begins, as faust's class wants it.
inline void point_at(std::vector<const float*>& in, const Block& block, std::uint32_t begin) {
    for (std::uint32_t c = 0; c < in.size(); ++c) {
        in[c] = block.input(c).data() + begin;
    }
}

/// A program without nvoices.
template <typename Dsp>
class Effect : public jig::Effect, public Facts<Dsp> {
  public:
    void activate() {
        program_.prepare(rate_hz());
        controls_.prepare(rate_hz());
    }

    void reset() {
        program_.clear();
        controls_.reset();
    }

    void process(Block b) {
        controls_.each_part(b.frames(), [&](std::uint32_t begin, std::uint32_t frames) {
            point_at(in_, b, begin);
            for (std::uint32_t c = 0; c < out_.size(); ++c) {
                out_[c] = b.output(c).data() + begin;
            }
            controls_.write(program_.widgets());
            program_.compute(frames, in_.data(), out_.data());
        });
        controls_.show([this](auto&& look) { look(program_.widgets()); });
    }

  private:
    static constexpr std::uint32_t kIn = Dsp::getStaticNumInputs();
    static constexpr std::uint32_t kOut = Dsp::getStaticNumOutputs();

    MainInput<kIn> input_{this};
    MainOutput<kOut> output_{this};
    Program<Dsp> program_;
    Controls controls_{this, program_.widgets()};
    std::vector<const float*> in_ = std::vector<const float*>(kIn);
    std::vector<float*> out_ = std::vector<float*>(kOut);
};

/// The widgets that a note moves, by their label; nullptr where a program has none.
struct Played {
    float* freq = nullptr;     ///< Hz
    float* key = nullptr;      ///< 0…127
    float* gain = nullptr;     ///< velocity 0…1
    float* velocity = nullptr; ///< … 0…127
    float* gate = nullptr;     ///< 1 while the key is down

    /// Their indices; points at those that are found.
    std::set<std::size_t> find(const std::vector<Widget>& widgets) {
        const std::pair<std::string_view, float*&> names[] = {
            {"freq", freq},    {"key", key},           {"gain", gain},
            {"vel", velocity}, {"velocity", velocity}, {"gate", gate}};
        std::set<std::size_t> found;
        for (std::size_t i = 0; i < widgets.size(); ++i) {
            for (const auto& [name, zone] : names) {
                if (widgets[i].label == name && zone == nullptr) {
                    zone = widgets[i].zone;
                    found.insert(i);
                }
            }
        }
        return found;
    }
};

/// One object of the program, playing a note.
template <typename Dsp>
class Voice : public jig::Voice {
  public:
    Voice() { (void)played_.find(program_.widgets()); }

    void prepare(double rate_hz) {
        program_.prepare(rate_hz);
        silence_frames_ = static_cast<std::uint32_t>(std::lround(kSilence * rate_hz));
    }

    /// A free voice begins afresh. One that sounds goes on from where it is: a jump would click;
    /// its gate opens anew a frame later, so that the program sees it.
    void start(const Note&) {
        reopen_ = sounding();
        if (!sounding()) {
            program_.clear();
        }
        quiet_frames_ = 0;
    }
    void stop() {}

    /// What all voices of a part of a block share.
    struct Part {
        const Controls& controls;
        float bend_semitones;
        const std::vector<const float*>& in;
        const std::vector<float*>& scratch;
        const std::vector<float*>& out;
        std::uint32_t frames;
    };

    /// Adds its sound; false when it was let go and has been silent for a while.
    bool render(const Part& part) {
        part.controls.write(program_.widgets());
        set(played_.freq, pitched(part.bend_semitones).hz());
        set(played_.key,
            static_cast<float>(note().key) + note().detune_semitones + part.bend_semitones);
        set(played_.gain, note().velocity);
        set(played_.velocity, 127 * note().velocity);
        if (reopen_) {
            reopen_ = false;
            set(played_.gate, 0);
            return compute(part, 0, 1) && (part.frames == 1 || sound(part, 1));
        }
        return sound(part, 0);
    }

    [[nodiscard]] const std::vector<Widget>& widgets() const { return program_.widgets(); }

  private:
    static constexpr double kSilence = 0.050; ///< so many seconds …
    static constexpr float kQuiet = 1e-5f;    ///< … below this end a voice

    static void set(float* zone, float value) {
        if (zone != nullptr) {
            *zone = value;
        }
    }

    [[nodiscard]] Note pitched(float semitones) const {
        Note note = this->note();
        note.detune_semitones += semitones;
        return note;
    }

    bool sound(const Part& part, std::uint32_t begin) {
        set(played_.gate, held() ? 1.0f : 0.0f);
        return compute(part, begin, part.frames - begin);
    }

    bool compute(const Part& part, std::uint32_t begin, std::uint32_t frames) {
        for (std::size_t c = 0; c < in_.size(); ++c) {
            in_[c] = part.in[c] + begin;
        }
        program_.compute(frames, in_.data(), part.scratch.data());
        for (std::uint32_t i = 0; i < frames; ++i) {
            bool quiet = true;
            for (std::size_t c = 0; c < part.out.size(); ++c) {
                const float sample = part.scratch[c][i];
                part.out[c][begin + i] += sample;
                quiet = quiet && std::fabs(sample) < kQuiet;
            }
            quiet_frames_ = quiet ? quiet_frames_ + 1 : 0;
            if (!held() && (quiet_frames_ >= silence_frames_ || played_.gate == nullptr)) {
                return false;
            }
        }
        return true;
    }

    Program<Dsp> program_;
    Played played_;
    std::vector<const float*> in_ =
        std::vector<const float*>(static_cast<std::size_t>(Dsp::getStaticNumInputs()));
    bool reopen_ = false;
    std::uint32_t silence_frames_ = 0;
    std::uint32_t quiet_frames_ = 0;
};

/// A program with nvoices: as many objects of it, each a voice.
template <typename Dsp, std::size_t kVoices>
class Instrument : public jig::Instrument, public Facts<Dsp> {
  public:
    Instrument() {
        if constexpr (kIn > 0) {
            input_.emplace(this);
        }
    }

    void activate() {
        for (auto& voice : voices_) {
            voice.prepare(rate_hz());
        }
        controls_.prepare(rate_hz());
        buffers_.assign(kOut, std::vector<float>(max_frames()));
        std::transform(buffers_.begin(), buffers_.end(), scratch_.begin(),
                       [](auto& buffer) { return buffer.data(); });
    }

    void reset() {
        controls_.reset();
        bend_semitones_ = 0;
    }

    /// Two semitones each way.
    void pitch_bend(int /*channel*/, float bend) { bend_semitones_ = 2 * bend; }

    jig_status process(Block b) {
        for (std::uint32_t c = 0; c < kOut; ++c) {
            std::fill(b.output(c).begin(), b.output(c).end(), 0.0f);
        }
        const bool silent = voices_.sounding() == 0;
        controls_.each_part(b.frames(), [&](std::uint32_t begin, std::uint32_t frames) {
            point_at(in_, b, begin);
            for (std::uint32_t c = 0; c < kOut; ++c) {
                out_[c] = b.output(c).data() + begin;
            }
            using Part = typename Voice<Dsp>::Part;
            voices_.render(Part{controls_, bend_semitones_, in_, scratch_, out_, frames});
        });
        controls_.show([this](auto&& look) {
            for (const auto& voice : voices_) {
                if (voice.sounding()) {
                    look(voice.widgets());
                }
            }
        });
        return silent ? JIG_SILENT : JIG_OK;
    }

  private:
    static constexpr std::uint32_t kIn = Dsp::getStaticNumInputs();
    static constexpr std::uint32_t kOut = Dsp::getStaticNumOutputs();

    [[nodiscard]] const std::vector<Widget>& widgets() { return voices_.begin()->widgets(); }

    std::optional<MainInput<kIn>> input_;
    MainOutput<kOut> output_{this};
    Voices<kVoices, Voice<Dsp>> voices_{this};
    Controls controls_{this, widgets(), Played().find(widgets())};
    float bend_semitones_ = 0;
    std::vector<const float*> in_ = std::vector<const float*>(kIn);
    std::vector<float*> out_ = std::vector<float*>(kOut);
    std::vector<std::vector<float>> buffers_; ///< one voice's output
    std::vector<float*> scratch_ = std::vector<float*>(kOut);
};

template <typename Dsp, std::size_t kVoices>
using Plugin = std::conditional_t<kVoices == 0, Effect<Dsp>,
                                  Instrument<Dsp, std::max<std::size_t>(kVoices, 1)>>;

} // namespace jig::faust
