#include "analysis/log_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace jig::analysis {

std::size_t LogHistogram::bucket_of(std::uint64_t value) {
    value = std::min(value, (std::uint64_t{1} << kBits) - 1);
    // Shifted so that it lies in 64 … 127: the shift is the octave, the rest the place in it.
    const auto width = static_cast<std::size_t>(std::bit_width(value));
    const std::size_t shift = std::max<std::size_t>(7, width) - 7;
    return shift * kPerOctave + (value >> shift);
}

std::uint64_t LogHistogram::largest_of(std::size_t bucket) {
    const std::size_t shift = bucket < 2 * kPerOctave ? 0 : bucket / kPerOctave - 1;
    return ((bucket - shift * kPerOctave + 1) << shift) - 1;
}

void LogHistogram::add(std::uint64_t value) {
    ++counts_[bucket_of(value)];
    ++count_;
}

void LogHistogram::subtract(const LogHistogram& part) {
    for (std::size_t b = 0; b < kBuckets; ++b) {
        counts_[b] -= part.counts_[b];
    }
    count_ -= part.count_;
}

std::uint64_t LogHistogram::quantile(double share) const {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t passed = 0;
    for (std::size_t b = 0; b < kBuckets && count_ > 0; ++b) {
        passed += counts_[b];
        if (passed > 0 && passed >= wanted) {
            return largest_of(b);
        }
    }
    return 0;
}

} // namespace jig::analysis
