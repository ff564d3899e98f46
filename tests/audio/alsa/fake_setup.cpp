// FakeAlsa: opening and negotiation.
#include "fake_parts.hpp"

namespace jig::test {

namespace {

/// What a negotiation has settled so far.
struct Params {
    FakePcm* pcm = nullptr;
    snd_pcm_access_t access = SND_PCM_ACCESS_RW_INTERLEAVED;
    snd_pcm_format_t format = SND_PCM_FORMAT_S16_LE;
    unsigned channels = 0, rate_hz = 0, periods = 0;
    snd_pcm_uframes_t period = 0;
};

Params& of(snd_pcm_hw_params_t* params) {
    return *reinterpret_cast<Params*>(params);
}

const Params& of(const snd_pcm_hw_params_t* params) {
    return *reinterpret_cast<const Params*>(params);
}

template <typename T, typename U>
bool has(const std::vector<T>& all, U one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

} // namespace

FakePcm& FakeAlsa::add(const std::string& name, snd_pcm_stream_t direction, int card) {
    auto pcm = std::make_unique<FakePcm>();
    pcm->name = name;
    pcm->direction = direction;
    pcm->identity.card = card;
    pcm->identity.card_id = name.substr(3, name.find(',') - 3);
    pcm->identity.card_name = pcm->identity.card_id + " card";
    pcm->identity.sync.id32[0] = static_cast<unsigned>(card) + 1;
    pcms_.push_back(std::move(pcm));
    return *pcms_.back();
}

int FakeAlsa::open(snd_pcm_t** pcm, const char* name, snd_pcm_stream_t direction) {
    for (auto& one : pcms_) {
        if (one->name == name && one->direction == direction) {
            if (one->open_fault != 0 || one->is_open) {
                return one->open_fault != 0 ? one->open_fault : -EBUSY;
            }
            one->is_open = true;
            *pcm = reinterpret_cast<snd_pcm_t*>(one.get());
            return 0;
        }
    }
    return -ENOENT;
}

int FakeAlsa::close(snd_pcm_t* pcm) {
    of(pcm).is_open = false;
    of(pcm).state = SND_PCM_STATE_OPEN;
    return 0;
}

int FakeAlsa::identify(snd_pcm_t* pcm, Identity& identity) {
    identity = of(pcm).identity;
    return 0;
}

snd_pcm_hw_params_t* FakeAlsa::new_hw_params() {
    return reinterpret_cast<snd_pcm_hw_params_t*>(new Params);
}

void FakeAlsa::free_hw_params(snd_pcm_hw_params_t* params) {
    delete &of(params);
}

int FakeAlsa::hw_any(snd_pcm_t* pcm, snd_pcm_hw_params_t* params) {
    of(params).pcm = &of(pcm);
    return planned_fault(of(pcm), "hw_any");
}

int FakeAlsa::hw_set_rate_resample(snd_pcm_t* /*pcm*/, snd_pcm_hw_params_t* /*params*/,
                                   bool /*on*/) {
    return 0;
}

int FakeAlsa::hw_set_access(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, snd_pcm_access_t access) {
    of(params).access = access;
    return has(of(pcm).accesses, access) ? 0 : -EINVAL;
}

int FakeAlsa::hw_set_format(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, snd_pcm_format_t format) {
    of(params).format = format;
    return has(of(pcm).formats, format) ? 0 : -EINVAL;
}

int FakeAlsa::hw_set_channels(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, unsigned channels) {
    of(params).channels = channels;
    return has(of(pcm).channels, channels) ? 0 : -EINVAL;
}

int FakeAlsa::hw_set_rate(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, unsigned rate_hz) {
    of(params).rate_hz = rate_hz;
    return has(of(pcm).rates_hz, rate_hz) ? 0 : -EINVAL;
}

int FakeAlsa::hw_set_period(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, snd_pcm_uframes_t frames) {
    of(params).period = frames;
    return frames >= of(pcm).least_period && frames <= of(pcm).most_period ? 0 : -EINVAL;
}

int FakeAlsa::hw_set_periods(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, unsigned periods) {
    of(params).periods = periods;
    return periods >= of(pcm).least_periods && periods <= of(pcm).most_periods ? 0 : -EINVAL;
}

int FakeAlsa::hw_channels_range(const snd_pcm_hw_params_t* params, unsigned& least,
                                unsigned& most) {
    const auto& all = of(params).pcm->channels;
    least = *std::min_element(all.begin(), all.end());
    most = *std::max_element(all.begin(), all.end());
    return 0;
}

int FakeAlsa::hw_rate_range(const snd_pcm_hw_params_t* params, unsigned& least, unsigned& most) {
    const auto& all = of(params).pcm->rates_hz;
    least = *std::min_element(all.begin(), all.end());
    most = *std::max_element(all.begin(), all.end());
    return 0;
}

int FakeAlsa::hw_period_range(const snd_pcm_hw_params_t* params, snd_pcm_uframes_t& least,
                              snd_pcm_uframes_t& most) {
    least = of(params).pcm->least_period;
    most = of(params).pcm->most_period;
    return 0;
}

int FakeAlsa::hw_periods_range(const snd_pcm_hw_params_t* params, unsigned& least, unsigned& most) {
    least = of(params).pcm->least_periods;
    most = of(params).pcm->most_periods;
    return 0;
}

int FakeAlsa::hw_install(snd_pcm_t* handle, snd_pcm_hw_params_t* params) {
    FakePcm& pcm = of(handle);
    const Params& p = of(params);
    if (const int fault = planned_fault(pcm, "hw_install"); fault != 0) {
        return fault;
    }
    pcm.access = p.access;
    for (const auto& format : audio::alsa::sample_formats()) {
        pcm.format = format.format == p.format ? &format : pcm.format;
    }
    pcm.channel_count = p.channels;
    pcm.rate_hz = p.rate_hz;
    pcm.period = static_cast<std::uint32_t>(p.period);
    pcm.buffer = pcm.period * p.periods;
    const std::size_t bytes = pcm.format->bytes;
    pcm.ring.assign(std::size_t{pcm.buffer} * p.channels * bytes, std::byte{});
    pcm.areas.resize(p.channels);
    const bool planar = p.access == SND_PCM_ACCESS_MMAP_NONINTERLEAVED;
    for (unsigned c = 0; c < p.channels; ++c) {
        const std::size_t first = planar ? std::size_t{c} * pcm.buffer * bytes : c * bytes;
        const std::size_t step = planar ? bytes : p.channels * bytes;
        pcm.areas[c] = {pcm.ring.data(), static_cast<unsigned>(first * 8),
                        static_cast<unsigned>(step * 8)};
    }
    pcm.state = SND_PCM_STATE_PREPARED;
    return 0;
}

int FakeAlsa::hw_read_back(const snd_pcm_hw_params_t* params, Installed& installed) {
    const FakePcm& pcm = *of(params).pcm;
    installed = {pcm.rate_hz, pcm.buffer / pcm.period, pcm.period, pcm.buffer, pcm.can_resume};
    return planned_fault(*of(params).pcm, "hw_read_back");
}

int FakeAlsa::sw_install(snd_pcm_t* pcm, const Software& software) {
    of(pcm).avail_min = software.avail_min;
    of(pcm).stop_threshold = software.stop_threshold;
    return planned_fault(of(pcm), "sw_install");
}

} // namespace jig::test
