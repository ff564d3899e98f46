// jig/audio/attendant.hpp: makes calls that may never return, and does not wait for ever.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace jig::audio {

/// One thread that makes the calls in order. A call that outlasts its timeout is given up, not
/// ended: its function has to own all that it touches. Until it returns, further calls fail at
/// once.
class Attendant {
  public:
    Attendant();
    Attendant(const Attendant&) = delete;
    Attendant& operator=(const Attendant&) = delete;
    /// Leaves a hung thread behind rather than wait for it.
    ~Attendant();

    /// What `function` returned, nothing if it did not in time. Not from two threads at once.
    template <typename Function>
    auto call(std::chrono::milliseconds timeout, Function function)
        -> std::optional<decltype(function())> {
        auto result = std::make_shared<std::optional<decltype(function())>>();
        if (!run([result, function = std::move(function)]() mutable { *result = function(); },
                 timeout)) {
            return std::nullopt;
        }
        return std::move(*result);
    }

    /// A call was given up and has not returned yet.
    [[nodiscard]] bool hung() const;

  private:
    struct State;
    [[nodiscard]] bool run(std::function<void()> job, std::chrono::milliseconds timeout);

    std::shared_ptr<State> state_; ///< shared with the thread, which may outlive this
};

} // namespace jig::audio
