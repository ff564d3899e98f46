// jig/callback.hpp: a function that a part of a plugin keeps.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace jig {

/// As std::function, which cannot be part of a constant expression; there it stays empty.
template <typename Signature>
class Callback;

template <typename Result, typename... Args>
class Callback<Result(Args...)> {
  public:
    constexpr Callback() = default;
    template <typename F>
    requires std::is_invocable_r_v<Result, F, Args...>
    constexpr Callback(F function) {
        if (!std::is_constant_evaluated()) {
            keep(std::move(function));
        }
    }
    constexpr Callback(Callback&& other) noexcept
        : function_(std::exchange(other.function_, nullptr)) {}
    constexpr Callback& operator=(Callback&& other) noexcept {
        std::swap(function_, other.function_);
        return *this;
    }
    Callback(const Callback&) = delete;
    Callback& operator=(const Callback&) = delete;
    constexpr ~Callback() {
        if (function_ != nullptr) {
            drop();
        }
    }

    constexpr explicit operator bool() const { return function_ != nullptr; }
    Result operator()(Args... args) const { return (*function_)(std::forward<Args>(args)...); }

  private:
    using Function = std::function<Result(Args...)>;

    template <typename F>
    void keep(F&& function) {
        function_ = std::make_unique<Function>(std::forward<F>(function)).release();
    }
    void drop() { std::unique_ptr<Function>{function_}.reset(); }

    Function* function_ = nullptr;
};

} // namespace jig
