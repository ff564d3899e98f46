#include "latency/measure.hpp"

#include "engine/core.hpp"
#include "engine/memory.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <thread>
#include <vector>

namespace jig::latency {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kChannels = 2;
constexpr std::size_t kPeriods = 2; ///< that are heard, after one that only sets the path going
constexpr std::uint32_t kMostRestarts = 5;
constexpr double kFadeSeconds = 0.05;

/// The callback: everything it touches is there before it runs.
class Player {
  public:
    Player(std::vector<float> sequence, double rate_hz, float level)
        : sequence_(std::move(sequence)), level_(level),
          fade_(static_cast<float>(1 / (kFadeSeconds * rate_hz))) {
        for (auto& channel : heard_) {
            channel.assign(kPeriods * sequence_.size(), 0.0F);
        }
    }

    static void callback(void* self, const rt::Cycle& cycle) noexcept {
        static_cast<Player*>(self)->run(cycle);
    }

    [[nodiscard]] bool done() const {
        return done_.load(std::memory_order_acquire);
    } // partner: run
    [[nodiscard]] std::uint32_t restarts() const {
        return restarts_.load(std::memory_order_relaxed);
    }
    /// Once it is done.
    [[nodiscard]] const std::vector<float>& heard(std::size_t channel) const {
        return heard_[channel];
    }

  private:
    void run(const rt::Cycle& cycle) noexcept {
        const bool gap = (cycle.flags & rt::kCycleDiscontinuity) != 0 || cycle.lost_frames != 0;
        if (gap && position_ > 0 && !done()) {
            position_ = 0;
            restarts_.fetch_add(1, std::memory_order_relaxed);
        }
        const std::size_t begin = sequence_.size();
        const std::size_t end = begin + heard_[0].size();
        for (std::uint32_t i = 0; i < cycle.frames; ++i, ++position_) {
            gain_ = std::clamp(gain_ + (position_ < end ? fade_ : -fade_), 0.0F, 1.0F);
            const float sample = gain_ * level_ * sequence_[position_ % sequence_.size()];
            for (std::uint32_t c = 0; c < cycle.out_count; ++c) {
                cycle.out[c][i] = c < kChannels ? sample : 0.0F;
            }
            for (std::uint32_t c = 0; c < std::min<std::uint32_t>(cycle.in_count, kChannels); ++c) {
                if (position_ >= begin && position_ < end) {
                    heard_[c][position_ - begin] = cycle.in[c][i];
                }
            }
        }
        if (position_ >= end && gain_ == 0.0F) {
            done_.store(true, std::memory_order_release); // partner: done()
        }
    }

    std::vector<float> sequence_;
    std::array<std::vector<float>, kChannels> heard_;
    float level_;
    float fade_; ///< a frame
    float gain_ = 0;
    std::size_t position_ = 0;
    std::atomic<std::uint32_t> restarts_{0};
    std::atomic<bool> done_{false};
};

/// What ended it, if not the player.
Result<void> wait_for(const Player& player, audio::Device& device, double seconds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    while (!player.done()) {
        for (const auto& event : device.poll_events()) {
            if (event.kind == audio::DeviceEvent::Kind::lost) {
                return Error{"The device went away during the measurement: " + event.text};
            }
        }
        if (player.restarts() > kMostRestarts) {
            return Error{"The device lost frames again and again during the measurement; choose a "
                         "longer --period, or let nothing else run."};
        }
        if (std::chrono::steady_clock::now() > deadline) {
            return Error{"The device gave too few cycles for a measurement; it may be stopped."};
        }
        std::this_thread::sleep_for(5ms);
    }
    return {};
}

} // namespace

std::int32_t Measurement::calibration_frames() const {
    return static_cast<std::int32_t>(std::lround(arrival.frames)) -
           static_cast<std::int32_t>(device.round_trip_frames);
}

Result<Measurement> measure(audio::Device& device, audio::DeviceConfig config, double level_db) {
    config.in = {{"in_1"}, {"in_2"}};
    config.out = {{"out_1"}, {"out_2"}};
    config.connect_inputs = true;
    const auto opened = device.open(config);
    if (!opened) {
        return Error{opened.error()};
    }
    if (!opened->has_input || !opened->has_output) {
        return Error{opened->name + " has no " + (opened->has_input ? "output" : "input") +
                     "; a round trip needs both: choose another --device."};
    }
    const auto sequence = Sequence::for_rate(device.info().rate_hz);
    const double level = std::pow(10.0, level_db / 20);
    Player player(sequence.samples(), device.info().rate_hz, static_cast<float>(level));
    if (const auto started = device.start(&Player::callback, &player); !started) {
        return Error{started.error()};
    }
    const double once =
        static_cast<double>((1 + kPeriods) * sequence.length()) / device.info().rate_hz;
    const auto heard = wait_for(player, device, 5 + 2 * once * (1 + kMostRestarts));
    Measurement best;
    best.device = device.info(); // while it runs: a JACK server knows its latencies then
    device.stop();
    device.close();
    if (!heard) {
        return Error{heard.error()};
    }
    best.restarts = player.restarts();
    for (std::size_t c = 0; c < kChannels; ++c) {
        const auto arrival = find_arrival(sequence, player.heard(c), level);
        if (c == 0 || arrival.confidence_db > best.arrival.confidence_db) {
            best.arrival = arrival;
            best.input = static_cast<std::uint32_t>(c + 1);
        }
    }
    return best;
}

Result<Measurement> measure(const Request& request) {
    engine::lock_process();
    const auto device = engine::make_device(request.kind);
    audio::DeviceConfig config;
    config.address = request.address;
    config.rate_hz = request.rate_hz;
    config.period_frames = request.period_frames;
    config.periods = request.periods;
    config.prefill_periods = request.prefill_periods;
    config.resample_capture = request.resample_capture;
    config.cable_frames = request.cable_frames;
    config.client_name = "jig-latency";
    return measure(*device, config, request.level_db);
}

} // namespace jig::latency
