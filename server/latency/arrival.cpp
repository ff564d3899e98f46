#include "latency/arrival.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace jig::latency {

namespace {

constexpr double kSilenceRms = 1e-5; ///< −100 dBFS
/// The largest of 2^18 samples of noise lies 14 dB above their root mean square.
constexpr double kThereDb = 17;
constexpr double kSureDb = 26;
/// Around the arrival: what the converters' filters make of an impulse.
constexpr std::size_t kSkirt = 64;

double db(double ratio) {
    return 20 * std::log10(std::max(ratio, 1e-12));
}

std::size_t place_of_peak(std::span<const float> response) {
    const auto largest = std::max_element(response.begin(), response.end(), [](float a, float b) {
        return std::abs(a) < std::abs(b);
    });
    return static_cast<std::size_t>(largest - response.begin());
}

/// The response between its samples: a sinc, windowed by a cosine.
double between(std::span<const float> response, std::size_t peak, double offset) {
    constexpr int kReach = 24;
    const auto length = static_cast<std::ptrdiff_t>(response.size());
    double sum = 0;
    for (int k = -kReach; k <= kReach; ++k) {
        const double x = offset - k;
        const double sinc =
            std::abs(x) < 1e-9 ? 1.0 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
        const double window = std::cos(std::numbers::pi * x / (2.0 * (kReach + 1)));
        const auto at = (static_cast<std::ptrdiff_t>(peak) + k + length) % length;
        sum += response[static_cast<std::size_t>(at)] * sinc * window;
    }
    return std::abs(sum);
}

/// Where the response is largest, from its largest sample on: a search by the golden section.
double refine(std::span<const float> response, std::size_t peak) {
    constexpr double kGolden = 0.6180339887498949;
    double low = -1;
    double high = 1;
    for (int i = 0; i < 40; ++i) {
        const double a = high - kGolden * (high - low);
        const double b = low + kGolden * (high - low);
        if (between(response, peak, a) < between(response, peak, b)) {
            low = a;
        } else {
            high = b;
        }
    }
    const double offset = (low + high) / 2;
    // A digital path is whole.
    return std::abs(offset) < 1e-3 ? 0 : offset;
}

double rms_outside(std::span<const float> response, std::size_t peak) {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t i = 0; i < response.size(); ++i) {
        const std::size_t distance = i > peak ? i - peak : peak - i;
        if (std::min(distance, response.size() - distance) > kSkirt) {
            sum += static_cast<double>(response[i]) * response[i];
            ++count;
        }
    }
    return std::sqrt(sum / static_cast<double>(std::max<std::size_t>(count, 1)));
}

bool each_period_agrees(const Sequence& sequence, std::span<const float> heard, std::size_t peak) {
    const std::size_t length = sequence.length();
    for (std::size_t at = 0; at + length <= heard.size(); at += length) {
        const auto place = place_of_peak(sequence.response(heard.subspan(at, length)));
        const std::size_t distance = place > peak ? place - peak : peak - place;
        if (std::min(distance, length - distance) > 1) {
            return false;
        }
    }
    return true;
}

} // namespace

Arrival find_arrival(const Sequence& sequence, std::span<const float> heard, double level) {
    const std::size_t length = sequence.length();
    const std::size_t periods = heard.size() / length;
    std::vector<float> sum(length);
    double power = 0;
    Arrival arrival;
    for (std::size_t i = 0; i < periods * length; ++i) {
        sum[i % length] += heard[i];
        power += static_cast<double>(heard[i]) * heard[i];
        arrival.peak = std::max(arrival.peak, std::abs(static_cast<double>(heard[i])));
    }
    if (std::sqrt(power / static_cast<double>(std::max<std::size_t>(1, heard.size()))) <
        kSilenceRms) {
        return arrival;
    }
    const auto response = sequence.response(sum);
    const std::size_t peak = place_of_peak(response);
    const double offset = refine(response, peak);
    const double largest = between(response, peak, offset);
    arrival.inverted = response[peak] < 0;
    arrival.gain_db = db(largest / (static_cast<double>(periods) * level));
    arrival.confidence_db = db(largest / std::max(rms_outside(response, peak), 1e-12));
    if (arrival.confidence_db < kThereDb) {
        arrival.verdict = Verdict::foreign;
        return arrival;
    }
    const bool sure = arrival.confidence_db >= kSureDb && each_period_agrees(sequence, heard, peak);
    arrival.verdict = sure ? Verdict::found : Verdict::too_quiet;
    arrival.frames = static_cast<double>(peak) + offset;
    return arrival;
}

} // namespace jig::latency
