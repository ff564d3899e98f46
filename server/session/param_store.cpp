#include "session/param_store.hpp"

#include "link/slots.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace jig::session {

namespace {

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.9g", value);
    return text;
}

double to_step(const plugin::ParamInfo& param, double value) {
    const double step = param.has(JIG_PARAM_ENUM | JIG_PARAM_TOGGLE) ? 1.0
                        : param.has(JIG_PARAM_STEPPED)               ? param.step
                                                                     : 0.0;
    if (step <= 0) {
        return value;
    }
    const double steps = std::round((value - param.min) / step);
    return std::clamp(param.min + steps * step, param.min, param.max);
}

} // namespace

ParamStore::ParamStore(const link::Regions& regions)
    : server_(regions.server()), engine_(regions.engine()),
      events_(regions.server(), regions.engine()) {}

std::optional<std::uint32_t> ParamStore::take_slot() {
    if (!free_.empty()) {
        const auto slot = free_.back();
        free_.pop_back();
        return slot;
    }
    if (slots_.size() < link::kMaxSlots) {
        slots_.emplace_back();
        return static_cast<std::uint32_t>(slots_.size() - 1);
    }
    return std::nullopt;
}

/// The slot that the parameter has, by its id or by one that it had formerly and that no other
/// parameter has now.
std::optional<std::uint32_t> ParamStore::find_slot(const plugin::PluginInfo& info,
                                                   const plugin::ParamInfo& param, Remap& remap) {
    if (const auto found = slot_of_.find({info.id, param.id}); found != slot_of_.end()) {
        return found->second;
    }
    for (const auto& former : param.formerly) {
        const auto old = slot_of_.find({info.id, former});
        const bool taken = std::any_of(info.params.begin(), info.params.end(),
                                       [&](const auto& other) { return other.id == former; });
        if (old != slot_of_.end() && !taken) {
            const auto slot = old->second;
            slot_of_.erase(old);
            remap.renamed.push_back(former + " → " + param.id);
            return slot;
        }
    }
    return std::nullopt;
}

/// Finds or makes the slot of one parameter; false when there is none left.
bool ParamStore::place(const plugin::PluginInfo& info, const plugin::ParamInfo& param,
                       Remap& remap) {
    const auto old = find_slot(info, param, remap);
    if (!old && info.id == info_.id) {
        remap.added.push_back(param.id);
    }
    Slot wanted{param.def, param.def, 0, false};
    if (old && slots_[*old].touched) {
        wanted.value = to_step(param, std::clamp(slots_[*old].value, param.min, param.max));
        wanted.touched = true;
    }
    const bool is_output = param.has(JIG_PARAM_OUTPUT | JIG_PARAM_TRIGGER);
    auto slot = old;
    if (old && (is_output || slots_[*old].value == wanted.value)) {
        slots_[*old].def = param.def;
    } else {
        const auto own = take_slot();
        slot = own ? own : old; // rather an early change than no sound
        if (!slot) {
            return false;
        }
        wanted.rev = ++revision_;
        slots_[*slot] = wanted;
        write(*slot, false);
    }
    slot_of_[{info.id, param.id}] = *slot;
    remap.slots.push_back(*slot);
    return true;
}

Result<ParamStore::Remap> ParamStore::assign(const plugin::PluginInfo& info) {
    revert();
    free_.insert(free_.end(), leaving_.begin(), leaving_.end());
    leaving_.clear();
    before_ = Before{slot_of_, slots_, free_, 0, info_, slot_by_index_, index_of_};
    Remap remap;
    for (const auto& param : info.params) {
        if (!place(info, param, remap)) {
            revert();
            return Error{"parameter \"" + param.id + "\" of " + info.id +
                         " does not fit: a session knows " + std::to_string(link::kMaxSlots) +
                         " parameters; restart the server to forget the old ones"};
        }
    }
    const auto old = std::exchange(info_, info);
    index(remap.slots);
    for (const auto& param : old.params) {
        // One that was renamed is no longer known by its id.
        if (old.id == info.id && slot_of_.contains({info.id, param.id}) && !find(param.id)) {
            remap.removed.push_back(param.id);
        }
    }
    publish();
    before_->revision = revision_;
    return remap;
}

void ParamStore::index(const std::vector<std::uint32_t>& slots) {
    slot_by_index_ = slots;
    index_of_.clear();
    for (Index i = 0; i < info_.params.size(); ++i) {
        index_of_[info_.params[i].id] = i;
    }
}

