#include "audio/alsa/waiter.hpp"

#include <algorithm>
#include <cerrno>

namespace jig::audio::alsa {

namespace {

/// poll(2) counts in milliseconds: never less than asked for.
int milliseconds(std::int64_t ns) {
    constexpr std::int64_t kNsPerMs = 1'000'000;
    return static_cast<int>(std::clamp<std::int64_t>((ns + kNsPerMs - 1) / kNsPerMs, 0, 60'000));
}

} // namespace

bool Waiter::watch(const Pcm& pcm) {
    const int count = api_.poll_descriptors_count(pcm.get());
    if (count < 1 || count > static_cast<int>(kMostDescriptors) || pcms_ == watched_.size()) {
        return false;
    }
    watched_[pcms_++] = {pcm.get(), static_cast<unsigned>(count), false};
    return true;
}

Waiter::Outcome Waiter::wait(std::int64_t timeout_ns, Until until) noexcept {
    for (unsigned i = 0; i < pcms_; ++i) {
        watched_[i].ready = false;
    }
    const std::int64_t end_ns = api_.monotonic_ns() + timeout_ns;
    do {
        std::array<pollfd*, 2> begins{};
        unsigned count = 0;
        descriptors_[count++] = {stop_fd_, POLLIN, 0};
        for (unsigned i = 0; i < pcms_; ++i) {
            if (!watched_[i].ready) {
                begins[i] = &descriptors_[count];
                api_.poll_descriptors(watched_[i].pcm, begins[i], watched_[i].count);
                count += watched_[i].count;
            }
        }
        const std::int64_t left_ns = end_ns - api_.monotonic_ns();
        const int events =
            left_ns > 0 ? api_.poll(descriptors_.data(), count, milliseconds(left_ns)) : 0;
        if (events < 0 && errno == EINTR) {
            continue;
        }
        if (events < 0) {
            return Outcome::troubled;
        }
        if ((descriptors_[0].revents & POLLIN) != 0) {
            return Outcome::stopped;
        }
        if (events == 0) {
            return Outcome::timeout;
        }
        for (unsigned i = 0; i < pcms_; ++i) {
            if (begins[i] != nullptr && !understand(watched_[i], begins[i])) {
                return Outcome::troubled;
            }
        }
    } while (!done(until));
    return Outcome::ready;
}

bool Waiter::understand(Watched& watched, pollfd* descriptors) noexcept {
    unsigned short events = 0;
    if (api_.poll_revents(watched.pcm, descriptors, watched.count, &events) < 0 ||
        (events & (POLLERR | POLLNVAL | POLLHUP)) != 0) {
        return false;
    }
    watched.ready = (events & (POLLIN | POLLOUT)) != 0;
    return true;
}

bool Waiter::done(Until until) const noexcept {
    const auto ready = std::count_if(watched_.begin(), watched_.begin() + pcms_,
                                     [](const Watched& watched) { return watched.ready; });
    return until == Until::any_ready ? ready > 0 : ready == pcms_;
}

bool Waiter::wait_for_stop(std::int64_t timeout_ns) noexcept {
    const std::int64_t end_ns = api_.monotonic_ns() + timeout_ns;
    pollfd stop{stop_fd_, POLLIN, 0};
    for (std::int64_t left_ns = timeout_ns; left_ns > 0; left_ns = end_ns - api_.monotonic_ns()) {
        if (api_.poll(&stop, 1, milliseconds(left_ns)) > 0) {
            return true;
        }
    }
    return false;
}

} // namespace jig::audio::alsa
