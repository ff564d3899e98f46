// jig/note.hpp: a note that begins, ends or changes.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/plugin.h>

#include <cmath>
#include <cstdint>

namespace jig {

struct Note {
    int key = 60;            ///< 0…127, 60 = middle C; JIG_ANY in an off or choke: all
    float velocity = 0;      ///< 0…1
    int channel = 0;         ///< 0…15, or JIG_ANY
    std::int32_t voice = -1; ///< the same for on and off of one note; JIG_ANY when not known
    float detune_semitones = 0;
    float expression = 0; ///< 0…1

    /// Equal temperament, A above middle C = 440 Hz.
    [[nodiscard]] float hz() const {
        return 440.0f * std::exp2((static_cast<float>(key) - 69.0f + detune_semitones) / 12.0f);
    }

    /// Whether this off or choke means the note `on`.
    [[nodiscard]] bool means(const Note& on) const {
        const auto fits = [](int wanted, int has) { return wanted == JIG_ANY || wanted == has; };
        if (voice != JIG_ANY && on.voice != JIG_ANY) {
            return voice == on.voice;
        }
        return fits(key, on.key) && fits(channel, on.channel);
    }
};

} // namespace jig
