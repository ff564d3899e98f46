#include "rt/params.hpp"

#include "link/rings.hpp"
#include "link/slots.hpp"

namespace jig::rt {

void Params::snapshot(std::uint64_t frame, const Build* a, const Build* b, bool fresh) {
    const auto epoch = server_.param_epoch.load(std::memory_order_acquire); // partner: ParamStore
    if (epoch == epoch_ && !fresh) {
        return;
    }
    epoch_ = epoch;
    if (a != nullptr) {
        adopt(frame, *a);
    }
    if (b != nullptr) {
        adopt(frame, *b);
    }
}

void Params::adopt(std::uint64_t frame, const Build& build) {
    for (std::uint32_t i = 0; i < build.param_count; ++i) {
        const auto slot = build.slots[i];
        const auto next = link::unpack(server_.slots[slot].load(std::memory_order_relaxed));
        const bool first = applied_[slot] == 0;
        if (next.rev == 0 || next.rev == applied_[slot] || (next.timed && !first) ||
            (!first && !link::later(next.rev, applied_[slot]))) {
            continue;
        }
        applied_[slot] = next.rev;
        values_[slot] = next.value;
        note(frame, slot, next.value);
    }
}

void Params::apply(std::uint64_t frame, std::uint32_t slot, std::uint32_t rev, float value) {
    if (applied_[slot] != 0 && rev != 0 && !link::later(rev, applied_[slot])) {
        return; // a later change has been applied already
    }
    applied_[slot] = rev != 0 ? rev : applied_[slot];
    values_[slot] = value;
    note(frame, slot, value);
}

void Params::note(std::uint64_t frame, std::uint32_t slot, float value) {
    link::append(engine_.journal,
                 link::JournalEntry{frame, link::JournalEntry::param, 0, slot, value, 0, 0});
}

void Params::fill(Build& build) const {
    for (std::uint32_t i = 0; i < build.param_count; ++i) {
        build.params[i] = values_[build.slots[i]];
    }
}

} // namespace jig::rt
