#include "audio/attendant.hpp"

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <pthread.h>
#include <thread>

namespace jig::audio {

struct Attendant::State {
    std::mutex mutex;
    std::condition_variable changed;
    std::function<void()> job;
    bool busy = false;
    bool quit = false;
    std::thread thread; ///< touched by the Attendant only

    void serve() {
        std::unique_lock lock(mutex);
        for (;;) {
            changed.wait(lock, [this] { return quit || job; });
            if (!job) {
                return;
            }
            lock.unlock();
            job();
            lock.lock();
            job = nullptr;
            busy = false;
            changed.notify_all();
        }
    }
};

Attendant::Attendant() : state_(std::make_shared<State>()) {
    // Signals are for the threads that expect them, and a server that died must not kill us by
    // SIGPIPE; what the library starts from here inherits that.
    sigset_t all{};
    sigset_t before{};
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    state_->thread = std::thread([state = state_] { state->serve(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Attendant::~Attendant() {
    bool busy = false;
    {
        const std::lock_guard lock(state_->mutex);
        state_->quit = true;
        busy = state_->busy;
    }
    state_->changed.notify_all();
    if (busy) {
        state_->thread.detach();
    } else {
        state_->thread.join();
    }
}

bool Attendant::hung() const {
    const std::lock_guard lock(state_->mutex);
    return state_->busy;
}

bool Attendant::run(std::function<void()> job, std::chrono::milliseconds timeout) {
    std::unique_lock lock(state_->mutex);
    if (state_->busy) {
        return false;
    }
    state_->busy = true;
    state_->job = std::move(job);
    state_->changed.notify_all();
    return state_->changed.wait_for(lock, timeout, [this] { return !state_->busy; });
}

} // namespace jig::audio