void ParamStore::commit() {
    if (!before_) {
        return;
    }
    std::vector<bool> in_use(slots_.size());
    for (const auto& [key, slot] : slot_of_) {
        in_use[slot] = true;
    }
    for (const auto slot : before_->slot_by_index) {
        if (!in_use[slot]) {
            leaving_.push_back(slot);
        }
    }
    before_.reset();
}

void ParamStore::revert() {
    if (!before_) {
        return;
    }
    const auto old = std::move(*before_);
    before_.reset();
    std::vector<std::pair<std::string, double>> set_meanwhile;
    for (Index i = 0; i < slot_by_index_.size() && old.revision != 0; ++i) {
        const auto& slot = slots_[slot_by_index_[i]];
        if (slot.rev > old.revision && slot.touched) {
            set_meanwhile.emplace_back(info_.params[i].id, slot.value);
        }
    }
    const auto now = std::exchange(slots_, old.slots);
    for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
        if (now[slot].rev != slots_[slot].rev) {
            slots_[slot].rev = ++revision_;
            write(slot, false);
        }
    }
    slot_of_ = old.slot_of;
    free_ = old.free;
    info_ = old.info;
    slot_by_index_ = old.slot_by_index;
    index_of_ = old.index_of;
    for (const auto& [id, value] : set_meanwhile) {
        if (const auto index = find(id)) {
            const auto& param = info_.params[*index];
            Index ignored = 0;
            static_cast<void>(set(id, std::clamp(value, param.min, param.max), ignored));
        }
    }
    publish();
}

std::optional<ParamStore::Index> ParamStore::find(const std::string& id) const {
    const auto found = index_of_.find(id);
    return found == index_of_.end() ? std::nullopt : std::optional(found->second);
}

ParamStore::Value ParamStore::get(Index index) const {
    const Slot& slot = slots_[slot_by_index_[index]];
    return {slot.value, slot.rev, slot.touched};
}

std::optional<ParamStore::Fault> ParamStore::check(const std::string& id, double& value,
                                                   Index& index) const {
    const auto found = find(id);
    if (!found) {
        return Fault{Fault::Kind::not_found,
                     "there is no parameter \"" + id + "\"; param.list names those there are"};
    }
    index = *found;
    const auto& param = info_.params[index];
    if (param.has(JIG_PARAM_OUTPUT)) {
        return Fault{Fault::Kind::unsupported,
                     "parameter \"" + id + "\" is an output of the plugin and cannot be set"};
    }
    if (param.has(JIG_PARAM_TRIGGER)) {
        return Fault{Fault::Kind::unsupported,
                     "parameter \"" + id + "\" holds no value; use param.trigger"};
    }
    if (!(value >= param.min && value <= param.max)) {
        return Fault{Fault::Kind::out_of_range,
                     "parameter \"" + id + "\" cannot be " + number(value) + "; it takes " +
                         number(param.min) + " to " + number(param.max) +
                         (param.unit.empty() ? "" : " " + param.unit),
                     param.min, param.max};
    }
    value = to_step(param, value);
    return std::nullopt;
}

std::optional<ParamStore::Fault> ParamStore::set(const std::string& id, double value,
                                                 Index& index) {
    if (auto fault = check(id, value, index)) {
        return fault;
    }
    const auto slot = slot_by_index_[index];
    slots_[slot].value = value;
    slots_[slot].touched = true;
    slots_[slot].rev = ++revision_;
    write(slot, false);
    publish();
    return std::nullopt;
}

std::optional<ParamStore::Fault>
ParamStore::set_many(const std::vector<std::pair<std::string, double>>& values,
                     std::optional<std::uint64_t> frame, std::vector<Index>& indices) {
    std::vector<std::pair<Index, double>> checked;
    for (const auto& [id, wanted] : values) {
        double value = wanted;
        Index index = 0;
        if (auto fault = check(id, value, index)) {
            return fault;
        }
        checked.emplace_back(index, value);
        indices.push_back(index);
    }
    return change(checked, frame.value_or(0), true);
}

