#include "audio/alsa/api.hpp"
#include "audio/clock.hpp"

#include <ctime>
#include <memory>

namespace jig::audio::alsa {

namespace {

std::int64_t clock_ns(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return std::int64_t{now.tv_sec} * kNsPerSecond + now.tv_nsec;
}

/// alsa-lib has no name for "no direction": the value is exact.
constexpr int kExact = 0;

class SystemApi final : public Api {
  public:
    int open(snd_pcm_t** pcm, const char* name, snd_pcm_stream_t direction) override {
        return snd_pcm_open(pcm, name, direction, SND_PCM_NONBLOCK);
    }
    int close(snd_pcm_t* pcm) override { return snd_pcm_close(pcm); }
    int identify(snd_pcm_t* pcm, Identity& identity) override;

    snd_pcm_hw_params_t* new_hw_params() override {
        snd_pcm_hw_params_t* params = nullptr;
        snd_pcm_hw_params_malloc(&params);
        return params;
    }
    void free_hw_params(snd_pcm_hw_params_t* params) override { snd_pcm_hw_params_free(params); }
    int hw_any(snd_pcm_t* pcm, snd_pcm_hw_params_t* params) override {
        return snd_pcm_hw_params_any(pcm, params);
    }
    int hw_set_rate_resample(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, bool on) override {
        return snd_pcm_hw_params_set_rate_resample(pcm, params, on ? 1 : 0);
    }
    int hw_set_access(snd_pcm_t* pcm, snd_pcm_hw_params_t* params,
                      snd_pcm_access_t access) override {
        return snd_pcm_hw_params_set_access(pcm, params, access);
    }
    int hw_set_format(snd_pcm_t* pcm, snd_pcm_hw_params_t* params,
                      snd_pcm_format_t format) override {
        return snd_pcm_hw_params_set_format(pcm, params, format);
    }
    int hw_set_channels(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, unsigned channels) override {
        return snd_pcm_hw_params_set_channels(pcm, params, channels);
    }
    int hw_set_rate(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, unsigned rate_hz) override {
        return snd_pcm_hw_params_set_rate(pcm, params, rate_hz, kExact);
    }
    int hw_set_period(snd_pcm_t* pcm, snd_pcm_hw_params_t* params,
                      snd_pcm_uframes_t frames) override {
        return snd_pcm_hw_params_set_period_size(pcm, params, frames, kExact);
    }
    int hw_set_periods(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, unsigned periods) override {
        return snd_pcm_hw_params_set_periods(pcm, params, periods, kExact);
    }
    int hw_channels_range(const snd_pcm_hw_params_t* params, unsigned& least,
                          unsigned& most) override {
        const int fault = snd_pcm_hw_params_get_channels_min(params, &least);
        return fault < 0 ? fault : snd_pcm_hw_params_get_channels_max(params, &most);
    }
    int hw_rate_range(const snd_pcm_hw_params_t* params, unsigned& least, unsigned& most) override {
        int direction = 0;
        const int fault = snd_pcm_hw_params_get_rate_min(params, &least, &direction);
        return fault < 0 ? fault : snd_pcm_hw_params_get_rate_max(params, &most, &direction);
    }
    int hw_period_range(const snd_pcm_hw_params_t* params, snd_pcm_uframes_t& least,
                        snd_pcm_uframes_t& most) override {
        int direction = 0;
        const int fault = snd_pcm_hw_params_get_period_size_min(params, &least, &direction);
        return fault < 0 ? fault : snd_pcm_hw_params_get_period_size_max(params, &most, &direction);
    }
    int hw_periods_range(const snd_pcm_hw_params_t* params, unsigned& least,
                         unsigned& most) override {
        int direction = 0;
        const int fault = snd_pcm_hw_params_get_periods_min(params, &least, &direction);
        return fault < 0 ? fault : snd_pcm_hw_params_get_periods_max(params, &most, &direction);
    }
    int hw_install(snd_pcm_t* pcm, snd_pcm_hw_params_t* params) override {
        return snd_pcm_hw_params(pcm, params);
    }
    int hw_read_back(const snd_pcm_hw_params_t* params, Installed& installed) override;
    int sw_install(snd_pcm_t* pcm, const Software& software) override;

    int link(snd_pcm_t* one, snd_pcm_t* other) override { return snd_pcm_link(one, other); }
    int unlink(snd_pcm_t* pcm) override { return snd_pcm_unlink(pcm); }
    int prepare(snd_pcm_t* pcm) override { return snd_pcm_prepare(pcm); }
    int start(snd_pcm_t* pcm) override { return snd_pcm_start(pcm); }
    int drop(snd_pcm_t* pcm) override { return snd_pcm_drop(pcm); }
    int resume(snd_pcm_t* pcm) override { return snd_pcm_resume(pcm); }
    snd_pcm_state_t state(snd_pcm_t* pcm) override { return snd_pcm_state(pcm); }

