// My plugin: an instrument. Save and build while it plays: the new code is heard at once.
#include <jig/jig.hpp>

#include <cmath>

struct MyPlugin : jig::Instrument {
    static constexpr auto id = "org.example.my_plugin", name = "My plugin", vendor = "Example";

    Param level{this, "level", "Level", dB(-60, 0, -12), 20_ms}; // read as a smoothed linear gain
    Param release{this, "release", "Release", Log(5, 5000, 300), Unit("ms")};
    Tap envelope{this, "envelope", "Envelope", Limits(0, 1)};

    void reset() {
        held_ = false;
        loudness_ = phase_ = 0;
    }
    void note_on(Note note) {
        note_ = note;
        held_ = true;
    }
    void note_off(Note note) { held_ = held_ && !note.means(note_); }

    void process(Block b) {
        const float rate = static_cast<float>(rate_hz());
        const float rise = 1 - std::exp(-1 / (0.002f * rate));                // in 2 ms or so
        const float fall = std::pow(0.001f, 1000 / (release.value() * rate)); // 60 dB in its time
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            loudness_ = held_ ? loudness_ + rise * (note_.velocity - loudness_) : loudness_ * fall;
            phase_ += note_.hz() / rate;
            phase_ -= std::floor(phase_);
            const float y = level.next() * loudness_ * std::sin(6.2831853f * phase_);
            for (std::uint32_t c = 0; c < b.channels(); ++c) {
                b.out(c, i) = y;
            }
            envelope(i, loudness_);
        }
    }

  private:
    Note note_; // the last one wins
    bool held_ = false;
    float loudness_ = 0;
    float phase_ = 0; // in turns
};

JIG_PLUGIN(MyPlugin)
