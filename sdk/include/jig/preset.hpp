// jig/preset.hpp: values under a name that come with the plugin.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/attributes.hpp>
#include <jig/plugin.hpp>

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace jig {

/// Preset tape{this, "Tape", {{"drive", 12}, {"bits", 10}}, Doc("Warm and a little noisy.")};
///
/// Plain values by parameter id. What is not listed takes its default.
class Preset {
  public:
    constexpr Preset(Plugin* owner, const char* name,
                     std::initializer_list<jig_preset_value> values, Doc doc = Doc(""))
        : name_(name), doc_(doc.text), values_(values) {
        owner->presets_.push_back(this);
    }
    Preset(const Preset&) = delete;
    Preset& operator=(const Preset&) = delete;

  private:
    friend struct detail::Access;

    [[nodiscard]] constexpr jig_preset descriptor() const {
        return {name_, doc_, values_.data(), static_cast<std::uint32_t>(values_.size()), 0};
    }

    const char* name_;
    const char* doc_;
    std::vector<jig_preset_value> values_;
};

} // namespace jig
