// jig/latency/arrival.hpp: when the sequence arrived, how loud, and whether it was it at all.
#pragma once

#include "latency/sequence.hpp"

#include <cstddef>
#include <span>

namespace jig::latency {

enum class Verdict {
    found,
    silent,   ///< the input is digital silence, or as good as
    foreign,  ///< there is sound, but not the sequence
    too_quiet ///< the sequence is there, too deep in the noise to be sure of its place
};

struct Arrival {
    Verdict verdict = Verdict::silent;
    double frames = 0;        ///< a fraction where the path is analogue
    double gain_db = 0;       ///< of the path
    double confidence_db = 0; ///< of the arrival above the root mean square of everything else
    bool inverted = false;
    double peak = 0; ///< of the input; 1 and more clips
};

/// Looks for the sequence, which was played at `level` (1 is full scale), in whole periods of what
/// was heard. Sums the periods, and asks that each of them alone says the same.
[[nodiscard]] Arrival find_arrival(const Sequence& sequence, std::span<const float> heard,
                                   double level);

} // namespace jig::latency
