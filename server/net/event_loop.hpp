// jig/net/event_loop.hpp: the Loop that the control plane runs on; sockets share it.
#pragma once

#include "base/loop.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace asio {
class io_context;
}

namespace jig::net {

/// One thread calls run() and is the net thread from then on. A job that throws is reported to the
/// fault handler; the loop goes on.
class EventLoop final : public Loop {
  public:
    using FaultHandler = std::function<void(const std::string& what)>;

    EventLoop();
    ~EventLoop() override;
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    void post(std::function<void()> job) override;
    [[nodiscard]] HandlePtr watch(int fd, std::function<void()> on_readable) override;
    [[nodiscard]] HandlePtr after(std::chrono::milliseconds delay,
                                  std::function<void()> job) override;
    [[nodiscard]] HandlePtr every(std::chrono::milliseconds period,
                                  std::function<void()> job) override;

    /// Where a thrown exception's text goes; standard error unless set. Before run().
    void on_fault(FaultHandler handler);

    /// Runs until stop(); may be called again. Handles end before the loop does.
    void run();
    /// Lets run() return after the jobs that were posted before; also one that comes later. [any]
    void stop();

    /// For net's own files: what its sockets are opened on.
    [[nodiscard]] asio::io_context& context();
    /// Reports the exception that is being handled. For net's own files.
    void report_fault(const char* where) noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace jig::net
