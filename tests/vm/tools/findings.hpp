// tests/vm/tools/findings.hpp: what became of the programme, frame by frame.
#pragma once

#include "programme.hpp"

#include <algorithm>
#include <iomanip>
#include <map>
#include <sstream>
#include <string>

namespace jig::vm {

/// Fed with every frame that comes back, in order.
class Findings {
  public:
    /// `number`: how many frames the card had captured before it, counted as it counts what it
    /// plays: both started together.
    void hear(std::uint64_t number, const Frame& frame) {
        for (unsigned c = 0; c < frame.size(); ++c) {
            peak_ = std::max(peak_, std::abs(frame[c]));
            const float step = std::abs(frame[c] - last_[c]);
            // A card that stops cuts the sound off; nobody could have faded before.
            float& largest = is_silent(frame) ? cut_ : is_silent(last_) ? onset_ : step_;
            largest = std::max(largest, step);
            not_finite_ += std::isfinite(frame[c]) ? 0 : 1;
        }
        last_ = frame;
        ++frames_;
        if (is_silent(frame)) {
            gap_ += sounded_ ? 1 : 0;
            return;
        }
        if (gap_ > 1) { // one is where a wave crosses zero
            ++gaps_;
            longest_gap_ = std::max(longest_gap_, gap_);
        }
        gap_ = 0;
        sounded_ = true;
        const auto known = code::number_of(frame);
        if (!known) {
            ++altered_;
            altered_later_ += heard_ > 0 ? 1 : 0;
            return;
        }
        count(number, *known);
    }

    /// One line of JSON.
    [[nodiscard]] std::string json(const char* end, std::uint64_t played) const {
        std::ostringstream line;
        line << std::setprecision(9) << "{\"end\": \"" << end << "\", \"played\": " << played
             << ", \"captured\": " << frames_ << ", \"heard\": " << heard_
             << ", \"round_trip_frames\": {";
        const char* comma = "";
        for (const auto& [delay, frames] : delays_) {
            line << comma << '"' << delay << "\": " << frames;
            comma = ", ";
        }
        line << "}, \"lost\": " << lost_ << ", \"repeated\": " << repeated_
             << ", \"altered\": " << altered_ << ", \"altered_later\": " << altered_later_
             << ", \"gaps\": " << gaps_ << ", \"longest_gap\": " << longest_gap_
             << ", \"silent_at_end\": " << gap_ << ", \"peak\": " << peak_
             << ", \"largest_step\": " << step_ << ", \"largest_onset\": " << onset_
             << ", \"largest_cut\": " << cut_ << ", \"not_finite\": " << not_finite_ << "}";
        return line.str();
    }

  private:
    static bool is_silent(const Frame& frame) { return frame[0] == 0 && frame[1] == 0; }

    void count(std::uint64_t number, std::uint32_t known) {
        ++delays_[(number - known) % code::kFrames];
        if (heard_ > 0) {
            // Ahead of the expected one: those between were lost; behind it: heard again.
            const std::uint32_t ahead = (known - expected_) % code::kFrames;
            (ahead < code::kFrames / 2 ? lost_ : repeated_) +=
                std::min(ahead, (code::kFrames - ahead) % code::kFrames);
        }
        expected_ = (known + 1) % code::kFrames;
        ++heard_;
    }

    std::map<std::uint64_t, std::uint64_t> delays_; // frames by round trip
    std::uint64_t frames_ = 0, heard_ = 0, lost_ = 0, repeated_ = 0;
    std::uint64_t altered_ = 0, altered_later_ = 0; // neither silence nor as played: a fade
    std::uint64_t gaps_ = 0, gap_ = 0, longest_gap_ = 0, not_finite_ = 0;
    std::uint32_t expected_ = 0;
    bool sounded_ = false;
    float peak_ = 0;
    float step_ = 0;  // between two frames of sound
    float onset_ = 0; // from silence
    float cut_ = 0;   // to silence
    Frame last_{};
};

} // namespace jig::vm
