// tests/audio/clocks/simulated_clock.hpp: a converter's clock and a thread that wakes late, in
// virtual time.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

namespace jig::audio::test {

/// Counts frames from `start_ns` on, so many ppm faster than nominal; that may swing.
struct SimulatedClock {
    double rate_hz = 48000;
    double ppm = 0;
    std::int64_t start_ns = 1'000'000'000'000;
    double swing_ppm = 0; ///< above and below `ppm`
    double swing_seconds = 600;

    [[nodiscard]] double true_rate_hz() const { return rate_hz * (1 + 1e-6 * ppm); }
    /// From the start to the end of so many frames.
    [[nodiscard]] double ns_of(double frame) const {
        const double seconds = frame / true_rate_hz();
        const double angle = 2 * std::numbers::pi * seconds / swing_seconds;
        return 1e9 * seconds +
               1e3 * swing_ppm * swing_seconds / (2 * std::numbers::pi) * (1 - std::cos(angle));
    }
    [[nodiscard]] std::int64_t time_of(double frame) const {
        return start_ns + std::llround(ns_of(frame));
    }
    /// Frames, with parts of one, at `ns` after the start.
    [[nodiscard]] double frames_at(double ns) const {
        double frames = ns * true_rate_hz() / 1e9;
        for (int i = 0; i < 3; ++i) { // the swing is slow: each step gains four digits
            frames += (ns - ns_of(frames)) * true_rate_hz() / 1e9;
        }
        return frames;
    }
    /// Frames complete at `time_ns`.
    [[nodiscard]] std::uint64_t count_at(std::int64_t time_ns) const {
        return static_cast<std::uint64_t>(frames_at(static_cast<double>(time_ns - start_ns)));
    }
};

/// How late a thread is, in ns: anything up to `most_us`.
class Lateness {
  public:
    explicit Lateness(double most_us, std::uint32_t seed = 1) : random_(seed), most_us_(most_us) {}

    [[nodiscard]] std::int64_t next() { return std::llround(1e3 * most_us_ * uniform()); }

    /// 0 … 1
    [[nodiscard]] double uniform() {
        return static_cast<double>(random_()) / static_cast<double>(std::mt19937::max());
    }

  private:
    std::mt19937 random_;
    double most_us_;
};

} // namespace jig::audio::test
