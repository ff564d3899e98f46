#include "audio/alsa/negotiate.hpp"

#include "audio/alsa/planes.hpp"

#include <algorithm>
#include <array>
#include <memory>

namespace jig::audio::alsa {

namespace {

constexpr unsigned kMostPeriods = 1024;

constexpr std::array kAccesses{SND_PCM_ACCESS_MMAP_NONINTERLEAVED, SND_PCM_ACCESS_MMAP_INTERLEAVED,
                               SND_PCM_ACCESS_RW_INTERLEAVED};

/// The steps of one negotiation, each narrowing the same space of parameters.
class Negotiation {
  public:
    Negotiation(const Pcm& pcm, const Wanted& wanted)
        : api_(pcm.api()), pcm_(pcm), wanted_(wanted), params_(api_.new_hw_params()) {}
    Negotiation(const Negotiation&) = delete;
    Negotiation& operator=(const Negotiation&) = delete;
    ~Negotiation() { api_.free_hw_params(params_); }

    Result<Setup> run() {
        if (const int fault = api_.hw_any(pcm_.get(), params_); fault < 0) {
            return refused("offers no configuration", std::string(snd_strerror(fault)));
        }
        api_.hw_set_rate_resample(pcm_.get(), params_, false); // only alsa-lib's own could
        for (const auto& step : {&Negotiation::access, &Negotiation::format, &Negotiation::channels,
                                 &Negotiation::rate, &Negotiation::period, &Negotiation::periods}) {
            if (const Result<void> done = (this->*step)(); !done) {
                return Error{done.error()};
            }
        }
        return install();
    }

  private:
    Result<void> access() {
        for (const snd_pcm_access_t access : kAccesses) {
            if (api_.hw_set_access(pcm_.get(), params_, access) >= 0) {
                setup_.access = access;
                return {};
            }
        }
        return refused("takes neither mapped nor interleaved access", "use its hw: device");
    }

    Result<void> format() {
        for (const SampleFormat& format : sample_formats()) {
            if (api_.hw_set_format(pcm_.get(), params_, format.format) >= 0) {
                setup_.format = &format;
                return {};
            }
        }
        return refused("speaks none of FLOAT, S32, S24_3, S24 and S16", "use another device");
    }

    Result<void> channels() {
        unsigned least = 1;
        unsigned most = 1;
        api_.hw_channels_range(params_, least, most);
        most = std::clamp(most, least, Planes::kMostCardChannels);
        setup_.most_channels = most;
        const unsigned first = std::clamp(wanted_.channels, least, most);
        for (unsigned channels = first; channels <= most; ++channels) {
            if (set_channels(channels)) {
                return {};
            }
        }
        for (unsigned channels = first; channels-- > least;) {
            if (set_channels(channels)) {
                return {};
            }
        }
        return refused("takes no number of channels from " + std::to_string(least) + " to " +
                           std::to_string(most),
                       "use another device");
    }

    bool set_channels(unsigned channels) {
        setup_.channels = channels;
        return api_.hw_set_channels(pcm_.get(), params_, channels) >= 0;
    }

    Result<void> rate() {
        unsigned least = 0;
        unsigned most = 0;
        api_.hw_rate_range(params_, least, most);
        if (api_.hw_set_rate(pcm_.get(), params_, wanted_.rate_hz) >= 0) {
            return {};
        }
        return refused("does not run at " + std::to_string(wanted_.rate_hz) + " Hz",
                       "choose a rate " + range(least, most) + " Hz with --rate");
    }

    Result<void> period() {
        snd_pcm_uframes_t least = 0;
        snd_pcm_uframes_t most = 0;
        api_.hw_period_range(params_, least, most);
        if (api_.hw_set_period(pcm_.get(), params_, wanted_.period_frames) >= 0) {
            return {};
        }
        return refused("has no period of " + std::to_string(wanted_.period_frames) + " frames",
                       "choose one " + range(least, most) + " frames with --period");
    }

    Result<void> periods() {
        unsigned least = 0;
        unsigned most = 0;
        api_.hw_periods_range(params_, least, most);
        for (unsigned n = std::max(wanted_.periods, least); n <= std::min(most, kMostPeriods);
             ++n) {
            if (api_.hw_set_periods(pcm_.get(), params_, n) >= 0) {
                return {};
            }
        }
        return refused("has no ring of " + std::to_string(wanted_.periods) + " periods or more",
                       "choose a number " + range(least, most) + " with --periods");
    }

    Result<Setup> install() {
        if (const int fault = api_.hw_install(pcm_.get(), params_); fault < 0) {
            return refused("did not take its own parameters", std::string(snd_strerror(fault)));
        }
        Api::Installed installed;
        if (api_.hw_read_back(params_, installed) < 0 || installed.rate_hz != wanted_.rate_hz ||
            installed.period_frames != wanted_.period_frames ||
            installed.buffer_frames % wanted_.period_frames != 0) {
            return refused("took " + std::to_string(wanted_.rate_hz) + " Hz and " +
                               std::to_string(wanted_.period_frames) + " frames, but runs at " +
                               std::to_string(installed.rate_hz) + " Hz and " +
                               std::to_string(installed.period_frames) + " of " +
                               std::to_string(installed.buffer_frames) + " frames",
                           "choose others with --rate and --period");
        }
        setup_.rate_hz = installed.rate_hz;
        setup_.periods = installed.periods;
        setup_.period_frames = wanted_.period_frames;
        setup_.buffer_frames = static_cast<std::uint32_t>(installed.buffer_frames);
        setup_.can_resume = installed.can_resume;
        return setup_;
    }

    [[nodiscard]] Error refused(const std::string& what, const std::string& remedy) const {
        return Error{pcm_.name() + " " + what + " for " +
                     (pcm_.is_capture() ? "capture" : "playback") + "; " + remedy + "."};
    }

    template <typename T>
    static std::string range(T least, T most) {
        return least == most ? "of " + std::to_string(least)
                             : "from " + std::to_string(least) + " to " + std::to_string(most);
    }

    Api& api_;
    const Pcm& pcm_;
    const Wanted& wanted_;
    snd_pcm_hw_params_t* params_;
    Setup setup_;
};

} // namespace

std::string Setup::describe() const {
    return std::string(snd_pcm_format_name(format->format)) + ", " + std::to_string(channels) +
           (channels == 1 ? " channel, " : " channels, ") + (mapped() ? "mapped" : "read/write") +
           ", " + std::to_string(periods) + " periods";
}

Result<Setup> negotiate(const Pcm& pcm, const Wanted& wanted) {
    return Negotiation(pcm, wanted).run();
}

Result<void> install_thresholds(const Pcm& pcm, const Setup& setup, std::uint32_t prefill_periods) {
    Api::Software software;
    const std::uint32_t free_periods = pcm.is_capture() ? 0 : setup.periods - prefill_periods;
    software.avail_min = (free_periods + 1) * snd_pcm_uframes_t{setup.period_frames};
    software.stop_threshold = setup.buffer_frames;
    const int fault = pcm.api().sw_install(pcm.get(), software);
    if (fault < 0) {
        return Error{pcm.name() + " refuses to be started by hand and stopped at an xrun: " +
                     snd_strerror(fault) + "; use its hw: device."};
    }
    return {};
}

} // namespace jig::audio::alsa
