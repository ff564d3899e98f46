// jig/base/poll_loop.hpp: a Loop on poll(2), for processes and tests without sockets to serve.
#pragma once

#include "base/fd.hpp"
#include "base/loop.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace jig {

class PollLoop final : public Loop {
  public:
    PollLoop();
    ~PollLoop() override;

    void post(std::function<void()> job) override;
    [[nodiscard]] HandlePtr watch(int fd, std::function<void()> on_readable) override;
    [[nodiscard]] HandlePtr after(std::chrono::milliseconds delay,
                                  std::function<void()> job) override;
    [[nodiscard]] HandlePtr every(std::chrono::milliseconds period,
                                  std::function<void()> job) override;

    /// Runs until stop().
    void run();
    /// Runs what is due, after waiting at most `timeout` for something; returns whether anything
    /// ran.
    bool run_once(std::chrono::milliseconds timeout);
    /// [any]
    void stop();

  private:
    using Clock = std::chrono::steady_clock;
    struct Entry {
        int fd = -1;
        Clock::time_point due;
        std::chrono::milliseconds period{0};
        std::function<void()> job;
    };
    class Registration;

    HandlePtr add(Entry entry);
    bool run_posted();
    bool run_timers();

    UniqueFd wake_;
    std::mutex mutex_;
    std::vector<std::function<void()>> posted_;
    bool stop_ = false;
    std::map<std::uint64_t, Entry> entries_;
    std::uint64_t next_key_ = 1;
};

} // namespace jig
