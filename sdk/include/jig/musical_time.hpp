// jig/musical_time.hpp: tempo and beat in a test.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/plugin.h>

#include <cstdint>

namespace jig::detail {

/// Runs on from its last change by the frames that have passed.
class MusicalTime {
  public:
    /// What comes counts from here: before something changes.
    void hold(std::uint64_t frame, double rate_hz) {
        beat_ = beat(frame, rate_hz);
        frame_ = frame;
    }
    /// At 0 there is none.
    void set_tempo(double bpm, std::uint64_t frame, double rate_hz) {
        hold(frame, rate_hz);
        bpm_ = bpm;
    }
    void set_playing(bool yes, std::uint64_t frame, double rate_hz) {
        hold(frame, rate_hz);
        playing_ = yes;
    }
    void locate(double beat, std::uint64_t frame) {
        beat_ = beat;
        frame_ = frame;
    }
    /// The time line begins at this frame.
    void start(std::uint64_t frame) {
        start_ = frame_ = frame;
        beat_ = 0;
    }

    [[nodiscard]] bool is_there() const { return bpm_ > 0; }
    [[nodiscard]] std::uint64_t start() const { return start_; }
    [[nodiscard]] jig_transport at(std::uint64_t frame, double rate_hz) const {
        jig_transport transport{};
        transport.struct_size = sizeof transport;
        transport.valid = JIG_TRANSPORT_TEMPO | JIG_TRANSPORT_BEATS | JIG_TRANSPORT_SECONDS;
        transport.seconds = static_cast<double>(frame - start_) / rate_hz;
        transport.bpm = bpm_;
        transport.beat = beat(frame, rate_hz);
        transport.playing = playing_ ? 1 : 0;
        return transport;
    }

  private:
    [[nodiscard]] double beat(std::uint64_t frame, double rate_hz) const {
        const auto frames = static_cast<double>(frame - frame_);
        return playing_ ? beat_ + frames / rate_hz * bpm_ / 60 : beat_;
    }
    double bpm_ = 0;
    bool playing_ = true;
    std::uint64_t start_ = 0;
    double beat_ = 0; ///< at frame_
    std::uint64_t frame_ = 0;
};

} // namespace jig::detail
