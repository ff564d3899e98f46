// eq: a parametric equaliser: filters whose coefficients follow smoothed parameters.
//
// Coefficients cost a sine and a cosine, so they are made anew on every eighth frame, and only
// while a parameter moves. The frames are counted from the last reset and not from the block's
// beginning: the same samples come out however the host cuts its blocks.
//
// Formulas: Robert Bristow-Johnson, "Audio EQ Cookbook", W3C Group Note of 8 June 2021,
// https://www.w3.org/TR/audio-eq-cookbook/.
#include <jig/jig.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

enum class Shape { low_shelf, peak, high_shelf };

/// What a band shall do. At 0 dB every sample passes as it is.
struct Setting {
    float hz = 0;
    float gain_db = 0;
    float q = 1;
    bool operator==(const Setting&) const = default;
};

/// H(z) = (b0 + b1·z⁻¹ + b2·z⁻²) / (1 + a1·z⁻¹ + a2·z⁻²)
struct Coefficients {
    double b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0;
};

Coefficients design(Shape shape, const Setting& want, double rate_hz) {
    constexpr double kHighest = 0.49; // below half the rate, where the cookbook's formulas end
    const double w0 = 2 * std::numbers::pi * std::min(want.hz / rate_hz, kHighest);
    const double alpha = std::sin(w0) / (2 * static_cast<double>(want.q));
    const double a = std::pow(10.0, want.gain_db / 40.0);
    const auto over = [](double a0, Coefficients c) -> Coefficients {
        return {c.b0 / a0, c.b1 / a0, c.b2 / a0, c.a1 / a0, c.a2 / a0};
    };
    if (shape == Shape::peak) {
        const double c = -2 * std::cos(w0);
        return over(1 + alpha / a, {1 + alpha * a, c, 1 - alpha * a, c, 1 - alpha / a});
    }
    // The high shelf is the low one seen from the other end of the spectrum, where z is −z.
    const double side = shape == Shape::low_shelf ? 1 : -1;
    const double c = side * std::cos(w0);
    const double slope = 2 * std::sqrt(a) * alpha;
    const double plus = a + 1;
    const double minus = a - 1;
    return over(plus + minus * c + slope,
                {a * (plus - minus * c + slope), side * 2 * a * (minus - plus * c),
                 a * (plus - minus * c - slope), side * -2 * (minus + plus * c),
                 plus + minus * c - slope});
}

/// A second-order section for one channel, in direct form I: it remembers sound, not what earlier
/// coefficients made of it, so that new ones do not click.
struct Section {
    double x1 = 0, x2 = 0, y1 = 0, y2 = 0;

    double next(const Coefficients& c, double x) {
        constexpr double kInaudible = 1e-30; // less would go on as denormals, which are slow
        const double y = c.b0 * x + (c.b1 * x1 - c.a1 * y1) + (c.b2 * x2 - c.a2 * y2);
        x2 = x1;
        x1 = x;
        y2 = y1;
        y1 = std::fabs(y) < kInaudible ? 0 : y;
        return y1;
    }
};

struct Eq : jig::Effect {
    static constexpr auto id = "dev.jig.eq", name = "EQ", vendor = "Jig";
    static constexpr std::uint32_t kGrid = 8;

    /// A few parameters that belong together are a struct like any other.
    struct Band {
        struct Ids {
            const char *on, *hz, *gain, *q;
        };
        Band(Eq* eq, Shape s, const char* group, Ids ids, double hz_default)
            : shape(s), on(eq, ids.on, "On", Toggle(true), 20_ms, Group(group)),
              hz(eq, ids.hz, "Frequency", Hz(20, 20000, hz_default), 20_ms, Group(group)),
              gain(eq, ids.gain, "Gain", Linear(-24, 24, 0), Unit("dB"), 20_ms, Group(group)),
              q(eq, ids.q, "Q", Log(0.1, 18, 0.71), 20_ms, Group(group)) {}

        /// Off is 0 dB, where the band goes as smoothly as to any other gain.
        Setting next() { return {hz.next(), on.next() * gain.next(), q.next()}; }

        Shape shape;
        Param on, hz, gain, q;
        Setting setting;
        Coefficients coefficients;
        std::array<Section, 32> channels; // as many as an effect has by default
    };
    Band low{this, Shape::low_shelf, "Low", {"low_on", "low_hz", "low_gain", "low_q"}, 100};
    Band mid1{this, Shape::peak, "Mid 1", {"mid1_on", "mid1_hz", "mid1_gain", "mid1_q"}, 400};
    Band mid2{this, Shape::peak, "Mid 2", {"mid2_on", "mid2_hz", "mid2_gain", "mid2_q"}, 2500};
    Band high{this, Shape::high_shelf, "High", {"high_on", "high_hz", "high_gain", "high_q"}, 8000};

    void activate() { reset(); }

    void reset() {
        for (Band* band : bands_) {
            band->setting = {};
            band->channels = {};
        }
        frame_ = 0;
    }

    void process(Block b) {
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            follow();
            for (std::uint32_t c = 0; c < b.channels(); ++c) {
                double x = b.in(c, i);
                for (Band* band : bands_) {
                    x = band->channels[c].next(band->coefficients, x);
                }
                b.out(c, i) = static_cast<float>(x);
            }
        }
    }

  private:
    /// Smoothed parameters move on with every frame, coefficients on the grid.
    void follow() {
        const bool on_grid = frame_++ % kGrid == 0;
        for (Band* band : bands_) {
            const auto want = band->next();
            if (on_grid && want != band->setting) {
                band->setting = want;
                band->coefficients = design(band->shape, want, rate_hz());
            }
        }
    }

    std::array<Band*, 4> bands_{&low, &mid1, &mid2, &high};
    std::uint64_t frame_ = 0;
};

JIG_PLUGIN(Eq)
