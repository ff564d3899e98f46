#include "fake_parts.hpp"

#include <cstring>

namespace jig::test {

namespace {

constexpr int kFirstDescriptor = 100'000; ///< beyond any that the process has
constexpr std::int64_t kPollNs = 1'000;

bool in_trouble(const FakePcm& pcm) {
    return pcm.state == SND_PCM_STATE_XRUN || pcm.state == SND_PCM_STATE_SUSPENDED ||
           pcm.state == SND_PCM_STATE_DISCONNECTED;
}

int fault_of(snd_pcm_state_t state) {
    switch (state) {
    case SND_PCM_STATE_XRUN:
        return -EPIPE;
    case SND_PCM_STATE_SUSPENDED:
        return -ESTRPIPE;
    case SND_PCM_STATE_DISCONNECTED:
        return -ENODEV;
    case SND_PCM_STATE_PREPARED:
    case SND_PCM_STATE_RUNNING:
        return 0;
    default:
        return -EBADFD;
    }
}

} // namespace

int FakeAlsa::link(snd_pcm_t* one, snd_pcm_t* other) {
    if (link_fault != 0) {
        return link_fault;
    }
    of(one).partner = &of(other);
    of(other).partner = &of(one);
    return 0;
}

int FakeAlsa::unlink(snd_pcm_t* pcm) {
    if (of(pcm).partner != nullptr) {
        of(pcm).partner->partner = nullptr;
        of(pcm).partner = nullptr;
    }
    return 0;
}

int FakeAlsa::prepare(snd_pcm_t* handle) {
    FakePcm& pcm = of(handle);
    if (const int fault = planned_fault(pcm, "prepare"); fault != 0) {
        return fault;
    }
    if (pcm.state == SND_PCM_STATE_DISCONNECTED || pcm.open_fault == -ENODEV) {
        return -ENODEV;
    }
    pcm.hw = pcm.appl = 0;
    pcm.state = SND_PCM_STATE_PREPARED;
    return 0;
}

int FakeAlsa::start(snd_pcm_t* handle) {
    if (const int fault = planned_fault(of(handle), "start"); fault != 0) {
        return fault;
    }
    bool ready = true;
    each_of_group(of(handle), [&](FakePcm& pcm) {
        ready = ready && pcm.state == SND_PCM_STATE_PREPARED && (pcm.is_capture() || pcm.appl > 0);
    });
    if (!ready) {
        return -EPIPE; // a playback without data cannot start
    }
    each_of_group(of(handle), [this](FakePcm& pcm) {
        pcm.state = SND_PCM_STATE_RUNNING;
        pcm.started_ns = pcm.moved_ns = now_ns_;
        ++pcm.starts;
    });
    return 0;
}

int FakeAlsa::drop(snd_pcm_t* pcm) {
    if (of(pcm).state == SND_PCM_STATE_DISCONNECTED || of(pcm).open_fault == -ENODEV) {
        return -ENODEV;
    }
    each_of_group(of(pcm), [](FakePcm& one) { one.state = SND_PCM_STATE_SETUP; });
    return 0;
}

int FakeAlsa::resume(snd_pcm_t* pcm) {
    if (const int fault = planned_fault(of(pcm), "resume"); fault != 0) {
        return fault;
    }
    if (of(pcm).state != SND_PCM_STATE_SUSPENDED) {
        return -EBADFD;
    }
    of(pcm).state = SND_PCM_STATE_RUNNING;
    return 0;
}

snd_pcm_state_t FakeAlsa::state(snd_pcm_t* pcm) {
    return of(pcm).state;
}

snd_pcm_sframes_t FakeAlsa::avail_update(snd_pcm_t* handle) {
    FakePcm& pcm = of(handle);
    if (const int fault = planned_fault(pcm, "avail_update"); fault != 0) {
        return fault;
    }
    if (in_trouble(pcm) && !pcm.stale_avail) {
        return fault_of(pcm.state);
    }
    return pcm.avail();
}

int FakeAlsa::timestamp(snd_pcm_t* pcm, snd_pcm_uframes_t& avail, std::int64_t& at_ns) {
    avail = static_cast<snd_pcm_uframes_t>(of(pcm).avail());
    at_ns = of(pcm).moved_ns;
    return planned_fault(of(pcm), "timestamp");
}

int FakeAlsa::mmap_begin(snd_pcm_t* handle, const snd_pcm_channel_area_t** areas,
                         snd_pcm_uframes_t* offset, snd_pcm_uframes_t* frames) {
    FakePcm& pcm = of(handle);
    if (const int fault = planned_fault(pcm, "mmap_begin"); fault != 0) {
        return fault;
    }
    if (const int fault = fault_of(pcm.state); fault != 0) {
        return fault;
    }
    *areas = pcm.areas.data();
    *offset = pcm.appl % pcm.buffer;
    const auto avail = static_cast<snd_pcm_uframes_t>(pcm.avail());
    *frames = std::min({*frames, avail, pcm.buffer - *offset});
    if (pcm.begin_most != 0) {
        *frames = std::min<snd_pcm_uframes_t>(*frames, pcm.begin_most);
    }
    return 0;
}

snd_pcm_sframes_t FakeAlsa::advance(FakePcm& pcm, snd_pcm_uframes_t frames) {
    if (pcm.commit_most != 0) {
        frames = std::min<snd_pcm_uframes_t>(frames, pcm.commit_most);
    }
    pcm.appl += frames;
    return static_cast<snd_pcm_sframes_t>(frames);
}

snd_pcm_sframes_t FakeAlsa::mmap_commit(snd_pcm_t* handle, snd_pcm_uframes_t /*offset*/,
                                        snd_pcm_uframes_t frames) {
    FakePcm& pcm = of(handle);
    if (const int fault = planned_fault(pcm, "mmap_commit"); fault != 0) {
        return fault;
    }
    const int fault = fault_of(pcm.state);
    return fault != 0 ? fault : advance(pcm, frames);
}

snd_pcm_sframes_t FakeAlsa::read(snd_pcm_t* handle, void* buffer, snd_pcm_uframes_t frames) {
    FakePcm& pcm = of(handle);
    if (const int fault = planned_fault(pcm, "read"); fault != 0) {
        return fault;
    }
    if (const int fault = fault_of(pcm.state); fault != 0) {
        return fault;
    }
    frames = std::min(frames, static_cast<snd_pcm_uframes_t>(pcm.avail()));
    const std::uint64_t begin = pcm.appl;
    const snd_pcm_sframes_t taken = frames == 0 ? -EAGAIN : advance(pcm, frames);
    auto* to = static_cast<std::byte*>(buffer);
    for (snd_pcm_sframes_t i = 0; i < taken; ++i) {
        for (unsigned c = 0; c < pcm.channel_count; ++c, to += pcm.format->bytes) {
            std::memcpy(to, sample_at(pcm, c, begin + static_cast<std::uint64_t>(i)),
                        pcm.format->bytes);
        }
    }
    return taken;
}

snd_pcm_sframes_t FakeAlsa::write(snd_pcm_t* handle, const void* buffer, snd_pcm_uframes_t frames) {
    FakePcm& pcm = of(handle);
    if (const int fault = planned_fault(pcm, "write"); fault != 0) {
        return fault;
    }
    if (const int fault = fault_of(pcm.state); fault != 0) {
        return fault;
    }
    frames = std::min(frames, static_cast<snd_pcm_uframes_t>(pcm.avail()));
    const std::uint64_t begin = pcm.appl;
    const snd_pcm_sframes_t taken = frames == 0 ? -EAGAIN : advance(pcm, frames);
    const auto* from = static_cast<const std::byte*>(buffer);
    for (snd_pcm_sframes_t i = 0; i < taken; ++i) {
        for (unsigned c = 0; c < pcm.channel_count; ++c, from += pcm.format->bytes) {
            std::memcpy(sample_at(pcm, c, begin + static_cast<std::uint64_t>(i)), from,
                        pcm.format->bytes);
        }
    }
    return taken;
}

// ---- Waiting -----------------------------------------------------------------------------------

int FakeAlsa::poll_descriptors_count(snd_pcm_t* /*pcm*/) {
    return 1;
}

int FakeAlsa::poll_descriptors(snd_pcm_t* handle, pollfd* descriptors, unsigned /*space*/) {
    const auto at = std::find_if(pcms_.begin(), pcms_.end(),
                                 [&](const auto& pcm) { return pcm.get() == &of(handle); });
    descriptors[0] = {kFirstDescriptor + static_cast<int>(at - pcms_.begin()), POLLIN, 0};
    return 1;
}

int FakeAlsa::poll_revents(snd_pcm_t* handle, pollfd* descriptors, unsigned /*count*/,
                           unsigned short* revents) {
    const bool capture = of(handle).is_capture();
    const short events = descriptors[0].revents;
    *revents = static_cast<unsigned short>((events & POLLIN) != 0 && !capture ? POLLOUT : events);
    if ((events & POLLPRI) != 0) {
        *revents = 0; // spurious
    }
    return planned_fault(of(handle), "poll_revents");
}

short FakeAlsa::events_of(FakePcm& pcm, const pollfd& /*descriptor*/) {
    if (pcm.spurious_wakes > 0) {
        --pcm.spurious_wakes;
        return POLLPRI;
    }
    if (pcm.state != SND_PCM_STATE_RUNNING && pcm.state != SND_PCM_STATE_PREPARED) {
        return POLLERR | POLLNVAL;
    }
    if (pcm.open_fault == -ENODEV) {
        return POLLERR | POLLNVAL; // pulled out, whatever the state says
    }
    const bool due = pcm.avail() >= static_cast<std::int64_t>(pcm.avail_min);
    return pcm.interrupts && due ? POLLIN : 0;
}

int FakeAlsa::poll(pollfd* descriptors, nfds_t count, int timeout_ms) {
    pass(kPollNs);
    if (interrupted_polls > 0) {
        --interrupted_polls;
        errno = EINTR;
        return -1;
    }
    const std::int64_t end = now_ns_ + std::int64_t{timeout_ms} * 1'000'000;
    for (;;) {
        int events = 0;
        for (nfds_t i = 0; i < count; ++i) {
            pollfd& one = descriptors[i];
            one.revents = 0;
            if (one.fd >= kFirstDescriptor) {
                one.revents =
                    events_of(*pcms_[static_cast<std::size_t>(one.fd - kFirstDescriptor)], one);
            } else {
                ::poll(&one, 1, 0);
            }
            events += one.revents != 0 ? 1 : 0;
        }
        if (events > 0 || now_ns_ >= end) {
            return events;
        }
        go_to(end);
    }
}

} // namespace jig::test
