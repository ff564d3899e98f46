// My plugin: an effect. Save and build while it plays: the new code is heard at once.
#include <jig/jig.hpp>

#include <cmath>

struct MyPlugin : jig::Effect {
    static constexpr auto id = "org.example.my_plugin", name = "My plugin", vendor = "Example";

    Param drive{this, "drive", "Drive", dB(0, 36, 12), 20_ms}; // read as a smoothed linear gain
    Tap loss{this, "loss", "What the curve takes away", Limits(0, 4)};

    void process(Block b) {
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            const float gain = drive.next();
            for (std::uint32_t c = 0; c < b.channels(); ++c) {
                const float x = gain * b.in(c, i);
                b.out(c, i) = std::tanh(x);
                if (c == 0) {
                    loss(i, std::fabs(x) - std::fabs(b.out(c, i)));
                }
            }
        }
    }
};

JIG_PLUGIN(MyPlugin)
