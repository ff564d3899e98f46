#include "plugin/instance.hpp"

#include "plugin/check.hpp"
#include "plugin/info.hpp"
#include "plugin/library.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

namespace jig::plugin {

namespace {

std::string status_text(jig_status status) {
    switch (status) {
    case JIG_ERROR_NOMEM:
        return "out of memory";
    case JIG_ERROR_ARG:
        return "bad argument";
    case JIG_ERROR_UNSUPPORTED:
        return "not supported";
    case JIG_ERROR_BADSTATE:
        return "wrong state";
    case JIG_ERROR_EXCEPTION:
        return "an exception in its code";
    default:
        return "status " + std::to_string(status);
    }
}

std::string named(const jig_plugin& plugin) {
    return "plugin \"" + std::string(plugin.id) + "\"";
}

std::uint32_t total(const std::vector<std::uint32_t>& counts) {
    return std::accumulate(counts.begin(), counts.end(), 0U);
}

/// Channels of the main input, or 0 if there is none.
std::uint32_t main_input_channels(const jig_plugin& plugin, std::uint32_t wanted) {
    for (std::uint32_t i = 0; i < plugin.buses.count; ++i) {
        const auto& bus = element<jig_bus>(plugin.buses, i);
        if ((bus.flags & JIG_BUS_IN) != 0 && (bus.flags & JIG_BUS_MAIN) != 0) {
            return wanted == 0 ? bus.def_channels
                               : std::clamp(wanted, bus.min_channels, bus.max_channels);
        }
    }
    return 0;
}

} // namespace

std::uint32_t Channels::total_in() const {
    return total(in);
}
std::uint32_t Channels::total_out() const {
    return total(out);
}

Result<Channels> choose_channels(const jig_plugin& plugin, std::uint32_t main_in) {
    Channels channels;
    const auto main_count = main_input_channels(plugin, main_in);
    for (std::uint32_t i = 0; i < plugin.buses.count; ++i) {
        const auto& bus = element<jig_bus>(plugin.buses, i);
        const bool in = (bus.flags & JIG_BUS_IN) != 0;
        const bool follows =
            (bus.flags & JIG_BUS_MATCH_MAIN_IN) != 0 || (in && (bus.flags & JIG_BUS_MAIN) != 0);
        const auto count = follows ? main_count : bus.def_channels;
        if (count < bus.min_channels || count > bus.max_channels) {
            return Error{named(plugin) + " cannot have " + std::to_string(count) +
                         " channels on its bus \"" + bus.id +
                         "\", which follows the main input; "
                         "ask for " +
                         std::to_string(bus.min_channels) + " to " +
                         std::to_string(bus.max_channels)};
        }
        (in ? channels.in : channels.out).push_back(count);
    }
    if (channels.total_in() > kMaxChannels || channels.total_out() > kMaxChannels) {
        return Error{named(plugin) + " would have " + std::to_string(channels.total_in()) +
                     " input and " + std::to_string(channels.total_out()) +
                     " output channels; ask for " + std::to_string(kMaxChannels) +
                     " at most in each direction"};
    }
    return channels;
}

Result<Instance> Instance::create(const jig_plugin& plugin, const jig_host& host) {
    std::array<char, 512> words{};
    jig_instance* raw = plugin.create(&plugin, &host, words.data(), words.size());
    words.back() = '\0';
    if (raw == nullptr) {
        const std::string why = words.front() == '\0' ? "it does not say why" : words.data();
        return Error{named(plugin) + " failed in create: " + why + "; see its log and its code"};
    }
    return Instance(plugin, raw);
}

Instance::Instance(Instance&& other) noexcept
    : plugin_(other.plugin_), raw_(std::exchange(other.raw_, nullptr)),
      active_(std::exchange(other.active_, false)), setup_(std::move(other.setup_)) {}

Instance& Instance::operator=(Instance&& other) noexcept {
    if (this != &other) {
        destroy();
        plugin_ = other.plugin_;
        raw_ = std::exchange(other.raw_, nullptr);
        active_ = std::exchange(other.active_, false);
        setup_ = std::move(other.setup_);
    }
    return *this;
}

Instance::~Instance() {
    destroy();
}

void Instance::destroy() {
    if (raw_ == nullptr) {
        return;
    }
    if (active_) {
        deactivate();
    }
    plugin_->destroy(std::exchange(raw_, nullptr));
}

Result<void> Instance::activate(const Setup& setup) {
    assert(raw_ != nullptr && !active_);
    setup_ = setup;
    const jig_config config{
        .struct_size = sizeof(jig_config),
        .max_frames = setup_.max_frames,
        .rate_hz = setup_.rate_hz,
        .mode = setup_.mode,
        .in_bus_count = static_cast<std::uint32_t>(setup_.channels.in.size()),
        .out_bus_count = static_cast<std::uint32_t>(setup_.channels.out.size()),
        .reserved = 0,
        .in_channels = setup_.channels.in.data(),
        .out_channels = setup_.channels.out.data(),
    };
    const jig_status status = plugin_->activate(raw_, &config);
    if (status < 0) {
        return Error{named(*plugin_) + " failed in activate (" + status_text(status) + ") at " +
                     std::to_string(static_cast<long>(setup_.rate_hz)) + " Hz, up to " +
                     std::to_string(setup_.max_frames) + " frames, " +
                     std::to_string(setup_.channels.total_in()) + " in, " +
                     std::to_string(setup_.channels.total_out()) +
                     " out; see its log and its code"};
    }
    active_ = true;
    return {};
}

void Instance::deactivate() {
    assert(raw_ != nullptr && active_);
    active_ = false;
    plugin_->deactivate(raw_);
}

std::uint32_t Instance::latency() const {
    assert(active_);
    return plugin_->latency == nullptr ? 0 : plugin_->latency(raw_);
}

std::uint32_t Instance::tail() const {
    assert(active_);
    return plugin_->tail == nullptr ? 0 : plugin_->tail(raw_);
}

std::optional<std::string> Instance::text_of(std::uint32_t param, double value) const {
    if (plugin_->param_to_text == nullptr) {
        return std::nullopt;
    }
    std::array<char, 256> text{};
    if (plugin_->param_to_text(raw_, param, value, text.data(), text.size()) < 0) {
        return std::nullopt;
    }
    text.back() = '\0';
    std::string shown(text.data());
    return is_clean(shown) ? std::optional(std::move(shown)) : std::nullopt;
}

std::optional<double> Instance::value_of(std::uint32_t param, const std::string& text) const {
    double value = 0;
    if (plugin_->param_from_text == nullptr ||
        plugin_->param_from_text(raw_, param, text.c_str(), &value) < 0 || !std::isfinite(value)) {
        return std::nullopt;
    }
    return value;
}

} // namespace jig::plugin
