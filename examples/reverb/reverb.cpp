// reverb: sixteen delay lines that feed each other: large memory, made in activate.
//
// A feedback delay network (J. Stautner, M. Puckette, "Designing Multi-Channel Reverberators",
// Computer Music Journal 6 (1), 1982). Its matrix keeps all energy; what decays, decays in a filter
// behind each line that takes as much as its length in time calls for (J.-M. Jot, A. Chaigne,
// "Digital Delay Networks for Designing Artificial Reverberators", 90th AES Convention, 1991).
//
// It has no carry, on purpose: the memory is of use to no network but its own, and this network is
// what its author changes. A new build begins with an empty room while the old one fades.
#include <jig/jig.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

constexpr std::size_t kLines = 16;

/// What comes out of the matrix goes into the line so many places further: a symmetric matrix alone
/// knows only the eigenvalues 1 and −1, and crowds its modes at 0 and at half the rate.
constexpr std::size_t kTurn = 5;

using Lines = std::array<float, kLines>;

/// From each line into all: the Hadamard matrix over √16, by the fast Walsh–Hadamard transform. As
/// a matrix it is orthogonal, so that the sum of the squares stays the same.
void scatter(Lines& x) {
    for (std::size_t half = 1; half < kLines; half *= 2) {
        for (std::size_t i = 0; i < kLines; ++i) {
            if ((i & half) == 0) {
                const float sum = x[i] + x[i + half];
                x[i + half] = x[i] - x[i + half];
                x[i] = sum;
            }
        }
    }
    for (float& value : x) {
        value *= 0.25f;
    }
}

/// What is left after a number of frames of a sound that loses 60 dB in a time.
double left_after(std::size_t frames, double t60_s, double rate_hz) {
    return std::pow(10.0, -3 * static_cast<double>(frames) / (t60_s * rate_hz));
}

class Line {
  public:
    void resize(std::size_t frames) { memory_.assign(frames, 0.0f); }
    [[nodiscard]] std::size_t frames() const { return memory_.size(); }

    void clear() {
        std::fill(memory_.begin(), memory_.end(), 0.0f);
        absorbed_ = 0;
    }

    /// One pole, by the gains that it shall have at 0 and at half the rate.
    void absorb(double low, double high) {
        const double pole = (low - high) / (low + high);
        pole_ = static_cast<float>(pole);
        gain_ = static_cast<float>(low * (1 - pole));
    }

    /// What went in frames() ago; then write() puts the next sample into its place.
    float read() {
        constexpr float kInaudible = 1e-15f; // less would go round as denormals, which are slow
        absorbed_ = gain_ * memory_[at_] + pole_ * absorbed_;
        absorbed_ = std::fabs(absorbed_) < kInaudible ? 0 : absorbed_;
        return absorbed_;
    }
    void write(float sample) {
        memory_[at_] = sample;
        at_ = at_ + 1 == memory_.size() ? 0 : at_ + 1;
    }

  private:
    std::vector<float> memory_;
    std::size_t at_ = 0;
    float pole_ = 0;
    float gain_ = 0;
    float absorbed_ = 0;
};

/// Lengths that are prime share no echo.
std::size_t prime_from(std::size_t n) {
    for (std::size_t d = 2; d * d <= n; ++d) {
        if (n % d == 0) {
            return prime_from(n + 1);
        }
    }
    return n;
}

struct Reverb : jig::Effect {
    static constexpr auto id = "dev.jig.reverb", name = "Reverb", vendor = "Jig";

    Input in{this, "in", "Input", Main{}, ChannelRange(1, kLines, 2)};
    Output out{this, "out", "Output", Main{}, MatchMainIn{}, ChannelRange(1, kLines, 2)};
    Param decay{this,
                "decay",
                "Decay",
                Log(0.2, 20, 2),
                Unit("s"),
                50_ms,
                Doc("How long low tones take to lose 60 dB.")};
    Param highs{this,
                "highs",
                "Highs",
                Linear(10, 100, 40),
                Unit("%"),
                50_ms,
                Doc("The decay of the highest tones, of that of the low ones.")};
    Param mix{this, "mix", "Mix", Linear(0, 100, 30), Unit("%"), 20_ms};

    void activate() {
        constexpr double kShortest = 0.030, kLongest = 0.080; // seconds: a hall's first walls
        for (std::size_t i = 0; i < kLines; ++i) {
            const double place = static_cast<double>(i) / (kLines - 1);
            const double seconds = kShortest * std::pow(kLongest / kShortest, place);
            lines_[i].resize(prime_from(static_cast<std::size_t>(seconds * rate_hz())));
        }
        reset();
    }

    void reset() {
        for (auto& line : lines_) {
            line.clear();
        }
        absorbs_ = {};
        frame_ = 0;
    }

    void process(Block b) {
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            follow();
            Lines x;
            std::transform(lines_.begin(), lines_.end(), x.begin(),
                           [](Line& line) { return line.read(); });
            const float wet = mix.next() / 100;
            for (std::uint32_t c = 0; c < b.channels(); ++c) {
                b.out(c, i) = (1 - wet) * b.in(c, i) + wet * heard(x, c, b.channels());
            }
            scatter(x);
            for (std::size_t k = 0; k < kLines; ++k) {
                lines_[k].write(x[(k + kTurn) % kLines] +
                                entrance_ * b.in(channel(k, b.channels()), i));
            }
        }
    }

  private:
    /// Each channel enters, and is heard at, lines of its own.
    static std::uint32_t channel(std::size_t line, std::uint32_t channels) {
        return static_cast<std::uint32_t>(line % channels);
    }

    static float heard(const Lines& x, std::uint32_t c, std::uint32_t channels) {
        float sum = 0;
        for (std::size_t k = c; k < kLines; k += channels) {
            sum += x[k];
        }
        return sum * std::sqrt(static_cast<float>(channels) / kLines);
    }

    /// The filters move with their parameters, a few frames at a time.
    void follow() {
        constexpr std::uint64_t kGrid = 32;
        const Absorption want{decay.next(), highs.next()};
        if (frame_++ % kGrid != 0 || want == absorbs_) {
            return;
        }
        absorbs_ = want;
        const double low = static_cast<double>(want.low_s);
        const double high = low * static_cast<double>(want.high_percent) / 100;
        for (auto& line : lines_) {
            line.absorb(left_after(line.frames(), low, rate_hz()),
                        left_after(line.frames(), high, rate_hz()));
        }
        // What the lines lose in one round enters: a steady sound is as loud at every decay.
        const double kept = left_after(lines_[kLines / 2].frames(), low, rate_hz());
        entrance_ = static_cast<float>(std::sqrt(1 / (kept * kept) - 1));
    }

    struct Absorption {
        float low_s = 0;
        float high_percent = 0;
        bool operator==(const Absorption&) const = default;
    };

    std::array<Line, kLines> lines_;
    Absorption absorbs_;
    float entrance_ = 0;
    std::uint64_t frame_ = 0;
};

JIG_PLUGIN(Reverb)
