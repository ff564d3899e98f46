// jig/plugin.hpp: what every plugin class inherits: the list of its parts, and what the host said.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/attributes.hpp>
#include <jig/block.hpp>
#include <jig/note.hpp>
#include <jig/plugin.h>

#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace jig {

class Bus;
class EventOut;
class Input;
class Output;
class Param;
class Preset;
class Tap;
class VoiceBank;

namespace detail {
struct Access;
} // namespace detail

/// Not used directly: derive from Effect or Instrument. The constructor of a derived class declares
/// parts and does nothing costly (one object is made only to be described); buffers are made in
/// activate().
class Plugin {
  public:
    Plugin(const Plugin&) = delete;
    Plugin& operator=(const Plugin&) = delete;

    /// Since activate.
    [[nodiscard]] double rate_hz() const { return rate_hz_; }
    [[nodiscard]] std::uint32_t max_frames() const { return max_frames_; }
    [[nodiscard]] bool offline() const { return mode_ == JIG_MODE_OFFLINE; }
    /// Since activate: channels of the main input (0: none) and output.
    [[nodiscard]] std::uint32_t in_channels() const { return in_channels_; }
    [[nodiscard]] std::uint32_t out_channels() const { return out_channels_; }

    /// The host's table; nullptr in the constructor.
    [[nodiscard]] const jig_host* host() const { return host_; }

    /// Any thread, never blocks; JIG_LOG makes the site.
    template <typename... Args>
    void log_at(const jig_log_site& site, Args... args) const {
        static_assert(sizeof...(Args) <= JIG_LOG_MAX_ARGS, "a log line takes at most six values");
        if (host_ != nullptr) {
            const std::uint64_t words[sizeof...(Args) + 1] = {word(args)..., 0};
            host_->log(host_->ctx, &site, words, static_cast<std::uint32_t>(sizeof...(Args)));
        }
    }

  protected:
    constexpr Plugin() = default;
    constexpr ~Plugin() = default;

    // A plugin's body names these without jig::.
    using Block = jig::Block;
    using Bus = jig::Bus;
    using EventOut = jig::EventOut;
    using Input = jig::Input;
    using Note = jig::Note;
    using Output = jig::Output;
    using Param = jig::Param;
    using Tap = jig::Tap;
    using ChannelRange = jig::ChannelRange;
    using dB = jig::dB;
    using Doc = jig::Doc;
    using Enum = jig::Enum;
    using Formerly = jig::Formerly;
    using Group = jig::Group;
    using Hz = jig::Hz;
    using Int = jig::Int;
    using Limits = jig::Limits;
    using Linear = jig::Linear;
    using Log = jig::Log;
    using Main = jig::Main;
    using MatchMainIn = jig::MatchMainIn;
    using MidiCc = jig::MidiCc;
    using OnChange = jig::OnChange;
    using Optional = jig::Optional;
    using ParamFlags = jig::ParamFlags;
    using PerBlock = jig::PerBlock;
    using Preset = jig::Preset;
    using Skew = jig::Skew;
    using Text = jig::Text;
    using Toggle = jig::Toggle;
    using Trigger = jig::Trigger;
    using Unit = jig::Unit;
    using View = jig::View;

  private:
    friend class jig::Bus;
    friend class jig::EventOut;
    friend class jig::Param;
    friend class jig::Preset;
    friend class jig::Tap;
    friend class jig::VoiceBank;
    friend struct detail::Access;

    template <typename T>
    static std::uint64_t word(T value) {
        static_assert(std::is_arithmetic_v<T>, "a log line takes numbers only");
        if constexpr (std::is_floating_point_v<T>) {
            return std::bit_cast<std::uint64_t>(static_cast<double>(value));
        } else {
            return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
        }
    }

    std::vector<Param*> params_;
    std::vector<Tap*> taps_;
    std::vector<Bus*> buses_;
    std::vector<Preset*> presets_;
    std::vector<VoiceBank*> voice_banks_;
    bool sends_events_ = false;
    const jig_host* host_ = nullptr;
    double rate_hz_ = 0;
    std::uint32_t max_frames_ = 0;
    jig_mode mode_ = JIG_MODE_REALTIME;
    std::uint32_t in_channels_ = 0;
    std::uint32_t out_channels_ = 0;
    bool fresh_ = true; ///< no block since activate or reset
};

/// Input to output: by default a main input of 1 to 32 channels and a main output with as many.
class Effect : public Plugin {
  protected:
    constexpr Effect() = default;
    constexpr ~Effect() = default;
};

/// Notes to sound: by default a main output of 1 to 32 channels, two unless told otherwise.
class Instrument : public Plugin {
  protected:
    constexpr Instrument() = default;
    constexpr ~Instrument() = default;
};

} // namespace jig

/// A line for the log from any thread, in a plugin's own member functions:
/// JIG_LOG(WARN, "%d voices, level %f", count, level);
#define JIG_LOG(level_, format_, ...)                                                              \
    do {                                                                                           \
        static constexpr jig_log_site jig_site{format_, __FILE__, __LINE__, JIG_LOG_##level_};     \
        this->log_at(jig_site __VA_OPT__(, ) __VA_ARGS__);                                         \
    } while (false)
