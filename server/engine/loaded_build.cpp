#include "engine/loaded_build.hpp"

#include "engine/memory.hpp"

#include <algorithm>

namespace jig::engine {

namespace {

template <typename T>
void keep(std::vector<T>& items) {
    make_resident(items.data(), items.size() * sizeof(T));
}

} // namespace

Result<std::unique_ptr<LoadedBuild>> LoadedBuild::load(const link::Load& request,
                                                       link::Stage& stage) {
    stage = link::Stage::open;
    auto library = plugin::Library::open(request.path);
    if (!library) {
        return Error{library.error()};
    }
    stage = link::Stage::abi;
    auto chosen = library->select(request.plugin_id);
    if (!chosen) {
        return Error{chosen.error()};
    }
    auto channels = plugin::choose_channels(**chosen);
    if (!channels) {
        return Error{request.shown_path + ": " + channels.error()};
    }
    std::unique_ptr<LoadedBuild> build(new LoadedBuild);
    build->shown_path_ = request.shown_path;
    build->info_ = plugin::describe(**chosen, library->entry());
    build->channels_ = std::move(*channels);
    build->rt_.plugin = *chosen;
    build->rt_.generation = request.generation;
    build->rt_.flags = (*chosen)->flags;
    build->library_ = std::move(*library);
    build->make_buses();
    return build;
}

Result<void> LoadedBuild::prepare(link::EngineRegion& region,
                                  const std::vector<std::uint32_t>& slots, double rate_hz,
                                  link::Stage& stage) {
    make_params(slots);
    make_taps();
    host_context_.region = &region;
    host_ = rt::make_host(host_context_, "0.1.0");

    stage = link::Stage::create;
    auto instance = plugin::Instance::create(*rt_.plugin, host_);
    if (!instance) {
        return Error{shown_path_ + ": " + instance.error()};
    }
    instance_ = std::move(*instance);
    stage = link::Stage::activate;
    auto activated = change_rate(rate_hz);
    if (!activated) {
        return activated;
    }
    events_.resize(rt::kMaxBlockEvents);
    keep(events_);
    rt_.events = events_.data();
    rt_.emitted = &emitted_;
    rt_.instance = instance_->raw();
    host_context_.build = &rt_;
    return {};
}

Result<void> LoadedBuild::change_rate(double rate_hz) {
    if (instance_->active()) {
        instance_->deactivate();
    }
    auto activated = instance_->activate({rate_hz, link::kMaxFrames, JIG_MODE_REALTIME, channels_});
    if (!activated) {
        return Error{shown_path_ + ": " + activated.error()};
    }
    refresh_latency();
    return {};
}

bool LoadedBuild::unload() {
    instance_.reset();
    return !library_ || library_->close();
}

std::vector<std::uint32_t> LoadedBuild::own_text() const {
    std::vector<std::uint32_t> params;
    for (std::uint32_t i = 0; i < info_.params.size(); ++i) {
        if (instance_->text_of(i, info_.params[i].def)) {
            params.push_back(i);
        }
    }
    return params;
}

link::Converted LoadedBuild::convert(const link::Convert& request) const {
    link::Converted result;
    if (request.param >= info_.params.size()) {
        return result;
    }
    if (request.to_text) {
        const auto text = instance_->text_of(request.param, request.value);
        result.done = text.has_value();
        result.text = text.value_or("");
    } else {
        const auto value = instance_->value_of(request.param, request.text);
        result.done = value.has_value();
        result.value = value.value_or(0);
    }
    return result;
}

std::uint32_t LoadedBuild::refresh_latency() {
    rt_.latency_frames = instance_->latency();
    return rt_.latency_frames;
}

std::uint32_t LoadedBuild::take_requests() {
    return host_context_.requests.exchange(0, std::memory_order_relaxed);
}

float* LoadedBuild::buffer(std::size_t floats) {
    auto& made = storage_.emplace_back(floats);
    keep(made);
    return made.data();
}

void LoadedBuild::make_params(const std::vector<std::uint32_t>& slots) {
    slots_ = slots;
    index_of_slot_.assign(link::kMaxSlots, -1);
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        index_of_slot_[slots_[i]] = static_cast<std::int32_t>(i);
    }
    for (const auto& param : info_.params) {
        param_flags_.push_back(param.flags);
        params_.push_back(static_cast<float>(param.def));
    }
    out_params_ = params_;
    keep(slots_);
    keep(index_of_slot_);
    keep(params_);
    keep(out_params_);
    rt_.param_count = static_cast<std::uint32_t>(info_.params.size());
    rt_.slots = slots_.data();
    rt_.index_of_slot = index_of_slot_.data();
    rt_.param_flags = param_flags_.data();
    rt_.params = params_.data();
    rt_.out_params = out_params_.data();
}

