// tests/vm/tools/card.hpp: a sound card through plain alsa-lib, for tools that must not share code
// with what they watch.
#pragma once

#include <alsa/asoundlib.h>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <sched.h>
#include <string>
#include <vector>

namespace jig::vm {

constexpr unsigned kChannels = 2;
constexpr unsigned kRateHz = 48000;

/// Ends the program where ALSA refuses.
inline long must(long result, const char* what) {
    if (result < 0) {
        std::fprintf(stderr, "%s: %s\n", what, snd_strerror(static_cast<int>(result)));
        std::exit(2);
    }
    return result;
}

/// A tool that measures must run when its period has come, whatever else the machine does.
inline void run_realtime(int priority) {
    const sched_param param{priority};
    if (sched_setscheduler(0, SCHED_FIFO, &param) != 0) {
        std::perror("SCHED_FIFO");
        std::exit(2);
    }
}

/// What is asked of a stream.
struct Shape {
    snd_pcm_uframes_t period = 128;
    unsigned periods = 2;
    snd_pcm_format_t format = SND_PCM_FORMAT_FLOAT_LE;
    bool stops_when_empty = true; ///< else it runs on over old samples: a clock
};

/// Installs them; interleaved, written and read, two channels at 48 kHz, started by hand.
inline void install(snd_pcm_t* pcm, const Shape& shape) {
    snd_pcm_hw_params_t* hw = nullptr;
    snd_pcm_hw_params_alloca(&hw);
    must(snd_pcm_hw_params_any(pcm, hw), "any");
    must(snd_pcm_hw_params_set_access(pcm, hw, SND_PCM_ACCESS_RW_INTERLEAVED), "access");
    must(snd_pcm_hw_params_set_format(pcm, hw, shape.format), "format");
    must(snd_pcm_hw_params_set_channels(pcm, hw, kChannels), "channels");
    must(snd_pcm_hw_params_set_rate(pcm, hw, kRateHz, 0), "rate");
    must(snd_pcm_hw_params_set_period_size(pcm, hw, shape.period, 0), "period");
    must(snd_pcm_hw_params_set_periods(pcm, hw, shape.periods, 0), "periods");
    must(snd_pcm_hw_params(pcm, hw), "hw_params");

    snd_pcm_sw_params_t* sw = nullptr;
    snd_pcm_sw_params_alloca(&sw);
    must(snd_pcm_sw_params_current(pcm, sw), "sw_params");
    snd_pcm_uframes_t boundary = 0;
    must(snd_pcm_sw_params_get_boundary(sw, &boundary), "boundary");
    must(snd_pcm_sw_params_set_start_threshold(pcm, sw, boundary), "start threshold");
    must(snd_pcm_sw_params_set_stop_threshold(
             pcm, sw, shape.stops_when_empty ? shape.period * shape.periods : boundary),
         "stop threshold");
    must(snd_pcm_sw_params(pcm, sw), "sw_params");
}

/// The first format that the card takes for both directions, in the order of their precision.
inline snd_pcm_format_t format_of(snd_pcm_t* capture, snd_pcm_t* playback) {
    for (const auto format :
         {SND_PCM_FORMAT_FLOAT_LE, SND_PCM_FORMAT_S32_LE, SND_PCM_FORMAT_S16_LE}) {
        bool taken = true;
        for (snd_pcm_t* pcm : {capture, playback}) {
            snd_pcm_hw_params_t* hw = nullptr;
            snd_pcm_hw_params_alloca(&hw);
            taken = taken && snd_pcm_hw_params_any(pcm, hw) >= 0 &&
                    snd_pcm_hw_params_test_format(pcm, hw, format) == 0;
        }
        if (taken) {
            return format;
        }
    }
    std::fputs("none of FLOAT_LE, S32_LE and S16_LE fits\n", stderr);
    std::exit(2);
}

/// Both directions of one card, started as one.
struct Pair {
    snd_pcm_t* capture = nullptr;
    snd_pcm_t* playback = nullptr;
    Shape shape;

    Pair(const char* name, Shape wanted) : shape(wanted) {
        must(snd_pcm_open(&capture, name, SND_PCM_STREAM_CAPTURE, 0), name);
        must(snd_pcm_open(&playback, name, SND_PCM_STREAM_PLAYBACK, 0), name);
        shape.format = format_of(capture, playback);
        install(capture, shape);
        install(playback, shape);
        must(snd_pcm_link(capture, playback), "link");
    }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;
    ~Pair() {
        snd_pcm_close(capture);
        snd_pcm_close(playback);
    }

    [[nodiscard]] std::vector<char> period_buffer() const {
        return std::vector<char>(static_cast<std::size_t>(
            snd_pcm_frames_to_bytes(capture, static_cast<snd_pcm_sframes_t>(shape.period))));
    }
};

} // namespace jig::vm
