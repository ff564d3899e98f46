// tests/reload/manual_loop.hpp: a Loop whose time the test moves by hand.
#pragma once

#include "base/fd.hpp"
#include "base/loop.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <poll.h>
#include <sys/eventfd.h>
#include <vector>

namespace jig::test {

/// Timers run by virtual time, descriptors and posted jobs for real.
class ManualLoop final : public Loop {
  public:
    using Clock = std::chrono::steady_clock;
    using Ms = std::chrono::milliseconds;

    [[nodiscard]] Clock::time_point now() const { return Clock::time_point() + now_; }

    void post(std::function<void()> job) override {
        const std::lock_guard lock(mutex_);
        posted_.push_back(std::move(job));
        ::eventfd_write(wake_.get(), 1);
    }
    [[nodiscard]] HandlePtr watch(int fd, std::function<void()> job) override {
        return add({fd, {}, {}, std::move(job)});
    }
    [[nodiscard]] HandlePtr after(Ms delay, std::function<void()> job) override {
        return add({-1, now_ + delay, Ms(0), std::move(job)});
    }
    [[nodiscard]] HandlePtr every(Ms period, std::function<void()> job) override {
        return add({-1, now_ + period, period, std::move(job)});
    }

    /// Runs what is ready, until nothing is.
    void settle() {
        while (run_ready(0)) {
        }
    }
    /// Waits for other threads until `done`; time stands still.
    void run_until(const std::function<bool()>& done) {
        while (!done()) {
            run_ready(-1);
        }
    }
    /// Moves time on, and runs each timer at its moment.
    void advance(Ms by) {
        const auto end = now_ + by;
        settle();
        for (;;) {
            auto first = entries_.end();
            for (auto at = entries_.begin(); at != entries_.end(); ++at) {
                if (at->second.fd < 0 && at->second.due <= end &&
                    (first == entries_.end() || at->second.due < first->second.due)) {
                    first = at;
                }
            }
            if (first == entries_.end()) {
                break;
            }
            now_ = std::max(now_, first->second.due);
            const auto job = first->second.job;
            first->second.due =
                first->second.period > Ms(0) ? first->second.due + first->second.period : Ms::max();
            job();
            settle();
        }
        now_ = end;
    }

  private:
    struct Entry {
        int fd;
        Ms due;
        Ms period;
        std::function<void()> job;
    };
    class Registration final : public Handle {
      public:
        Registration(ManualLoop& loop, std::uint64_t key) : loop_(loop), key_(key) {}
        ~Registration() override { loop_.entries_.erase(key_); }

      private:
        ManualLoop& loop_;
        std::uint64_t key_;
    };

    HandlePtr add(Entry entry) {
        entries_.emplace(++last_key_, std::move(entry));
        return std::make_unique<Registration>(*this, last_key_);
    }

    bool run_ready(int timeout_ms) {
        std::vector<pollfd> polled{{wake_.get(), POLLIN, 0}};
        std::vector<std::uint64_t> keys{0};
        for (const auto& [key, entry] : entries_) {
            if (entry.fd >= 0) {
                polled.push_back({entry.fd, POLLIN, 0});
                keys.push_back(key);
            }
        }
        if (::poll(polled.data(), polled.size(), timeout_ms) <= 0) {
            return false;
        }
        if (polled[0].revents != 0) {
            eventfd_t count = 0;
            ::eventfd_read(wake_.get(), &count);
            std::vector<std::function<void()>> jobs;
            {
                const std::lock_guard lock(mutex_);
                jobs.swap(posted_);
            }
            for (const auto& job : jobs) {
                job();
            }
        }
        for (std::size_t i = 1; i < polled.size(); ++i) {
            const auto found = entries_.find(keys[i]);
            if (polled[i].revents != 0 && found != entries_.end()) {
                const auto job = found->second.job;
                job();
            }
        }
        return true;
    }

    UniqueFd wake_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    std::mutex mutex_;
    std::vector<std::function<void()>> posted_;
    std::map<std::uint64_t, Entry> entries_;
    std::uint64_t last_key_ = 0;
    Ms now_{0};
};

} // namespace jig::test
