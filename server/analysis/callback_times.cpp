#include "analysis/callback_times.hpp"

#include <algorithm>

namespace jig::analysis {

namespace {

constexpr double kPpm = 1e6;

/// The bucket's edge may lie beyond the largest that there was.
float no_more_than(double value, double most) {
    return static_cast<float>(std::min(value, most));
}

} // namespace

void CallbackTimes::Counts::add(std::int64_t busy, double share) {
    busy_ns.add(static_cast<std::uint64_t>(busy));
    share_ppm.add(static_cast<std::uint64_t>(share * kPpm));
    longest_ns = std::max(longest_ns, busy);
    largest_share = std::max(largest_share, share);
}

TimeSpread CallbackTimes::Counts::spread() const {
    const double longest_us = static_cast<double>(longest_ns) * 1e-3;
    const auto us = [&](double share) {
        return no_more_than(static_cast<double>(busy_ns.quantile(share)) * 1e-3, longest_us);
    };
    const auto of_period = [&](double share) {
        return no_more_than(static_cast<double>(share_ppm.quantile(share)) / kPpm, largest_share);
    };
    return {{us(0.5), us(0.99), us(0.999), static_cast<float>(longest_us)},
            {of_period(0.5), of_period(0.99), of_period(0.999), static_cast<float>(largest_share)}};
}

/// Empties the slots of the seconds that come after the newest, up to `second`.
void CallbackTimes::turn_to(std::int64_t second) {
    constexpr auto kAll = static_cast<std::int64_t>(kSlots);
    // After a long pause, or where these times are of another clock, nothing is recent.
    const std::int64_t steps = second < second_ ? kAll : std::min(second - second_, kAll);
    for (std::int64_t step = 0; step < steps; ++step) {
        Counts& slot = slots_[static_cast<std::size_t>(second - step + kAll) % kSlots];
        recent_.busy_ns.subtract(slot.busy_ns);
        recent_.share_ppm.subtract(slot.share_ppm);
        slot = {};
    }
    recent_.longest_ns = 0;
    recent_.largest_share = 0;
    for (const Counts& slot : slots_) {
        recent_.longest_ns = std::max(recent_.longest_ns, slot.longest_ns);
        recent_.largest_share = std::max(recent_.largest_share, slot.largest_share);
    }
    second_ = second;
}

void CallbackTimes::add(std::int64_t begin_ns, std::int64_t busy_ns, std::int64_t period_ns) {
    const std::int64_t second = begin_ns / kSlotNs;
    if (second != second_) {
        turn_to(second);
    }
    const double share = static_cast<double>(busy_ns) / static_cast<double>(period_ns);
    total_.add(busy_ns, share);
    recent_.add(busy_ns, share);
    slots_[static_cast<std::size_t>(second) % kSlots].add(busy_ns, share);
}

} // namespace jig::analysis
