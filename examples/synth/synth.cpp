// synth: eight voices with an oscillator, a filter and two envelopes each: the SDK's instrument.
//
// Voices plays the host's notes and sees to the sustain pedal and to who is given up for a ninth
// note. Notes and controllers come between two calls of process, exactly at their frame: process
// never sees an offset.
#include <jig/jig.hpp>

#include <algorithm>
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

/// A lowpass of 12 dB an octave that may be moved with every frame: V. Zavalishin, "The Art of VA
/// Filter Design", 2012 (TPT state-variable filter), in the form of A. Simper, "Solving the
/// continuous SVF equations using trapezoidal integration and equivalent currents", 2013.
class Filter {
  public:
    /// `turns`: the cutoff over the rate, below 0.5; `damping`: 1/Q.
    float next(float x, float turns, float damping) {
        const float g = std::tan(std::numbers::pi_v<float> * turns);
        const float a1 = 1 / (1 + g * (g + damping));
        const float rest = x - low_;
        const float band = a1 * (band_ + g * rest);
        const float low = low_ + g * band;
        band_ = 2 * band - band_;
        low_ = 2 * low - low_;
        return low;
    }

  private:
    float band_ = 0;
    float low_ = 0;
};

/// How an envelope moves, a frame.
struct Speeds {
    float attack;  ///< added
    float decay;   ///< part of the way to `sustain`
    float release; ///< part of the way to 0
    float sustain;
};

class Envelope {
  public:
    /// From where it is: a jump would click.
    void start() { stage_ = Stage::attack; }
    void stop() { stage_ = Stage::release; }
    [[nodiscard]] bool ended() const { return stage_ == Stage::release && level_ == 0; }

    /// The level of this frame; 0 on the first one of all.
    float next(const Speeds& speeds) {
        const float level = level_;
        if (stage_ == Stage::attack) {
            level_ = std::min(level_ + speeds.attack, 1.0f);
            stage_ = level_ == 1.0f ? Stage::decay : Stage::attack;
        } else if (stage_ == Stage::decay) {
            approach(speeds.sustain, speeds.decay);
        } else {
            approach(0, speeds.release);
        }
        return level;
    }

  private:
    enum class Stage { attack, decay, release };

    void approach(float goal, float part) {
        constexpr float kInaudible = 1e-5f;
        level_ += (goal - level_) * part;
        level_ = std::fabs(goal - level_) < kInaudible ? goal : level_;
    }

    Stage stage_ = Stage::release;
    float level_ = 0;
};

/// What one frame is like for all voices.
struct Frame {
    float rate_hz;
    Wave wave;
    float pitch; ///< factor
    float cutoff_hz, damping;
    float tracking, sweep_octaves; ///< how far the cutoff follows the key, and the envelope
    Speeds amp, sweep;
    float glide; ///< part of the way to another velocity
};

class SynthVoice : public jig::Voice {
  public:
    void start(jig::Note note) {
        if (!sounding()) { // else it is given up for this note: what would click goes on
            phase_ = 0;
            velocity_ = note.velocity;
            filter_ = {};
            amp_ = sweep_ = {};
        }
        amp_.start();
        sweep_.start();
    }
    void stop() {
        amp_.stop();
        sweep_.stop();
    }

    /// Adds its sample; false when it has died away.
    bool render(const Frame& now, float& sum) {
        const float step = std::min(note().hz() * now.pitch / now.rate_hz, kHighest);
        const float octaves = now.sweep_octaves * sweep_.next(now.sweep) +
                              now.tracking * static_cast<float>(note().key - 60) / 12;
        const float cutoff = now.cutoff_hz * std::exp2(octaves) / now.rate_hz;
        const float sound = filter_.next(oscillate(now.wave, phase_, step),
                                         std::clamp(cutoff, 1e-4f, kHighest), now.damping);
        phase_ += step;
        phase_ -= std::floor(phase_);
        velocity_ += (note().velocity - velocity_) * now.glide;
        sum += sound * amp_.next(now.amp) * velocity_;
        return !amp_.ended();
    }

    template <typename Visitor>
    void carry(Visitor& v) {
        v("phase", phase_);
        v("velocity", velocity_);
        v("filter", filter_);
        v("amp", amp_);
        v("sweep", sweep_);
    }

  private:
    static constexpr float kHighest = 0.49f; // of the rate

    float phase_ = 0; // in turns
    float velocity_ = 0;
    Filter filter_;
    Envelope amp_;
    Envelope sweep_;
};

struct Synth : jig::Instrument {
    static constexpr auto id = "dev.jig.synth", name = "Synth", vendor = "Jig";
    static constexpr int kVoices = 8;

    /// Decay and release are 60 dB of an exponential in the given time.
    struct Adsr {
        Param attack, decay, sustain, release;

