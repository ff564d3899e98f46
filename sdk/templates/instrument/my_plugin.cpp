// My plugin: an instrument. Save and build while it plays: the new code is heard at once.
#include <jig/jig.hpp>

#include <algorithm>
#include <cmath>

struct Tone : jig::Voice {
    float loudness = 0;
    float phase = 0; // in turns

    void start(jig::Note) {
        if (!sounding()) {
            loudness = phase = 0; // one that is cut off keeps both: a jump would click
        }
    }
    void stop() {}

    /// Adds its sound; false when it has died away.
    bool render(jig::Block b, float rate_hz, float rise, float fall) {
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            loudness = held() ? loudness + rise * (note().velocity - loudness) : loudness * fall;
            if (!held() && loudness < 1e-5f) {
                return false;
            }
            const float y = loudness * std::sin(6.2831853f * phase);
            for (std::uint32_t c = 0; c < b.channels(); ++c) {
                b.out(c, i) += y;
            }
            phase += note().hz() / rate_hz;
            phase -= std::floor(phase);
        }
        return true;
    }
};

struct MyPlugin : jig::Instrument {
    static constexpr auto id = "org.example.my_plugin", name = "My plugin", vendor = "Example";

    Param level{this, "level", "Level", dB(-60, 0, -12), 20_ms}; // read as a smoothed linear gain
    Param release{this, "release", "Release", Log(5, 5000, 300), Unit("ms")};
    Tap sounding{this, "voices", "Voices", PerBlock{}, Limits(0, 8), View(JIG_VIEW_NUMBER)};
    jig::Voices<8, Tone> voices{this};

    void process(Block b) {
        for (std::uint32_t c = 0; c < b.channels(); ++c) {
            std::fill_n(b.output(c).begin(), b.frames(), 0.0f);
        }
        const float rate = static_cast<float>(rate_hz());
        const float rise = 1 - std::exp(-1 / (0.002f * rate));                // in 2 ms or so
        const float fall = std::pow(0.001f, 1000 / (release.value() * rate)); // 60 dB in its time
        voices.render(b, rate, rise, fall);
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            const float gain = level.next();
            for (std::uint32_t c = 0; c < b.channels(); ++c) {
                b.out(c, i) *= gain;
            }
        }
        sounding(static_cast<float>(voices.sounding()));
    }
};

JIG_PLUGIN(MyPlugin)
