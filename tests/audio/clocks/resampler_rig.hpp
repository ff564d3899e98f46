// tests/audio/clocks/resampler_rig.hpp: a duplex loop of two clocks around a CaptureResampler, in
// virtual time.
#pragma once

#include "audio/clocks/capture_resampler.hpp"
#include "tests/audio/clocks/simulated_clock.hpp"
#include "tests/audio/clocks/tone.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

namespace jig::audio::test {

/// Captures a tone on channel 0 and a click a second on channel 1; listens to what is pulled.
class ResamplerRig {
  public:
    struct Setup {
        SimulatedClock capture{};
        SimulatedClock playback{};
        std::uint32_t capture_period = 128;
        std::uint32_t playback_period = 128;
        double late_us = 100;    ///< each wake-up, up to
        double hold_back_us = 0; ///< captured periods reach the loop later by up to this
        double tone_hz = 1000;
        double settling_seconds = 20;
    };

    explicit ResamplerRig(const Setup& setup)
        : setup_(setup), lateness_(setup.late_us), hold_back_(setup.hold_back_us, 2),
          captured_(2, std::vector<float>(setup.capture_period)),
          pulled_(2, std::vector<float>(setup.playback_period)) {
        resampler_.configure({.rate_hz = setup.playback.rate_hz,
                              .channels = 2,
                              .period_frames = setup.playback_period,
                              .push_frames = setup.capture_period,
                              .ring_frames = 4 * setup.capture_period});
        setup_.capture.start_ns += 1'234'567; // no edge of one clock is one of the other
        await_capture();
    }

    void run(double seconds) {
        const auto end = static_cast<std::uint64_t>((seconds_ += seconds) * rate_hz());
        while (pulled_frames_ < end) {
            cycle();
        }
    }

    /// One cycle of playback's; the thread is late by that much more.
    void cycle(std::int64_t stall_ns = 0) {
        const std::int64_t now =
            setup_.playback.time_of(static_cast<double>(pulled_frames_)) + lateness_.next();
        while (next_capture_ns_ <= now + stall_ns) {
            capture();
        }
        const std::array<float*, 2> out{pulled_[0].data(), pulled_[1].data()};
        resampler_.pull(out.data(), setup_.playback_period, now);
        listen();
        pulled_frames_ += setup_.playback_period;
    }

    [[nodiscard]] CaptureResampler& resampler() { return resampler_; }
    [[nodiscard]] std::span<const float> pulled(std::size_t channel) const {
        return pulled_[channel];
    }

    /// The worst of all windows of a third of a second since it settled.
    [[nodiscard]] double worst_thd_n_db() const { return worst_thd_n_db_; }
    /// Of the tone in the last window; captured is 0.5.
    [[nodiscard]] double amplitude() const { return amplitude_; }
    /// Of clicks since it settled: measured latency, less what is promised, in frames.
    [[nodiscard]] double least_error() const { return least_error_; }
    [[nodiscard]] double most_error() const { return most_error_; }
    [[nodiscard]] int clicks() const { return clicks_; }

  private:
    static constexpr std::size_t kWindow = 16384;
    static constexpr double kBetweenWindows = 10; ///< seconds

    [[nodiscard]] double rate_hz() const { return setup_.playback.rate_hz; }

    void capture() {
        const auto second = static_cast<std::uint64_t>(rate_hz());
        for (std::uint32_t i = 0; i < setup_.capture_period; ++i) {
            const std::uint64_t frame = captured_frames_ + i;
            const double cycles = static_cast<double>(frame) * setup_.tone_hz / rate_hz();
            captured_[0][i] = static_cast<float>(
                0.5 * std::sin(2 * std::numbers::pi * (cycles - std::floor(cycles))));
            captured_[1][i] = frame % second == second / 2 ? 1.0F : 0.0F;
        }
        captured_frames_ += setup_.capture_period;
        const std::array<const float*, 2> in{captured_[0].data(), captured_[1].data()};
        resampler_.push(in.data(), setup_.capture_period, observed_ns_);
        await_capture();
    }

    void await_capture() {
        observed_ns_ =
            setup_.capture.time_of(static_cast<double>(captured_frames_ + setup_.capture_period)) +
            lateness_.next();
        next_capture_ns_ = std::max(next_capture_ns_, observed_ns_ + hold_back_.next());
    }

    void listen() {
        for (std::uint32_t i = 0; i < setup_.playback_period; ++i) {
            const double sample = pulled_[1][i];
            click_weight_ += sample;
            click_moment_ += sample * static_cast<double>(pulled_frames_ + i);
            if (sample == 0 && click_weight_ > 0.5) {
                measure_click();
                click_weight_ = click_moment_ = 0;
            }
        }
        const double seconds = static_cast<double>(pulled_frames_) / rate_hz();
        if (seconds < next_window_seconds_) {
            return;
        }
        window_.insert(window_.end(), pulled_[0].begin(), pulled_[0].end());
        if (window_.size() >= kWindow) {
            measure_tone();
            window_.clear();
            next_window_seconds_ = seconds + kBetweenWindows;
        }
    }

    /// On one clock, a frame that is captured comes out a period later on the callback's timeline.
    void measure_click() {
        const auto parted = static_cast<double>(setup_.capture.start_ns - setup_.playback.start_ns);
        const double at = click_moment_ / click_weight_;
        const double promised = setup_.playback_period + resampler_.added_frames();
        const double frame =
            setup_.capture.frames_at(setup_.playback.ns_of(at - promised) - parted);
        const double click =
            std::round((frame - rate_hz() / 2) / rate_hz()) * rate_hz() + rate_hz() / 2;
        const double error =
            at - setup_.playback.frames_at(setup_.capture.ns_of(click) + parted) - promised;
        if (at > setup_.settling_seconds * rate_hz()) {
            ++clicks_;
            least_error_ = std::min(least_error_, error);
            most_error_ = std::max(most_error_, error);
        }
    }

    void measure_tone() {
        const std::span<const float> window(window_.data(), kWindow);
        const double ratio = setup_.capture.true_rate_hz() / setup_.playback.true_rate_hz();
        const Tone tone = fit_tone(window, setup_.tone_hz * ratio / rate_hz());
        amplitude_ = tone.amplitude;
        worst_thd_n_db_ = std::max(worst_thd_n_db_, tone.thd_n_db);
    }

    Setup setup_;
    CaptureResampler resampler_;
    Lateness lateness_;
    Lateness hold_back_;
    double seconds_ = 0;
    std::vector<std::vector<float>> captured_;
    std::vector<std::vector<float>> pulled_;
    std::uint64_t captured_frames_ = 0;
    std::uint64_t pulled_frames_ = 0;
    std::int64_t observed_ns_ = 0;
    std::int64_t next_capture_ns_ = 0;
    std::vector<float> window_;
    double next_window_seconds_ = setup_.settling_seconds;
    double worst_thd_n_db_ = -300;
    double amplitude_ = 0;
    double click_weight_ = 0;
    double click_moment_ = 0;
    double least_error_ = 1e9;
    double most_error_ = -1e9;
    int clicks_ = 0;
};

} // namespace jig::audio::test