        [[nodiscard]] Speeds speeds(double rate_hz) const {
            const auto frames = [rate_hz](const Param& ms) {
                return ms.value() * static_cast<float>(rate_hz) / 1000;
            };
            const auto part = [&](const Param& ms) { return 1 - std::pow(0.001f, 1 / frames(ms)); };
            return {1 / frames(attack), part(decay), part(release), sustain.value() / 100};
        }
    };

    Param level{this, "level", "Level", dB(-60, 6, -12), 20_ms, MidiCc(7)};
    Param wave{this, "wave", "Wave", Enum({"Sine", "Saw", "Square"}, 1)};
    Param cutoff{this, "cutoff", "Cutoff", Hz(20, 20000, 1500), 20_ms, Group("Filter"), MidiCc(74)};
    Param q{this, "q", "Q", Log(0.5, 10, 0.7), 20_ms, Group("Filter"), MidiCc(71)};
    Param track{this, "track", "Key track", Linear(0, 100, 50), Unit("%"), 20_ms, Group("Filter")};
    Param sweep{this, "sweep", "Sweep", Linear(-6, 6, 2), Unit("octaves"), 20_ms, Group("Filter")};
    Adsr amp{
        {this, "attack", "Attack", Log(1, 2000, 5), Unit("ms"), Group("Envelope")},
        {this, "decay", "Decay", Log(1, 5000, 200), Unit("ms"), Group("Envelope")},
        {this, "sustain", "Sustain", Linear(0, 100, 60), Unit("%"), Group("Envelope")},
        {this, "release", "Release", Log(1, 5000, 200), Unit("ms"), Group("Envelope")},
    };
    Adsr filter{
        {this, "sweep_attack", "Attack", Log(1, 2000, 1), Unit("ms"), Group("Filter/Envelope")},
        {this, "sweep_decay", "Decay", Log(1, 5000, 400), Unit("ms"), Group("Filter/Envelope")},
        {this, "sweep_sustain", "Sustain", Linear(0, 100, 20), Unit("%"), Group("Filter/Envelope")},
        {this, "sweep_release", "Release", Log(1, 5000, 200), Unit("ms"), Group("Filter/Envelope")},
    };
    Preset strings{this, "Strings", {{"attack", 300}, {"release", 900}, {"sweep", 0.5}}};
    Preset pluck{this, "Pluck", {{"decay", 600}, {"sustain", 0}, {"sweep", 4}, {"q", 2}}};
    Tap sounding{this, "voices", "Voices", PerBlock{}, Limits(0, kVoices), View(JIG_VIEW_NUMBER)};
    jig::Voices<kVoices, SynthVoice> voices{this};

    void reset() { bend_ = wheel_ = pressure_ = vibrato_ = 0; }

    template <typename Visitor>
    void carry(Visitor& v) {
        v("voices", voices);
        v("bend", bend_);
        v("wheel", wheel_);
        v("pressure", pressure_);
        v("vibrato", vibrato_);
    }

    void pitch_bend(int /*channel*/, float bend) { bend_ = bend; }
    void pressure(int /*channel*/, float amount) { pressure_ = amount; }
    void control_change(int /*channel*/, int controller, float amount) {
        constexpr int kWheel = 1, kResetAll = 121;
        if (controller == kWheel) {
            wheel_ = amount;
        } else if (controller == kResetAll) {
            bend_ = wheel_ = pressure_ = 0;
        }
    }

    void process(Block b) {
        Frame now{};
        now.rate_hz = static_cast<float>(rate_hz());
        now.wave = wave.as<Wave>();
        now.amp = amp.speeds(rate_hz());
        now.sweep = filter.speeds(rate_hz());
        now.glide = 1 - std::exp(-1 / (0.002f * now.rate_hz));
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            now.pitch = next_pitch();
            now.cutoff_hz = cutoff.next();
            now.damping = 1 / q.next();
            now.tracking = track.next() / 100;
            now.sweep_octaves = sweep.next();
            float sum = 0;
            voices.render(now, sum);
            sum *= level.next();
            for (std::uint32_t c = 0; c < b.channels(); ++c) {
                b.out(c, i) = sum;
            }
        }
        sounding(static_cast<float>(voices.sounding()));
    }

  private:
    /// The bender takes it two semitones each way; the wheel or a firm key give it a vibrato.
    float next_pitch() {
        constexpr float kBendSemitones = 2, kVibratoSemitones = 0.5f, kVibratoHz = 5.5f;
        vibrato_ += kVibratoHz / static_cast<float>(rate_hz());
        vibrato_ -= std::floor(vibrato_);
        const float swing = std::sin(2 * std::numbers::pi_v<float> * vibrato_);
        return std::exp2(
            (kBendSemitones * bend_ + kVibratoSemitones * std::max(wheel_, pressure_) * swing) /
            12);
    }

    float bend_ = 0;     // −1…1
    float wheel_ = 0;    // 0…1
    float pressure_ = 0; // 0…1
    float vibrato_ = 0;  // phase in turns
};

JIG_PLUGIN(Synth)
