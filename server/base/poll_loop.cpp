#include "base/poll_loop.hpp"

#include <algorithm>
#include <poll.h>
#include <sys/eventfd.h>

namespace jig {

class PollLoop::Registration final : public Loop::Handle {
  public:
    Registration(PollLoop& loop, std::uint64_t key) : loop_(loop), key_(key) {}
    ~Registration() override { loop_.entries_.erase(key_); }

  private:
    PollLoop& loop_;
    std::uint64_t key_;
};

PollLoop::PollLoop() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
PollLoop::~PollLoop() = default;

void PollLoop::post(std::function<void()> job) {
    {
        const std::lock_guard lock(mutex_);
        posted_.push_back(std::move(job));
    }
    ::eventfd_write(wake_.get(), 1);
}

Loop::HandlePtr PollLoop::add(Entry entry) {
    const std::uint64_t key = next_key_++;
    entries_.emplace(key, std::move(entry));
    return std::make_unique<Registration>(*this, key);
}

Loop::HandlePtr PollLoop::watch(int fd, std::function<void()> on_readable) {
    return add({fd, {}, {}, std::move(on_readable)});
}

Loop::HandlePtr PollLoop::after(std::chrono::milliseconds delay, std::function<void()> job) {
    return add({-1, Clock::now() + delay, {}, std::move(job)});
}

Loop::HandlePtr PollLoop::every(std::chrono::milliseconds period, std::function<void()> job) {
    return add({-1, Clock::now() + period, period, std::move(job)});
}

void PollLoop::run() {
    for (;;) {
        {
            const std::lock_guard lock(mutex_);
            if (stop_) {
                stop_ = false;
                return;
            }
        }
        run_once(std::chrono::milliseconds(60000));
    }
}

void PollLoop::stop() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    ::eventfd_write(wake_.get(), 1);
}

bool PollLoop::run_posted() {
    std::vector<std::function<void()>> jobs;
    {
        const std::lock_guard lock(mutex_);
        jobs.swap(posted_);
    }
    for (auto& job : jobs) {
        job();
    }
    return !jobs.empty();
}

bool PollLoop::run_timers() {
    const auto now = Clock::now();
    std::vector<std::uint64_t> due;
    for (const auto& [key, entry] : entries_) {
        if (entry.fd < 0 && entry.due <= now) {
            due.push_back(key);
        }
    }
    bool ran = false;
    for (const auto key : due) {
        const auto found = entries_.find(key);
        if (found == entries_.end()) {
            continue; // an earlier job ended it
        }
        auto job = found->second.job;
        if (found->second.period.count() > 0) {
            found->second.due += found->second.period;
        } else {
            found->second.due = Clock::time_point::max();
        }
        job();
        ran = true;
    }
    return ran;
}

bool PollLoop::run_once(std::chrono::milliseconds timeout) {
    auto wake_at = Clock::now() + timeout;
    std::vector<pollfd> polled{{wake_.get(), POLLIN, 0}};
    std::vector<std::uint64_t> keys{0};
    for (const auto& [key, entry] : entries_) {
        if (entry.fd >= 0) {
            polled.push_back({entry.fd, POLLIN, 0});
            keys.push_back(key);
        } else {
            wake_at = std::min(wake_at, entry.due);
        }
    }
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(wake_at - Clock::now()).count();
    ::poll(polled.data(), polled.size(), static_cast<int>(std::max<long>(0, wait)));

    bool ran = false;
    if ((polled[0].revents & POLLIN) != 0) {
        eventfd_t count = 0;
        ::eventfd_read(wake_.get(), &count);
    }
    ran = run_posted() || ran;
    for (std::size_t i = 1; i < polled.size(); ++i) {
        const auto found = entries_.find(keys[i]);
        if (polled[i].revents != 0 && found != entries_.end()) {
            auto job = found->second.job;
            job();
            ran = true;
        }
    }
    return run_timers() || ran;
}

} // namespace jig