    snd_pcm_sframes_t avail_update(snd_pcm_t* pcm) override { return snd_pcm_avail_update(pcm); }
    int timestamp(snd_pcm_t* pcm, snd_pcm_uframes_t& avail, std::int64_t& at_ns) override {
        snd_htimestamp_t at{};
        const int fault = snd_pcm_htimestamp(pcm, &avail, &at);
        at_ns = std::int64_t{at.tv_sec} * kNsPerSecond + at.tv_nsec;
        return fault;
    }
    int mmap_begin(snd_pcm_t* pcm, const snd_pcm_channel_area_t** areas, snd_pcm_uframes_t* offset,
                   snd_pcm_uframes_t* frames) override {
        return snd_pcm_mmap_begin(pcm, areas, offset, frames);
    }
    snd_pcm_sframes_t mmap_commit(snd_pcm_t* pcm, snd_pcm_uframes_t offset,
                                  snd_pcm_uframes_t frames) override {
        return snd_pcm_mmap_commit(pcm, offset, frames);
    }
    snd_pcm_sframes_t read(snd_pcm_t* pcm, void* buffer, snd_pcm_uframes_t frames) override {
        return snd_pcm_readi(pcm, buffer, frames);
    }
    snd_pcm_sframes_t write(snd_pcm_t* pcm, const void* buffer, snd_pcm_uframes_t frames) override {
        return snd_pcm_writei(pcm, buffer, frames);
    }

    int poll_descriptors_count(snd_pcm_t* pcm) override {
        return snd_pcm_poll_descriptors_count(pcm);
    }
    int poll_descriptors(snd_pcm_t* pcm, pollfd* descriptors, unsigned space) override {
        return snd_pcm_poll_descriptors(pcm, descriptors, space);
    }
    int poll_revents(snd_pcm_t* pcm, pollfd* descriptors, unsigned count,
                     unsigned short* revents) override {
        return snd_pcm_poll_descriptors_revents(pcm, descriptors, count, revents);
    }
    int poll(pollfd* descriptors, nfds_t count, int timeout_ms) override {
        return ::poll(descriptors, count, timeout_ms);
    }

    std::int64_t monotonic_ns() override { return audio::monotonic_ns(); }
    std::int64_t thread_cpu_ns() override { return clock_ns(CLOCK_THREAD_CPUTIME_ID); }
};

int SystemApi::identify(snd_pcm_t* pcm, Identity& identity) {
    identity.type = snd_pcm_type(pcm);
    snd_pcm_info_t* info = nullptr;
    snd_pcm_info_alloca(&info);
    const int fault = snd_pcm_info(pcm, info);
    if (fault < 0) {
        return fault;
    }
    identity.card = snd_pcm_info_get_card(info);
    identity.device = static_cast<int>(snd_pcm_info_get_device(info));
    identity.subdevice = static_cast<int>(snd_pcm_info_get_subdevice(info));
    identity.sync = snd_pcm_info_get_sync(info);
    if (identity.card < 0) {
        return 0; // a plugin of alsa-lib's with no card beneath it
    }
    snd_ctl_t* control = nullptr;
    const std::string name = "hw:" + std::to_string(identity.card);
    if (const int refused = snd_ctl_open(&control, name.c_str(), SND_CTL_NONBLOCK); refused < 0) {
        return refused;
    }
    const std::unique_ptr<snd_ctl_t, int (*)(snd_ctl_t*)> closed(control, snd_ctl_close);
    snd_ctl_card_info_t* card = nullptr;
    snd_ctl_card_info_alloca(&card);
    if (const int refused = snd_ctl_card_info(control, card); refused < 0) {
        return refused;
    }
    identity.card_id = snd_ctl_card_info_get_id(card);
    identity.card_name = snd_ctl_card_info_get_name(card);
    return 0;
}

int SystemApi::hw_read_back(const snd_pcm_hw_params_t* params, Installed& installed) {
    int direction = 0;
    if (const int fault = snd_pcm_hw_params_get_rate(params, &installed.rate_hz, &direction);
        fault < 0 || direction != 0) {
        return fault < 0 ? fault : -EINVAL;
    }
    if (const int fault =
            snd_pcm_hw_params_get_period_size(params, &installed.period_frames, &direction);
        fault < 0 || direction != 0) {
        return fault < 0 ? fault : -EINVAL;
    }
    if (const int fault = snd_pcm_hw_params_get_buffer_size(params, &installed.buffer_frames);
        fault < 0) {
        return fault;
    }
    installed.periods = static_cast<unsigned>(installed.buffer_frames / installed.period_frames);
    installed.can_resume = snd_pcm_hw_params_can_resume(params) != 0;
    return 0;
}

int SystemApi::sw_install(snd_pcm_t* pcm, const Software& software) {
    snd_pcm_sw_params_t* params = nullptr;
    snd_pcm_sw_params_alloca(&params);
    snd_pcm_uframes_t boundary = 0;
    int fault = snd_pcm_sw_params_current(pcm, params);
    const auto then = [&](auto set, auto... value) {
        fault = fault < 0 ? fault : set(pcm, params, value...);
    };
    fault = fault < 0 ? fault : snd_pcm_sw_params_get_boundary(params, &boundary);
    then(snd_pcm_sw_params_set_start_threshold, boundary);
    then(snd_pcm_sw_params_set_stop_threshold, software.stop_threshold);
    then(snd_pcm_sw_params_set_avail_min, software.avail_min);
    then(snd_pcm_sw_params_set_tstamp_mode, SND_PCM_TSTAMP_ENABLE);
    then(snd_pcm_sw_params_set_tstamp_type, SND_PCM_TSTAMP_TYPE_MONOTONIC);
    then(snd_pcm_sw_params_set_silence_threshold, snd_pcm_uframes_t{0});
    then(snd_pcm_sw_params_set_silence_size, snd_pcm_uframes_t{0});
    return fault < 0 ? fault : snd_pcm_sw_params(pcm, params);
}

} // namespace

Api& system_api() {
    static SystemApi api;
    return api;
}

} // namespace jig::audio::alsa
