// jig/voices.hpp: the voices of an instrument: who plays which note, and which one is given up.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/block.hpp>
#include <jig/note.hpp>
#include <jig/plugin.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace jig {

namespace detail {
template <typename Target>
class CarryVisitor;
}

/// What an instrument's voice derives from. It declares
///     void start(Note)     its next note begins; sounding() tells whether one is cut off for it
///     void stop()          its key was let go, and the pedal
///     bool render(…)       adds its sound to the outputs; false: it has ended
/// Block by block, all on the audio thread; a note begins and ends on a block's first frame.
class Voice {
  public:
    [[nodiscard]] const Note& note() const { return note_; }
    [[nodiscard]] bool sounding() const { return stage_ != Stage::free; }
    /// Not stopped: the key is down, or the pedal.
    [[nodiscard]] bool held() const { return stage_ == Stage::pedal || stage_ == Stage::key; }

  private:
    friend class VoiceBank;
    template <std::size_t N, typename V>
    friend class Voices;
    template <typename Target>
    friend class detail::CarryVisitor;

    /// In the order in which voices are given up.
    enum class Stage : std::uint32_t { free, stopped, pedal, key };

    template <typename Visitor>
    constexpr void carry_note(Visitor& visit) {
        visit("note", note_);
        visit("age", age_);
        visit("stage", stage_);
    }

    Note note_;
    std::uint64_t age_ = 0;
    Stage stage_ = Stage::free;
};

/// What the host's notes reach; use Voices. [audio]
class VoiceBank {
  public:
    VoiceBank(const VoiceBank&) = delete;
    VoiceBank& operator=(const VoiceBank&) = delete;

  protected:
    constexpr explicit VoiceBank(Plugin* owner) { owner->voice_banks_.push_back(this); }
    constexpr ~VoiceBank() = default;

    static void move(Voice& voice, Voice::Stage stage) { voice.stage_ = stage; }
    static bool is(const Voice& voice, Voice::Stage stage) { return voice.stage_ == stage; }

  private:
    friend struct detail::Access;

    virtual void note_on(const Note& note) = 0;
    virtual void note_off(const Note& note) = 0;
    virtual void note_choke(const Note& note) = 0;
    virtual void note_expression(const Note& note) = 0;
    /// The sustain pedal of a channel.
    virtual void pedal(int channel, bool down) = 0;
    /// Silence at once, and all pedals up.
    virtual void clear() = 0;
};

/// Voices<8, MyVoice> voices{this};  …  voices.render(b);
///
/// Plays note events by itself: a free voice takes a new note, else the oldest of those that were
/// stopped, else the oldest that only the pedal holds, else the oldest. A pedal (controller 64)
/// holds the notes of its channel.
template <std::size_t N, typename V>
class Voices final : public VoiceBank {
    static_assert(std::derived_from<V, Voice>, "jig: a voice derives from jig::Voice");
    static_assert(
        requires(V & v, Note note) { v.start(note); }, "jig: a voice needs void start(Note)");
    static_assert(
        requires(V & v) { v.stop(); }, "jig: a voice needs void stop()");

  public:
    constexpr explicit Voices(Plugin* owner) : VoiceBank(owner) {}

    /// Calls render of each voice that sounds with these arguments; one that returns false is free
    /// from then on.
    template <typename... Args>
    void render(Args&&... args) {
        for (auto& voice : voices_) {
            if (voice.sounding() && !voice.render(args...)) {
                move(voice, Voice::Stage::free);
            }
        }
    }

    /// How many sound.
    [[nodiscard]] std::size_t sounding() const {
        return static_cast<std::size_t>(std::count_if(
            voices_.begin(), voices_.end(), [](const V& voice) { return voice.sounding(); }));
    }

    /// All of them, to prepare them in activate.
    [[nodiscard]] auto begin() { return voices_.begin(); }
    [[nodiscard]] auto end() { return voices_.end(); }

    /// For carry: v("voices", voices). The voices' own memory goes with it if they have a carry.
    template <typename Visitor>
    constexpr void carry(Visitor& visit) {
        visit("started", started_);
        visit("pedals", pedals_);
        visit("voices", voices_);
    }

  private:
    static constexpr int kChannels = 16;

    void note_on(const Note& note) override {
        auto& voice = *std::min_element(voices_.begin(), voices_.end(), [](const V& a, const V& b) {
            return a.stage_ != b.stage_ ? a.stage_ < b.stage_ : a.age_ < b.age_;
        });
        voice.note_ = note;
        voice.age_ = ++started_;
        voice.start(note);
        move(voice, Voice::Stage::key);
    }

    void note_off(const Note& note) override {
        for (auto& voice : voices_) {
            if (is(voice, Voice::Stage::key) && note.means(voice.note())) {
                if (pedal_down(voice.note().channel)) {
                    move(voice, Voice::Stage::pedal);
                } else {
                    stop(voice);
                }
            }
        }
    }

    void note_choke(const Note& note) override {
        for (auto& voice : voices_) {
            if (note.means(voice.note())) {
                move(voice, Voice::Stage::free);
            }
        }
    }

    void note_expression(const Note& note) override {
        for (auto& voice : voices_) {
            if (voice.sounding() && note.means(voice.note())) {
                voice.note_.detune_semitones = note.detune_semitones;
                voice.note_.expression = note.expression;
            }
        }
    }

    void pedal(int channel, bool down) override {
        pedals_[static_cast<std::size_t>(channel) % kChannels] = down;
        for (auto& voice : voices_) {
            if (!down && is(voice, Voice::Stage::pedal) && voice.note().channel == channel) {
                stop(voice);
            }
        }
    }

    void clear() override {
        for (auto& voice : voices_) {
            move(voice, Voice::Stage::free);
            voice.age_ = 0; // so that voices are taken, and summed, in the order of a new one
        }
        started_ = 0;
        pedals_ = {};
    }

    [[nodiscard]] bool pedal_down(int channel) const {
        return channel >= 0 && pedals_[static_cast<std::size_t>(channel) % kChannels];
    }

    static void stop(V& voice) {
        voice.stop();
        move(voice, Voice::Stage::stopped);
    }

    std::array<V, N> voices_{};
    std::array<bool, kChannels> pedals_{};
    std::uint64_t started_ = 0;
};

} // namespace jig