std::optional<std::vector<std::pair<std::string, double>>>
ParamStore::preset(const std::string& name) const {
    const auto preset = std::find_if(info_.presets.begin(), info_.presets.end(),
                                     [&](const auto& each) { return each.name == name; });
    if (preset == info_.presets.end()) {
        return std::nullopt;
    }
    std::vector<std::pair<std::string, double>> values;
    for (const auto& param : info_.params) {
        if (param.has(JIG_PARAM_OUTPUT | JIG_PARAM_TRIGGER | JIG_PARAM_BYPASS)) {
            continue;
        }
        const auto own = std::find_if(preset->values.begin(), preset->values.end(),
                                      [&](const auto& each) { return each.param == param.id; });
        values.emplace_back(param.id, own == preset->values.end() ? param.def : own->value);
    }
    return values;
}

std::optional<ParamStore::Fault> ParamStore::reset(const std::vector<Index>& indices) {
    std::vector<std::pair<Index, double>> defaults;
    for (const auto index : indices) {
        if (!info_.params[index].has(JIG_PARAM_OUTPUT | JIG_PARAM_TRIGGER)) {
            defaults.emplace_back(index, slots_[slot_by_index_[index]].def);
        }
    }
    return change(defaults, 0, false);
}

std::optional<ParamStore::Fault>
ParamStore::change(const std::vector<std::pair<Index, double>>& values, std::uint64_t frame,
                   bool touched) {
    std::vector<link::RingEvent> batch;
    auto revision = revision_;
    for (const auto& [index, value] : values) {
        link::RingEvent event{};
        event.frame = frame;
        event.slot = slot_by_index_[index];
        event.rev = static_cast<std::uint32_t>(++revision) & link::kRevMask;
        event.event.type = JIG_EVENT_PARAM;
        event.event.u.param.value = static_cast<float>(value);
        event.event.u.param.voice = JIG_ANY;
        batch.push_back(event);
    }
    // In either order of arrival the revision makes the engine apply each change once.
    const bool timed = engine_running_;
    if (timed && !events_.push(batch)) {
        return Fault{Fault::Kind::full, "the engine has not taken the " +
                                            std::to_string(link::kEventRingSize) +
                                            " events before these; send fewer at a time"};
    }
    for (const auto& [index, value] : values) {
        Slot& slot = slots_[slot_by_index_[index]];
        slot.value = value;
        slot.touched = touched;
        slot.rev = ++revision_;
        write(slot_by_index_[index], timed);
    }
    publish();
    return std::nullopt;
}

std::optional<ParamStore::Fault> ParamStore::trigger(const std::string& id) {
    const auto index = find(id);
    if (!index || !info_.params[*index].has(JIG_PARAM_TRIGGER)) {
        return Fault{index ? Fault::Kind::unsupported : Fault::Kind::not_found,
                     "there is no trigger \"" + id + "\"; param.list names those there are"};
    }
    link::RingEvent event{};
    event.slot = slot_by_index_[*index];
    event.event.type = JIG_EVENT_TRIGGER;
    event.event.u.param.value = 1;
    event.event.u.param.voice = JIG_ANY;
    if (!send({&event, 1})) {
        return Fault{Fault::Kind::full, "trigger \"" + id + "\" did not reach the engine"};
    }
    return std::nullopt;
}

bool ParamStore::send(std::span<const link::RingEvent> events) {
    return engine_running_ && events_.push(events);
}

std::vector<ParamStore::Index> ParamStore::poll_outputs() {
    std::vector<Index> changed;
    for (Index i = 0; i < info_.params.size(); ++i) {
        if (!info_.params[i].has(JIG_PARAM_OUTPUT)) {
            continue;
        }
        Slot& slot = slots_[slot_by_index_[i]];
        const double now = static_cast<double>(
            engine_.out_params[slot_by_index_[i]].load(std::memory_order_relaxed));
        if (std::isfinite(now) && now != slot.value) {
            slot.value = now;
            slot.rev = ++revision_;
            changed.push_back(i);
        }
    }
    return changed;
}

void ParamStore::engine_ended() {
    engine_running_ = false;
    events_.restart(engine_);
}

void ParamStore::write(std::uint32_t slot, bool timed) {
    const Slot& s = slots_[slot];
    auto rev = static_cast<std::uint32_t>(s.rev) & link::kRevMask;
    server_.slots[slot].store(link::pack({static_cast<float>(s.value), rev == 0 ? 1 : rev, timed}),
                              std::memory_order_relaxed); // ordered by param_epoch
}

void ParamStore::publish() {
    server_.param_epoch.fetch_add(1, std::memory_order_release); // partner: rt::Params::snapshot
}

} // namespace jig::session
