// arp: an arpeggiator: notes in, notes out, in time with the transport.
//
// A step begins on the first frame at or after its beat. The beat of a frame follows from the one
// that the host gives for its block, and not from how many frames were counted: a host may go to
// another place or change its tempo at any block. Sound passes through.
#include <jig/jig.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

enum class Pattern { up, down, up_down, as_played };

/// Which of `count` notes in ascending order, or in the order played, has its turn.
std::size_t turn(Pattern pattern, std::size_t step, std::size_t count) {
    switch (pattern) {
    case Pattern::down:
        return count - 1 - step % count;
    case Pattern::up_down: { // neither end sounds twice
        const auto round = std::max<std::size_t>(2 * count - 2, 1);
        return std::min(step % round, round - step % round);
    }
    case Pattern::up:
    case Pattern::as_played:
        break;
    }
    return step % count;
}

/// The keys that are down, in the order in which they went down.
class Keys {
  public:
    void press(jig::Note note) {
        note.voice = JIG_ANY; // a key is down once
        let_go(note);
        if (count_ < keys_.size()) {
            keys_[count_++] = note;
        }
    }
    void let_go(const jig::Note& note) {
        const auto end = std::remove_if(keys_.begin(), keys_.begin() + count_,
                                        [&](const jig::Note& key) { return note.means(key); });
        count_ = static_cast<std::size_t>(end - keys_.begin());
    }
    void clear() { count_ = 0; }
    [[nodiscard]] bool empty() const { return count_ == 0; }

    [[nodiscard]] jig::Note choose(Pattern pattern, std::size_t octaves, std::size_t step) const {
        auto keys = keys_;
        if (pattern != Pattern::as_played) {
            std::sort(keys.begin(), keys.begin() + count_,
                      [](const jig::Note& a, const jig::Note& b) { return a.key < b.key; });
        }
        const auto which = turn(pattern, step, count_ * octaves);
        auto note = keys[which % count_];
        note.key = std::min(note.key + 12 * static_cast<int>(which / count_), 127);
        return note;
    }

  private:
    std::array<jig::Note, 32> keys_;
    std::size_t count_ = 0;
};

struct Arp : jig::Effect {
    static constexpr auto id = "dev.jig.arp", name = "Arpeggiator", vendor = "Jig";

    Param pattern{this, "pattern", "Pattern", Enum({"Up", "Down", "Up and down", "As played"})};
    Param rate{this, "rate", "Rate", Enum({"1/4", "1/8", "1/8T", "1/16", "1/16T", "1/32"}, 3),
               Doc("Length of a step; T: three in the time of two.")};
    Param gate{this,      "gate",
               "Gate",    Linear(5, 100, 50),
               Unit("%"), Doc("How much of its step a note sounds.")};
    Param octaves{this, "octaves", "Octaves", Int(1, 4, 1)};
    EventOut out{this};

    void activate() { reset(); }

    /// Nothing can be sent from here. What sounds is ended by the next process, as no key is down.
    void reset() {
        keys_.clear();
        beat_ = kNowhere;
    }

    void note_on(Note note) {
        if (keys_.empty()) {
            steps_ = 0;
            own_beat_ = 0;
        }
        keys_.press(note);
    }
    void note_off(Note note) { keys_.let_go(note); }

    void process(Block b) {
        const jig_transport* t = b.transport();
        const bool timed = t != nullptr && (t->valid & JIG_TRANSPORT_TEMPO) != 0;
        const bool follows = timed && (t->valid & JIG_TRANSPORT_BEATS) != 0 && t->playing != 0;
        const double a_frame = (timed ? t->bpm : kOwnBpm) / 60 / rate_hz();
        if (follows != follows_) {
            follows_ = follows;
            end(b, 0);
            beat_ = kNowhere;
            own_beat_ = 0;
        }
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            const double beat = follows ? t->beat + (b.raw_begin() + i) * a_frame : own_beat_;
            own_beat_ += a_frame;
            if (sounds_ && (--left_ == 0 || keys_.empty())) {
                end(b, i);
            }
            if (begins_step(beat, a_frame) && !keys_.empty()) {
                end(b, i);
                begin(b, i, a_frame);
            }
        }
        for (std::uint32_t c = 0; c < b.channels(); ++c) {
            std::copy(b.input(c).begin(), b.input(c).end(), b.output(c).begin());
        }
    }

  private:
    static constexpr double kOwnBpm = 120; // where the host has no tempo
    static constexpr double kNowhere = std::numeric_limits<double>::quiet_NaN();

    /// In quarter notes.
    [[nodiscard]] double step_length() const {
        constexpr std::array kLengths{1.0, 1.0 / 2, 1.0 / 3, 1.0 / 4, 1.0 / 6, 1.0 / 8};
        return kLengths[static_cast<std::size_t>(rate.index())];
    }

    /// Whether a step begins on the frame at `beat`, the next one after the beat seen last.
    bool begins_step(double beat, double a_frame) {
        constexpr double kRounding = 1e-9; // of a step: a beat on the grid is not a bit before it
        const double length = step_length();
        const double step = std::floor(beat / length + kRounding);
        const bool another = !(beat >= beat_ && step == std::floor(beat_ / length + kRounding));
        beat_ = beat;
        // Someone who jumps into the middle of a step waits for the next one.
        return another && beat - step * length < 2 * a_frame;
    }

    void begin(const Block& b, std::uint32_t frame, double a_frame) {
        note_ = keys_.choose(pattern.as<Pattern>(), static_cast<std::size_t>(octaves.index()),
                             steps_++);
        left_ = std::max(std::lround(gate.value() / 100 * step_length() / a_frame), 1L);
        sounds_ = out.note_on(b, frame, note_);
    }

    void end(const Block& b, std::uint32_t frame) {
        if (sounds_) {
            sounds_ = !out.note_off(b, frame, note_); // the host's list is full: on the next frame
            left_ = 1;
        }
    }

    Keys keys_;
    std::size_t steps_ = 0;
    bool follows_ = false;
    double beat_ = kNowhere;
    double own_beat_ = 0;

    Note note_;
    bool sounds_ = false;
    long left_ = 0; // frames until the note ends
};

JIG_PLUGIN(Arp)
