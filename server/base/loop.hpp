// jig/base/loop.hpp: the event loop that the control plane runs on, as its rooms see it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace jig {

/// One thread runs it; everything but post() is called on that thread.
class Loop {
  public:
    /// Destroying it ends the watch or the timer; its function is not called afterwards.
    class Handle {
      public:
        virtual ~Handle() = default;
    };
    using HandlePtr = std::unique_ptr<Handle>;

    virtual ~Loop() = default;

    /// Runs `job` soon, on the loop's thread, in the order of posting. [any]
    virtual void post(std::function<void()> job) = 0;

    /// Calls `on_readable` each time `fd` has something to read (level-triggered). The caller keeps
    /// `fd` open as long as the handle.
    [[nodiscard]] virtual HandlePtr watch(int fd, std::function<void()> on_readable) = 0;

    /// Calls `job` once, `delay` from now.
    [[nodiscard]] virtual HandlePtr after(std::chrono::milliseconds delay,
                                          std::function<void()> job) = 0;

    /// Calls `job` every `period`; a late call does not shift the following ones.
    [[nodiscard]] virtual HandlePtr every(std::chrono::milliseconds period,
                                          std::function<void()> job) = 0;
};

} // namespace jig