void LoadedBuild::make_taps() {
    for (const auto& tap : info_.taps) {
        tap_kinds_.push_back(tap.kind);
        tap_buffers_.push_back(buffer(tap.kind == JIG_TAP_AUDIO ? link::kMaxFrames : 1));
    }
    taps_.resize(info_.taps.size());
    rt_.tap_count = static_cast<std::uint32_t>(info_.taps.size());
    rt_.tap_kinds = tap_kinds_.data();
    rt_.tap_buffers = tap_buffers_.data();
    rt_.taps = taps_.data();
}

void LoadedBuild::make_buses() {
    in_pointers_.resize(channels_.total_in());
    out_pointers_.resize(channels_.total_out());
    std::size_t in_bus = 0;
    std::size_t out_bus = 0;
    std::size_t in_channel = 0;
    std::size_t out_channel = 0;
    for (const auto& bus : info_.buses) {
        const bool input = bus.has(JIG_BUS_IN);
        const auto count = input ? channels_.in[in_bus++] : channels_.out[out_bus++];
        for (std::uint32_t c = 0; c < count; ++c) {
            (input ? in_ports_ : out_ports_)
                .push_back({bus.id + "_" + std::to_string(c + 1), bus.has(JIG_BUS_MAIN)});
        }
        if (input) {
            in_buses_.push_back({in_pointers_.data() + in_channel, count, 0, 0});
            in_channel += count;
        } else {
            out_buses_.push_back({out_pointers_.data() + out_channel, count, 0, 0});
            out_channel += count;
        }
    }
    for (std::size_t c = 0; c < out_pointers_.size(); ++c) {
        out_buffers_.push_back(buffer(link::kMaxFrames));
    }
    rt_.in_bus_count = static_cast<std::uint32_t>(in_buses_.size());
    rt_.out_bus_count = static_cast<std::uint32_t>(out_buses_.size());
    rt_.in_channels = channels_.total_in();
    rt_.out_channels = channels_.total_out();
    rt_.in = in_buses_.data();
    rt_.out = out_buses_.data();
    rt_.in_pointers = in_pointers_.data();
    rt_.out_pointers = out_pointers_.data();
    rt_.out_buffers = out_buffers_.data();
}

void LoadedBuild::assign_ports(const std::vector<PortName>& in, const std::vector<PortName>& out) {
    const auto find = [](const std::vector<PortName>& own, const std::vector<PortName>& device) {
        std::vector<std::uint32_t> map;
        for (const auto& port : own) {
            const auto found = std::find_if(device.begin(), device.end(),
                                            [&](const PortName& d) { return d.name == port.name; });
            map.push_back(found == device.end()
                              ? rt::kNoChannel
                              : static_cast<std::uint32_t>(found - device.begin()));
        }
        return map;
    };
    in_device_ = find(in_ports_, in);
    out_device_ = find(out_ports_, out);
    keep(in_device_);
    keep(out_device_);
    rt_.in_device = in_device_.data();
    rt_.out_device = out_device_.data();
}

} // namespace jig::engine
