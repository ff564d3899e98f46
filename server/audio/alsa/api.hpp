// jig/audio/alsa/api.hpp: all that the backend asks of alsa-lib and of the clock, as one thin
// table.
#pragma once

#include <alsa/asoundlib.h>

#include <cstdint>
#include <poll.h>
#include <string>

namespace jig::audio::alsa {

/// What a PCM is, as its driver says.
struct Identity {
    int card = -1; ///< index; changes with every plugging
    int device = 0;
    int subdevice = 0;
    std::string card_id;   ///< "PCH": stays
    std::string card_name; ///< "HDA Intel PCH"
    snd_pcm_type_t type = SND_PCM_TYPE_HW;
    snd_pcm_sync_id_t sync{}; ///< equal for streams that one clock drives; all zero: not said
};

/// One function for one of alsa-lib's, with its meaning and its negative error codes; so that tests
/// can put a card with a virtual clock in its place. Parameter spaces are alsa-lib's own objects,
/// made and freed here.
class Api {
  public:
    virtual ~Api() = default;

    virtual int open(snd_pcm_t** pcm, const char* name, snd_pcm_stream_t direction) = 0;
    virtual int close(snd_pcm_t* pcm) = 0;
    virtual int identify(snd_pcm_t* pcm, Identity& identity) = 0;

    virtual snd_pcm_hw_params_t* new_hw_params() = 0;
    virtual void free_hw_params(snd_pcm_hw_params_t* params) = 0;
    virtual int hw_any(snd_pcm_t* pcm, snd_pcm_hw_params_t* params) = 0;
    virtual int hw_set_rate_resample(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, bool on) = 0;
    virtual int hw_set_access(snd_pcm_t* pcm, snd_pcm_hw_params_t* params,
                              snd_pcm_access_t access) = 0;
    virtual int hw_set_format(snd_pcm_t* pcm, snd_pcm_hw_params_t* params,
                              snd_pcm_format_t format) = 0;
    virtual int hw_set_channels(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, unsigned channels) = 0;
    virtual int hw_set_rate(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, unsigned rate_hz) = 0;
    virtual int hw_set_period(snd_pcm_t* pcm, snd_pcm_hw_params_t* params,
                              snd_pcm_uframes_t frames) = 0;
    virtual int hw_set_periods(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, unsigned periods) = 0;
    virtual int hw_channels_range(const snd_pcm_hw_params_t* params, unsigned& least,
                                  unsigned& most) = 0;
    virtual int hw_rate_range(const snd_pcm_hw_params_t* params, unsigned& least,
                              unsigned& most) = 0;
    virtual int hw_period_range(const snd_pcm_hw_params_t* params, snd_pcm_uframes_t& least,
                                snd_pcm_uframes_t& most) = 0;
    virtual int hw_periods_range(const snd_pcm_hw_params_t* params, unsigned& least,
                                 unsigned& most) = 0;
    virtual int hw_install(snd_pcm_t* pcm, snd_pcm_hw_params_t* params) = 0;
    /// What was installed.
    struct Installed {
        unsigned rate_hz = 0;
        unsigned periods = 0;
        snd_pcm_uframes_t period_frames = 0;
        snd_pcm_uframes_t buffer_frames = 0;
        bool can_resume = false;
    };
    virtual int hw_read_back(const snd_pcm_hw_params_t* params, Installed& installed) = 0;

    struct Software {
        snd_pcm_uframes_t avail_min = 1;
        snd_pcm_uframes_t stop_threshold = 0;
    };
    /// Explicit start, monotonic timestamps, no silencing by the driver.
    virtual int sw_install(snd_pcm_t* pcm, const Software& software) = 0;

    virtual int link(snd_pcm_t* one, snd_pcm_t* other) = 0;
    virtual int unlink(snd_pcm_t* pcm) = 0;
    virtual int prepare(snd_pcm_t* pcm) = 0;
    virtual int start(snd_pcm_t* pcm) = 0;
    virtual int drop(snd_pcm_t* pcm) = 0;
    virtual int resume(snd_pcm_t* pcm) = 0;
    virtual snd_pcm_state_t state(snd_pcm_t* pcm) = 0;

    virtual snd_pcm_sframes_t avail_update(snd_pcm_t* pcm) = 0;
    /// `avail` and the CLOCK_MONOTONIC instant at which it was true.
    virtual int timestamp(snd_pcm_t* pcm, snd_pcm_uframes_t& avail, std::int64_t& at_ns) = 0;
    virtual int mmap_begin(snd_pcm_t* pcm, const snd_pcm_channel_area_t** areas,
                           snd_pcm_uframes_t* offset, snd_pcm_uframes_t* frames) = 0;
    virtual snd_pcm_sframes_t mmap_commit(snd_pcm_t* pcm, snd_pcm_uframes_t offset,
                                          snd_pcm_uframes_t frames) = 0;
    virtual snd_pcm_sframes_t read(snd_pcm_t* pcm, void* buffer, snd_pcm_uframes_t frames) = 0;
    virtual snd_pcm_sframes_t write(snd_pcm_t* pcm, const void* buffer,
                                    snd_pcm_uframes_t frames) = 0;

    virtual int poll_descriptors_count(snd_pcm_t* pcm) = 0;
    virtual int poll_descriptors(snd_pcm_t* pcm, pollfd* descriptors, unsigned space) = 0;
    virtual int poll_revents(snd_pcm_t* pcm, pollfd* descriptors, unsigned count,
                             unsigned short* revents) = 0;
    /// poll(2): −1 and errno.
    virtual int poll(pollfd* descriptors, nfds_t count, int timeout_ms) = 0;

    virtual std::int64_t monotonic_ns() = 0;
    virtual std::int64_t thread_cpu_ns() = 0;
};

/// alsa-lib itself, and the machine's clock.
[[nodiscard]] Api& system_api();

} // namespace jig::audio::alsa
