// synth: eight voices with an oscillator and an envelope each: the SDK's instrument.
//
// Note and controller callbacks come between two calls of process, exactly at their frame: process
// never sees an offset. Nothing here allocates once the object exists.
#include <jig/jig.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

enum class Wave { sine, saw, square };

/// What takes the corner off a jump of 2 at phase 0, so that it aliases less (Välimäki and
/// Huovilainen 2007, "Antialiasing oscillators in subtractive synthesis", polynomial form). Phases
/// in turns.
float poly_blep(float phase, float step) {
    if (phase < step) {
        const float t = phase / step;
        return t + t - t * t - 1;
    }
    if (phase > 1 - step) {
        const float t = (phase - 1) / step;
        return t * t + t + t + 1;
    }
    return 0;
}

float oscillate(Wave wave, float phase, float step) {
    switch (wave) {
    case Wave::saw:
        return 2 * phase - 1 - poly_blep(phase, step);
    case Wave::square: {
        const float opposite = phase < 0.5f ? phase + 0.5f : phase - 0.5f;
        return (phase < 0.5f ? 1.0f : -1.0f) + poly_blep(phase, step) - poly_blep(opposite, step);
    }
    case Wave::sine:
        break;
    }
    return std::sin(2 * std::numbers::pi_v<float> * phase);
}

/// How fast a voice's level moves, a frame.
struct Speeds {
    float attack;  ///< added
    float decay;   ///< part of the way to `sustain`
    float release; ///< part of the way to 0
    float sustain;
};

class Voice {
  public:
    void start(const jig::Note& note, std::uint64_t age) {
        if (!sounding()) {
            phase_ = 0; // a stolen voice keeps phase and level: a jump would click
        }
        note_ = note;
        age_ = age;
        stage_ = Stage::attack;
    }
    void release() { stage_ = stage_ == Stage::idle ? Stage::idle : Stage::release; }
    void silence() {
        stage_ = Stage::idle;
        level_ = 0;
    }

    bool sounding() const { return stage_ != Stage::idle; }
    bool held() const { return stage_ == Stage::attack || stage_ == Stage::decay; }
    const jig::Note& note() const { return note_; }
    std::uint64_t age() const { return age_; }

    /// The sample of this frame; 0 on the first one of an attack.
    float next(Wave wave, float bend, double rate_hz, const Speeds& speeds) {
        const float step = std::min(note_.hz() * bend / static_cast<float>(rate_hz), 0.49f);
        const float sample = oscillate(wave, phase_, step);
        phase_ += step;
        phase_ -= std::floor(phase_);
        advance(speeds);
        return sample * level_ * note_.velocity;
    }

  private:
    enum class Stage { idle, attack, decay, release };

    void advance(const Speeds& speeds) {
        constexpr float kInaudible = 1e-5f;
        switch (stage_) {
        case Stage::attack:
            level_ = std::min(level_ + speeds.attack, 1.0f);
            stage_ = level_ == 1.0f ? Stage::decay : Stage::attack;
            break;
        case Stage::decay:
            level_ += (speeds.sustain - level_) * speeds.decay;
            break;
        case Stage::release:
            level_ -= level_ * speeds.release;
            if (level_ < kInaudible) {
                silence();
            }
            break;
        case Stage::idle:
            break;
        }
    }

    jig::Note note_;
    std::uint64_t age_ = 0;
    Stage stage_ = Stage::idle;
    float phase_ = 0;
    float level_ = 0;
};

struct Synth : jig::Instrument {
    static constexpr auto id = "dev.jig.synth", name = "Synth", vendor = "Jig";

    Param level{this, "level", "Level", dB(-60, 6, -12), 20_ms, MidiCc(7)};
    Param wave{this, "wave", "Wave", Enum({"Sine", "Saw", "Square"}, 1)};
    Param attack{this, "attack", "Attack", Log(1, 2000, 5), Unit("ms"), Group("Envelope")};
    Param decay{this, "decay", "Decay", Log(1, 5000, 200), Unit("ms"), Group("Envelope")};
    Param sustain{this, "sustain", "Sustain", Linear(0, 100, 60), Unit("%"), Group("Envelope")};
    Param release{this, "release", "Release", Log(1, 5000, 200), Unit("ms"), Group("Envelope")};
    Tap sounding{this, "voices", "Voices", PerBlock{}, Limits(0, kVoices), View(JIG_VIEW_NUMBER)};

    void reset() {
        for (auto& voice : voices_) {
            voice.silence();
        }
        bend_ = 1;
    }

    void note_on(Note note) { voice_to_use().start(note, ++notes_); }

    void note_off(Note note) {
        for (auto& voice : voices_) {
            if (voice.held() && note.means(voice.note())) {
                voice.release();
            }
        }
    }

    void note_choke(Note note) {
        for (auto& voice : voices_) {
            if (note.means(voice.note())) {
                voice.silence();
            }
        }
    }

    /// Two semitones each way.
    void pitch_bend(int /*channel*/, float bend) { bend_ = std::exp2(bend / 6); }

    void process(Block b) {
        const auto shape = wave.as<Wave>();
        const auto speeds = envelope_speeds();
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            float sum = 0;
            for (auto& voice : voices_) {
                if (voice.sounding()) {
                    sum += voice.next(shape, bend_, rate_hz(), speeds);
                }
            }
            sum *= level.next();
            for (std::uint32_t c = 0; c < b.channels(); ++c) {
                b.out(c, i) = sum;
            }
        }
        sounding(static_cast<float>(std::count_if(voices_.begin(), voices_.end(),
                                                  [](const Voice& v) { return v.sounding(); })));
    }

  private:
    static constexpr int kVoices = 8;

    /// A free one, else the oldest that is released, else the oldest.
    Voice& voice_to_use() {
        return *std::min_element(
            voices_.begin(), voices_.end(), [](const Voice& a, const Voice& b) {
                const auto rank = [](const Voice& v) {
                    return v.held() ? 2 : v.sounding() ? 1 : 0;
                };
                return rank(a) != rank(b) ? rank(a) < rank(b) : a.age() < b.age();
            });
    }

    /// Decay and release are 60 dB of an exponential in the given time.
    Speeds envelope_speeds() const {
        const auto frames = [this](const Param& ms) {
            return ms.value() * static_cast<float>(rate_hz()) / 1000;
        };
        const auto part = [&](const Param& ms) { return 1 - std::pow(0.001f, 1 / frames(ms)); };
        return {1 / frames(attack), part(decay), part(release), sustain.value() / 100};
    }

    std::array<Voice, kVoices> voices_;
    std::uint64_t notes_ = 0;
    float bend_ = 1;
};

JIG_PLUGIN(Synth)
