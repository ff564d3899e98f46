// jig/base/result.hpp: a value or one clear sentence about why there is none.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace jig {

/// What failed, the value, and the remedy, in one sentence.
struct Error {
    std::string message;
};

/// A T, or an Error. [any]
template <typename T>
class [[nodiscard]] Result {
  public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    /// Only when ok().
    T& value() & {
        assert(ok());
        return *std::get_if<0>(&state_);
    }
    const T& value() const& {
        assert(ok());
        return *std::get_if<0>(&state_);
    }
    T&& value() && {
        assert(ok());
        return std::move(*std::get_if<0>(&state_));
    }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }

    /// Only when not ok().
    [[nodiscard]] const std::string& error() const {
        assert(!ok());
        return std::get_if<1>(&state_)->message;
    }

  private:
    std::variant<T, Error> state_;
};

/// Nothing, or an Error.
template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Error error) : error_(std::move(error)), failed_(true) {}

    [[nodiscard]] bool ok() const { return !failed_; }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] const std::string& error() const {
        assert(failed_);
        return error_.message;
    }

  private:
    Error error_;
    bool failed_ = false;
};

} // namespace jig
