// comp: a compressor: a second input to listen to, and a tap that shows what is done.
//
// Feed-forward and in decibels, with the "smooth branching" detector: D. Giannoulis, M. Massberg,
// J. D. Reiss, "Digital Dynamic Range Compressor Design: A Tutorial and Analysis", Journal of the
// Audio Engineering Society 60 (6), June 2012.
#include <jig/jig.hpp>

#include <algorithm>
#include <cmath>

/// The static curve: by how many dB a level is too high. The knee is as wide as `knee_db`, half of
/// it on each side of the threshold.
double excess_db(double level_db, double threshold_db, double ratio, double knee_db) {
    const double over = level_db - threshold_db;
    const double slope = 1 - 1 / ratio;
    if (2 * over <= -knee_db) {
        return 0;
    }
    if (2 * over < knee_db) {
        const double into = over + knee_db / 2;
        return slope * into * into / (2 * knee_db);
    }
    return slope * over;
}

struct Comp : jig::Effect {
    static constexpr auto id = "dev.jig.comp", name = "Compressor", vendor = "Jig";
    enum class Key { input, sidechain };

    Input side{this, "side", "Sidechain", Optional{}};
    Param key{this, "key", "Key", Enum({"Input", "Sidechain"}),
              Doc("What is listened to: the sound itself, or the sidechain input.")};
    Param threshold{this, "threshold", "Threshold", Linear(-60, 0, -18), Unit("dB"), 20_ms};
    Param ratio{this, "ratio", "Ratio", Log(1, 20, 4), Unit(":1"), 20_ms};
    Param knee{this, "knee", "Knee", Linear(0, 24, 6), Unit("dB"), 20_ms};
    Param attack{this, "attack", "Attack", Log(0.1, 200, 5), Unit("ms")};
    Param release{this, "release", "Release", Log(5, 2000, 100), Unit("ms")};
    Param makeup{this, "makeup", "Makeup", dB(-12, 24, 0), 20_ms};
    Tap gain{this, "gain", "Gain reduction", Unit("dB"), Limits(-24, 0), View(JIG_VIEW_REDUCTION)};

    void activate() { reset(); }
    void reset() { reduction_db_ = 0; }

    void process(Block b) {
        const bool keyed = key.as<Key>() == Key::sidechain && b.in_channels(side) > 0;
        const std::uint32_t heard = keyed ? side : 0;
        const double rise = part_a_frame(attack);
        const double fall = part_a_frame(release);
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            const double excess =
                excess_db(level_db(b, heard, i), threshold.next(), ratio.next(), knee.next());
            reduction_db_ += (excess - reduction_db_) * (excess > reduction_db_ ? rise : fall);
            reduction_db_ = reduction_db_ < kNothing ? 0 : reduction_db_;
            const auto reduced = static_cast<float>(-reduction_db_);
            const float factor = std::pow(10.0f, reduced / 20) * makeup.next();
            for (std::uint32_t c = 0; c < b.channels(); ++c) {
                b.out(c, i) = b.in(c, i) * factor;
            }
            gain(i, reduced);
        }
    }

  private:
    static constexpr double kNothing = 1e-9; // dB; less would end as a denormal, which is slow

    /// Of the loudest channel, so that all are lowered together and the image stands still.
    static double level_db(const Block& b, std::uint32_t bus, std::uint32_t frame) {
        float peak = 1e-6f; // −120 dB, far below any threshold: silence has no logarithm
        for (std::uint32_t c = 0; c < b.in_channels(bus); ++c) {
            peak = std::max(peak, std::fabs(b.input(bus, c)[frame]));
        }
        return 20 * std::log10(static_cast<double>(peak));
    }

    /// Which part of the way is gone in one frame, if 1 − 1/e of it are to take the time.
    double part_a_frame(const Param& ms) const {
        return 1 - std::exp(-1000 / (static_cast<double>(ms.value()) * rate_hz()));
    }

    double reduction_db_ = 0; // double: in float a long release would stop short of its end
};

JIG_PLUGIN(Comp)
