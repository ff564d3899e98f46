// tests/audio/clocks/simulated_clock.hpp: a converter's clock and a thread that wakes late, in
// virtual time.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

namespace jig::audio::test {

/// Counts frames from `start_ns` on, so many ppm faster than nominal.
struct SimulatedClock {
    double rate_hz = 48000;
    double ppm = 0;
    std::int64_t start_ns = 1'000'000'000'000;

    [[nodiscard]] double true_rate_hz() const { return rate_hz * (1 + 1e-6 * ppm); }
    [[nodiscard]] double ns_of(double frame) const { return frame * 1e9 / true_rate_hz(); }
    [[nodiscard]] std::int64_t time_of(double frame) const {
        return start_ns + std::llround(ns_of(frame));
    }
    /// Frames complete at `time_ns`.
    [[nodiscard]] std::uint64_t count_at(std::int64_t time_ns) const {
        return static_cast<std::uint64_t>(static_cast<double>(time_ns - start_ns) * true_rate_hz() /
                                          1e9);
    }
};

/// How late a thread is, in ns: anything up to `most_us`, and sometimes a stall on top.
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
