// jig/link/archive.hpp: plain structs to bytes and back, for the control channel.
//
// A struct takes part by a function `template <class A> void fields(A& a, T& t) { a(t.x, t.y); }`
// found by argument-dependent lookup. Reader believes nothing: a short or absurd input makes it
// fail, never read beyond its bytes, and never allocate more than the input is long.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace jig::link {

class Writer {
  public:
    template <typename... T>
    void operator()(T&... values) {
        (put(values), ...);
    }
    [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

  private:
    template <typename T>
    void put(T& value) {
        if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
            raw(&value, sizeof value);
        } else {
            fields(*this, value);
        }
    }
    void put(std::string& text) {
        size(text.size());
        raw(text.data(), text.size());
    }
    template <typename T>
    void put(std::vector<T>& items) {
        size(items.size());
        for (auto& item : items) {
            put(item);
        }
    }
    template <typename A, typename B>
    void put(std::pair<A, B>& both) {
        put(both.first);
        put(both.second);
    }
    void size(std::size_t count) {
        auto n = static_cast<std::uint32_t>(count);
        raw(&n, sizeof n);
    }
    void raw(const void* data, std::size_t count) {
        const auto* from = static_cast<const std::byte*>(data);
        bytes_.insert(bytes_.end(), from, from + count);
    }

    std::vector<std::byte> bytes_;
};

class Reader {
  public:
    explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

    template <typename... T>
    void operator()(T&... values) {
        (get(values), ...);
    }
    /// Everything was there, and nothing else.
    [[nodiscard]] bool complete() const { return ok_ && bytes_.empty(); }

  private:
    template <typename T>
    void get(T& value) {
        if constexpr (std::is_same_v<T, bool>) {
            std::uint8_t byte = 0;
            raw(&byte, 1);
            value = byte != 0;
        } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
            raw(&value, sizeof value);
        } else {
            fields(*this, value);
        }
    }
    void get(std::string& text) {
        const auto count = size();
        text.assign(reinterpret_cast<const char*>(bytes_.data()), count);
        bytes_ = bytes_.subspan(count);
    }
    template <typename T>
    void get(std::vector<T>& items) {
        const auto count = size(); // no item is shorter than a byte
        items.clear();
        for (std::size_t i = 0; i < count && ok_; ++i) {
            get(items.emplace_back());
        }
    }
    template <typename A, typename B>
    void get(std::pair<A, B>& both) {
        get(both.first);
        get(both.second);
    }
    std::size_t size() {
        std::uint32_t n = 0;
        raw(&n, sizeof n);
        if (n > bytes_.size()) {
            ok_ = false;
        }
        return ok_ ? n : 0;
    }
    void raw(void* target, std::size_t count) {
        if (!ok_ || count > bytes_.size()) {
            ok_ = false;
            std::memset(target, 0, count);
            return;
        }
        std::memcpy(target, bytes_.data(), count);
        bytes_ = bytes_.subspan(count);
    }

    std::span<const std::byte> bytes_;
    bool ok_ = true;
};

template <typename T>
[[nodiscard]] std::vector<std::byte> to_bytes(T value) {
    Writer writer;
    writer(value);
    return writer.take();
}

/// Whether `bytes` are exactly a T; only then is `value` whole.
template <typename T>
[[nodiscard]] bool from_bytes(std::span<const std::byte> bytes, T& value) {
    Reader reader(bytes);
    reader(value);
    return reader.complete();
}

} // namespace jig::link
