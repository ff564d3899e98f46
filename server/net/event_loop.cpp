#include "net/event_loop.hpp"

#include <cstdio>
#include <exception>
#include <utility>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

namespace jig::net {

struct EventLoop::Impl {
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
    FaultHandler on_fault = [](const std::string& what) {
        std::fprintf(stderr, "dev-server: %s\n", what.c_str());
    };

    void report(const char* where) noexcept {
        try {
            try {
                throw;
            } catch (const std::exception& error) {
                on_fault(std::string(where) + " failed: " + error.what());
            } catch (...) {
                on_fault(std::string(where) + " failed with an unknown exception");
            }
        } catch (...) {
            std::fputs("dev-server: a failure could not be reported\n", stderr);
        }
    }

    void call(const std::function<void()>& job, const char* where) noexcept {
        try {
            job();
        } catch (...) {
            report(where);
        }
    }
};

namespace {

/// What is registered outlives its handle by the one callback that may still be queued.
template <typename Registration>
class RegistrationHandle final : public Loop::Handle {
  public:
    explicit RegistrationHandle(std::shared_ptr<Registration> registration)
        : registration_(std::move(registration)) {}
    ~RegistrationHandle() override { registration_->end(); }
    RegistrationHandle(const RegistrationHandle&) = delete;
    RegistrationHandle& operator=(const RegistrationHandle&) = delete;

  private:
    std::shared_ptr<Registration> registration_;
};

using Call = std::function<void(const std::function<void()>&)>;

class Watch : public std::enable_shared_from_this<Watch> {
  public:
    Watch(asio::io_context& context, int fd, std::function<void()> job, Call call)
        : descriptor_(context, fd), job_(std::move(job)), call_(std::move(call)) {}

    void arm() {
        descriptor_.async_wait(asio::posix::stream_descriptor::wait_read,
                               [self = shared_from_this()](const asio::error_code& error) {
                                   if (!self->active_ || error) {
                                       return;
                                   }
                                   self->call_(self->job_);
                                   if (self->active_) {
                                       self->arm();
                                   }
                               });
    }

    /// The descriptor stays the caller's.
    void end() {
        active_ = false;
        descriptor_.release();
    }

  private:
    asio::posix::stream_descriptor descriptor_;
    std::function<void()> job_;
    Call call_;
    bool active_ = true;
};

class Timer : public std::enable_shared_from_this<Timer> {
  public:
    Timer(asio::io_context& context, std::chrono::milliseconds delay, bool repeats,
          std::function<void()> job, Call call)
        : timer_(context, delay), period_(delay), repeats_(repeats), job_(std::move(job)),
          call_(std::move(call)) {}

    void arm() {
        timer_.async_wait([self = shared_from_this()](const asio::error_code& error) {
            if (!self->active_ || error) {
                return;
            }
            self->call_(self->job_);
            if (self->active_ && self->repeats_) {
                self->timer_.expires_at(self->timer_.expiry() + self->period_);
                self->arm();
            }
        });
    }

    void end() {
        active_ = false;
        timer_.cancel();
    }

  private:
    asio::steady_timer timer_;
    std::chrono::milliseconds period_;
    bool repeats_;
    std::function<void()> job_;
    Call call_;
    bool active_ = true;
};

} // namespace

EventLoop::EventLoop() : impl_(std::make_unique<Impl>()) {}
EventLoop::~EventLoop() = default;

void EventLoop::post(std::function<void()> job) {
    asio::post(impl_->context,
               [impl = impl_.get(), job = std::move(job)] { impl->call(job, "a posted job"); });
}

Loop::HandlePtr EventLoop::watch(int fd, std::function<void()> on_readable) {
    auto registration = std::make_shared<Watch>(
        impl_->context, fd, std::move(on_readable),
        [impl = impl_.get()](const auto& job) { impl->call(job, "a descriptor's job"); });
    registration->arm();
    return std::make_unique<RegistrationHandle<Watch>>(std::move(registration));
}

Loop::HandlePtr EventLoop::after(std::chrono::milliseconds delay, std::function<void()> job) {
    auto registration = std::make_shared<Timer>(
        impl_->context, delay, false, std::move(job),
        [impl = impl_.get()](const auto& due) { impl->call(due, "a timer's job"); });
    registration->arm();
    return std::make_unique<RegistrationHandle<Timer>>(std::move(registration));
}

Loop::HandlePtr EventLoop::every(std::chrono::milliseconds period, std::function<void()> job) {
    auto registration = std::make_shared<Timer>(
        impl_->context, period, true, std::move(job),
        [impl = impl_.get()](const auto& due) { impl->call(due, "a timer's job"); });
    registration->arm();
    return std::make_unique<RegistrationHandle<Timer>>(std::move(registration));
}

void EventLoop::on_fault(FaultHandler handler) {
    impl_->on_fault = std::move(handler);
}

void EventLoop::run() {
    impl_->context.restart();
    while (!impl_->context.stopped()) {
        try {
            impl_->context.run();
        } catch (...) {
            impl_->report("the event loop");
        }
    }
}

// Posted, so that a stop() before run() is not lost.
void EventLoop::stop() {
    asio::post(impl_->context, [impl = impl_.get()] { impl->context.stop(); });
}

asio::io_context& EventLoop::context() {
    return impl_->context;
}

void EventLoop::report_fault(const char* where) noexcept {
    impl_->report(where);
}

} // namespace jig::net
