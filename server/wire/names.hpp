// jig/wire/names.hpp: what the protocol's enumerations are called in JSON, in their order.
#pragma once

#include "wire/replies.hpp"
#include "wire/requests.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace jig::wire {

using namespace std::string_view_literals;

template <typename Enum>
inline constexpr std::array<std::string_view, 0> kNames{};

template <>
inline constexpr std::array kNames<EngineStatus>{"starting"sv, "running"sv, "restarting"sv,
                                                 "silent"sv};
template <>
inline constexpr std::array kNames<Direction>{"in"sv, "out"sv};
template <>
inline constexpr std::array kNames<TapKind>{"value"sv, "audio"sv};
template <>
inline constexpr std::array kNames<View>{"auto"sv, "scope"sv, "meter"sv, "reduction"sv, "number"sv};
template <>
inline constexpr std::array kNames<Curve>{"lin"sv, "log"sv, "skew"sv, "db"sv};
template <>
inline constexpr std::array kNames<Device>{"jack"sv, "alsa"sv, "virtual"sv};
template <>
inline constexpr std::array kNames<DeviceClock>{"one"sv, "card"sv};
template <>
inline constexpr std::array kNames<AudioState>{"running"sv, "lost"sv};
template <>
inline constexpr std::array kNames<InputKind>{"device"sv, "off"sv,   "file"sv,
                                              "sine"sv,   "noise"sv, "impulse"sv};
template <>
inline constexpr std::array kNames<TransportSource>{"internal"sv, "jack"sv};
template <>
inline constexpr std::array kNames<RejectStage>{"image"sv,  "open"sv,     "abi"sv,
                                                "create"sv, "activate"sv, "load"sv};
template <>
inline constexpr std::array kNames<XrunCause>{"plugin"sv, "scheduler"sv, "driver"sv};
template <>
inline constexpr std::array kNames<GuardKind>{"nan"sv, "trip"sv, "unwritten"sv};
template <>
inline constexpr std::array kNames<LogSource>{"stdout"sv, "stderr"sv, "plugin"sv, "host"sv};
template <>
inline constexpr std::array kNames<LostKind>{"meterFrames"sv, "log"sv, "events"sv, "record"sv};
template <>
inline constexpr std::array kNames<Level>{"info"sv, "warn"sv, "error"sv};
template <>
inline constexpr std::array kNames<ReloadState>{"watching"sv, "building"sv, "probing"sv,
                                                "loading"sv, "swapping"sv};
template <>
inline constexpr std::array kNames<BuildStatus>{"off"sv, "idle"sv, "running"sv, "failed"sv,
                                                "succeeded"sv};
template <>
inline constexpr std::array kNames<Severity>{"note"sv, "warning"sv, "error"sv};
template <>
inline constexpr std::array kNames<Stream>{"meters"sv, "load"sv, "taps"sv};
template <>
inline constexpr std::array kNames<Format>{"bin"sv, "json"sv};

/// In the order of EventData.
inline constexpr std::array kEventKinds{"plugin.reloaded"sv,
                                        "plugin.rejected"sv,
                                        "plugin.retired"sv,
                                        "engine.crashed"sv,
                                        "engine.restarted"sv,
                                        "audio.status"sv,
                                        "audio.xrun"sv,
                                        "audio.guard"sv,
                                        "log"sv,
                                        "lost"sv,
                                        "build.ended"sv};
static_assert(kEventKinds.size() == std::variant_size_v<EventData>);

/// A value that the enumeration does not have is a bug of ours and reads "?".
template <typename Enum>
[[nodiscard]] constexpr std::string_view name_of(Enum value) {
    static_assert(!kNames<Enum>.empty());
    const auto index = static_cast<std::size_t>(value);
    return index < kNames<Enum>.size() ? kNames<Enum>[index] : "?";
}

template <typename Enum>
[[nodiscard]] constexpr std::optional<Enum> value_of(std::string_view name) {
    static_assert(!kNames<Enum>.empty());
    for (std::size_t i = 0; i < kNames<Enum>.size(); ++i) {
        if (kNames<Enum>[i] == name) {
            return static_cast<Enum>(i);
        }
    }
    return std::nullopt;
}

} // namespace jig::wire
