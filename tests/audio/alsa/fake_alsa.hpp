// jig/tests/audio/alsa/fake_alsa.hpp: sound cards on a virtual clock, with every fault that real
// ones have.
#pragma once

#include "audio/alsa/api.hpp"
#include "audio/alsa/sample.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace jig::test {

using audio::alsa::Identity;

/// One direction of a card: what it can do, and how it misbehaves. Time passes in poll() and in
/// FakeAlsa::pass() only.
struct FakePcm {
    std::string name; ///< "hw:Fake,0"
    snd_pcm_stream_t direction = SND_PCM_STREAM_PLAYBACK;
    Identity identity;
    // What it can do.
    std::vector<snd_pcm_access_t> accesses{SND_PCM_ACCESS_MMAP_NONINTERLEAVED,
                                           SND_PCM_ACCESS_MMAP_INTERLEAVED,
                                           SND_PCM_ACCESS_RW_INTERLEAVED};
    std::vector<snd_pcm_format_t> formats{SND_PCM_FORMAT_FLOAT_LE, SND_PCM_FORMAT_S32_LE,
                                          SND_PCM_FORMAT_S16_LE};
    std::vector<unsigned> channels{2};
    std::vector<unsigned> rates_hz{44100, 48000, 96000};
    unsigned least_period = 16, most_period = 8192;
    unsigned least_periods = 2, most_periods = 32;
    bool can_resume = false;
    double clock_ppm = 0;          ///< how much faster than it says
    std::uint32_t step_frames = 0; ///< by which its pointer moves; 0: a period
    std::function<float(std::uint64_t frame, unsigned channel)> microphone;
    // How it misbehaves.
    int open_fault = 0;
    bool interrupts = true;   ///< false: poll never fires
    int spurious_wakes = 0;   ///< that many polls end for nothing
    unsigned begin_most = 0;  ///< mmap_begin gives no more at once; 0: all
    unsigned commit_most = 0; ///< … and mmap_commit, read and write take no more
    bool stale_avail = false; ///< in trouble, avail is what it was
    bool stale_state = false; ///< … and the state RUNNING
    std::map<std::string, std::deque<int>> faults; ///< by function: the codes of its next calls

    // What became of it.
    snd_pcm_access_t access = SND_PCM_ACCESS_RW_INTERLEAVED;
    const audio::alsa::SampleFormat* format = nullptr;
    unsigned channel_count = 0, rate_hz = 0;
    std::uint32_t period = 0, buffer = 0;
    snd_pcm_uframes_t avail_min = 1, stop_threshold = 0;
    snd_pcm_state_t state = SND_PCM_STATE_OPEN;
    bool is_open = false;
    FakePcm* partner = nullptr; ///< linked with
    std::int64_t started_ns = 0, moved_ns = 0;
    std::uint64_t hw = 0, appl = 0; ///< since the last prepare
    std::uint64_t total = 0;        ///< frames through the converter since the opening
    std::vector<std::byte> ring;
    std::vector<snd_pcm_channel_area_t> areas;
    std::vector<std::vector<float>> speaker; ///< by channel, all that was ever played
    int starts = 0;

    [[nodiscard]] bool is_capture() const { return direction == SND_PCM_STREAM_CAPTURE; }
    [[nodiscard]] std::int64_t avail() const {
        return static_cast<std::int64_t>(is_capture() ? hw - appl : buffer - (appl - hw));
    }
};

class FakeAlsa final : public audio::alsa::Api {
  public:
    /// A PCM that open() finds. Playback and capture of a card share its identity.
    FakePcm& add(const std::string& name, snd_pcm_stream_t direction, int card = 0);
    /// Time goes by, with all that happens in it.
    void pass(std::int64_t ns);
    /// Something that happens at an instant.
    void at(std::int64_t ns, std::function<void()> action) {
        planned_.emplace(ns, std::move(action));
    }
    [[nodiscard]] std::int64_t now_ns() const { return now_ns_; }

    /// What a card does when it is pulled out or when the machine goes to sleep.
    void unplug(int card);
    void suspend(int card);
    /// The next poll() of the process ends with EINTR that often.
    int interrupted_polls = 0;
    int link_fault = 0;
    std::int64_t cpu_ns = 0;

