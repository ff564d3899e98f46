// echo: a delay with feedback, whose memory a new build can take over.
//
// carry names what is live, so that a host can copy it from one build to the next. A field whose
// name, type or size is another than before begins afresh. Parameters and their smoothing carry
// themselves.
#include <jig/jig.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

struct Echo : jig::Effect {
    static constexpr auto id = "dev.jig.echo", name = "Echo", vendor = "Jig";

    Param time{this, "time", "Time", Log(1, kMostMs, 350), Unit("ms")};
    Param sync{
        this, "sync", "Sync", Enum({"Off", "1/16", "1/8T", "1/8", "1/8D", "1/4"}),
        Doc("A note of the host's tempo takes the place of the time. T: three in the time of "
            "two; D: half as long again.")};
    Param feedback{this, "feedback", "Feedback", Linear(0, 95, 40), Unit("%"), 20_ms};
    Param tone{this, "tone", "Tone", Hz(500, 20000, 5000),
               Doc("Above it each echo has less than the one before.")};
    Param mix{this, "mix", "Mix", Linear(0, 100, 35), Unit("%"), 20_ms};

    void activate() {
        frames_ = frames_of(kMostMs) + 1;
        delay_.resize(frames_ * out_channels());
        low_.resize(out_channels());
        fade_.set_frames(static_cast<std::uint32_t>(frames_of(50)));
        reset();
    }

    void reset() {
        std::fill(delay_.begin(), delay_.end(), 0.0f);
        std::fill(low_.begin(), low_.end(), 0.0f);
        write_ = from_ = to_ = 0;
    }

    template <typename Visitor>
    void carry(Visitor& v) {
        v("delay", delay_);
        v("low", low_);
        v("write", write_);
        v("from", from_);
        v("to", to_);
        v("fade", fade_);
    }

    void process(Block b) {
        const std::size_t wanted = wanted_frames(b);
        const auto keep = static_cast<float>(
            std::exp(-2 * std::numbers::pi * static_cast<double>(tone.value()) / rate_hz()));
        for (std::uint32_t i = 0; i < b.frames(); ++i) {
            const float in_place = move_to(wanted);
            const float back = feedback.next() / 100;
            const float wet = mix.next() / 100;
            for (std::uint32_t c = 0; c < b.channels(); ++c) {
                const float echo = (1 - in_place) * ago(c, from_) + in_place * ago(c, to_);
                low_[c] = audible(echo + keep * (low_[c] - echo));
                ago(c, 0) = b.in(c, i) + back * low_[c];
                b.out(c, i) = (1 - wet) * b.in(c, i) + wet * echo;
            }
            write_ = write_ + 1 == frames_ ? 0 : write_ + 1;
        }
    }

  private:
    static constexpr double kMostMs = 2000;

    [[nodiscard]] std::size_t frames_of(double ms) const {
        return static_cast<std::size_t>(std::lround(ms * rate_hz() / 1000));
    }

    /// Where a channel was that many frames ago; 0 is where it goes on.
    float& ago(std::uint32_t channel, std::size_t frames) {
        const std::size_t at = write_ >= frames ? write_ - frames : write_ + frames_ - frames;
        return delay_[channel * frames_ + at];
    }

    [[nodiscard]] std::size_t wanted_frames(const Block& b) const {
        constexpr std::array kQuarters{1.0 / 4, 1.0 / 3, 1.0 / 2, 3.0 / 4, 1.0};
        double ms = static_cast<double>(time.value());
        const jig_transport* t = b.transport();
        if (sync.index() > 0 && t != nullptr && (t->valid & JIG_TRANSPORT_TEMPO) != 0) {
            ms = kQuarters[static_cast<std::size_t>(sync.index()) - 1] * 60000 / t->bpm;
        }
        return std::max<std::size_t>(frames_of(std::min(ms, kMostMs)), 1);
    }

    /// From one time to another by a crossfade of two places in the delay: to glide there would
    /// change the pitch. Returns how much of the new one is to be heard.
    float move_to(std::size_t wanted) {
        if (to_ == 0) {
            from_ = to_ = wanted;
            fade_.snap(1);
        } else if (wanted != to_ && fade_.settled()) {
            from_ = to_;
            to_ = wanted;
            fade_.snap(0);
            fade_.aim(1);
        }
        return fade_.next();
    }

    /// Less would go round as denormals, which are slow.
    static float audible(float x) { return std::fabs(x) < 1e-15f ? 0 : x; }

    std::vector<float> delay_; // frames_ of each channel
    std::vector<float> low_;
    std::size_t frames_ = 0;
    std::size_t write_ = 0;
    std::size_t from_ = 0;
    std::size_t to_ = 0; // 0: nothing was played yet
    jig::Smoother fade_;
};

JIG_PLUGIN(Echo)
