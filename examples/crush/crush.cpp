// crush: a bitcrusher, and the SDK's effect in 20 lines: parameters and taps are members.
#include <jig/jig.hpp>

#include <algorithm>
#include <cmath>

struct Crush : jig::Effect {
    static constexpr auto id = "dev.jig.crush", name = "Crush", vendor = "Jig";
    Param drive{this, "drive", "Drive", dB(-12, 36, 0), 20_ms}; // read as a smoothed linear gain
    Param bits{this, "bits", "Bits", Int(1, 16, 8),
               Doc("Levels a sample can take: 2 to the bits.")};
    Preset telephone{this, "Telephone", {{"drive", 18}, {"bits", 6}}};
    Tap error{this, "error", "Rounding error", Limits(-1, 1)};

    void process(Block b) {
        const float levels = std::exp2(bits.value() - 1);
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            const float gain = drive.next();
            for (std::uint32_t c = 0; c < b.channels(); ++c) {
                const float x = std::clamp(b.in(c, i) * gain, -1.0f, 1.0f);
                b.out(c, i) = std::round(x * levels) / levels;
                if (c == 0) {
                    error(i, b.out(c, i) - x);
                }
            }
        }
    }
};

JIG_PLUGIN(Crush)