    int open(snd_pcm_t** pcm, const char* name, snd_pcm_stream_t direction) override;
    int close(snd_pcm_t* pcm) override;
    int identify(snd_pcm_t* pcm, Identity& identity) override;
    snd_pcm_hw_params_t* new_hw_params() override;
    void free_hw_params(snd_pcm_hw_params_t* params) override;
    int hw_any(snd_pcm_t* pcm, snd_pcm_hw_params_t* params) override;
    int hw_set_rate_resample(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, bool on) override;
    int hw_set_access(snd_pcm_t* pcm, snd_pcm_hw_params_t* params,
                      snd_pcm_access_t access) override;
    int hw_set_format(snd_pcm_t* pcm, snd_pcm_hw_params_t* params,
                      snd_pcm_format_t format) override;
    int hw_set_channels(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, unsigned channels) override;
    int hw_set_rate(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, unsigned rate_hz) override;
    int hw_set_period(snd_pcm_t* pcm, snd_pcm_hw_params_t* params,
                      snd_pcm_uframes_t frames) override;
    int hw_set_periods(snd_pcm_t* pcm, snd_pcm_hw_params_t* params, unsigned periods) override;
    int hw_channels_range(const snd_pcm_hw_params_t* params, unsigned& least,
                          unsigned& most) override;
    int hw_rate_range(const snd_pcm_hw_params_t* params, unsigned& least, unsigned& most) override;
    int hw_period_range(const snd_pcm_hw_params_t* params, snd_pcm_uframes_t& least,
                        snd_pcm_uframes_t& most) override;
    int hw_periods_range(const snd_pcm_hw_params_t* params, unsigned& least,
                         unsigned& most) override;
    int hw_install(snd_pcm_t* pcm, snd_pcm_hw_params_t* params) override;
    int hw_read_back(const snd_pcm_hw_params_t* params, Installed& installed) override;
    int sw_install(snd_pcm_t* pcm, const Software& software) override;
    int link(snd_pcm_t* one, snd_pcm_t* other) override;
    int unlink(snd_pcm_t* pcm) override;
    int prepare(snd_pcm_t* pcm) override;
    int start(snd_pcm_t* pcm) override;
    int drop(snd_pcm_t* pcm) override;
    int resume(snd_pcm_t* pcm) override;
    snd_pcm_state_t state(snd_pcm_t* pcm) override;
    snd_pcm_sframes_t avail_update(snd_pcm_t* pcm) override;
    int timestamp(snd_pcm_t* pcm, snd_pcm_uframes_t& avail, std::int64_t& at_ns) override;
    int mmap_begin(snd_pcm_t* pcm, const snd_pcm_channel_area_t** areas, snd_pcm_uframes_t* offset,
                   snd_pcm_uframes_t* frames) override;
    snd_pcm_sframes_t mmap_commit(snd_pcm_t* pcm, snd_pcm_uframes_t offset,
                                  snd_pcm_uframes_t frames) override;
    snd_pcm_sframes_t read(snd_pcm_t* pcm, void* buffer, snd_pcm_uframes_t frames) override;
    snd_pcm_sframes_t write(snd_pcm_t* pcm, const void* buffer, snd_pcm_uframes_t frames) override;
    int poll_descriptors_count(snd_pcm_t* pcm) override;
    int poll_descriptors(snd_pcm_t* pcm, pollfd* descriptors, unsigned space) override;
    int poll_revents(snd_pcm_t* pcm, pollfd* descriptors, unsigned count,
                     unsigned short* revents) override;
    int poll(pollfd* descriptors, nfds_t count, int timeout_ms) override;
    std::int64_t monotonic_ns() override { return now_ns_; }
    std::int64_t thread_cpu_ns() override { return cpu_ns; }

  private:
    void go_to(std::int64_t instant_ns);
    void move(FakePcm& pcm);
    void convert(FakePcm& pcm, std::uint64_t until);
    void xrun(FakePcm& pcm);
    /// Frames that the converter has passed at this time, in steps.
    [[nodiscard]] std::uint64_t passed(const FakePcm& pcm) const;
    [[nodiscard]] std::int64_t next_move_ns(const FakePcm& pcm) const;
    short events_of(FakePcm& pcm, const pollfd& descriptor);
    snd_pcm_sframes_t advance(FakePcm& pcm, snd_pcm_uframes_t frames);

    std::vector<std::unique_ptr<FakePcm>> pcms_;
    std::multimap<std::int64_t, std::function<void()>> planned_;
    std::int64_t now_ns_ = 1'000'000'000;
};

} // namespace jig::test
