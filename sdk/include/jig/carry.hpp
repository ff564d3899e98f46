// jig/carry.hpp: live DSP memory that goes from one build to the next.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/plugin.h>
#include <jig/voices.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace jig::detail {

/// FNV-1a, 64 bits (Fowler, Noll, Vo).
constexpr std::uint64_t hash(std::string_view text, std::uint64_t seed = 0xCBF29CE484222325u) {
    for (const char c : text) {
        seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
    }
    return seed;
}

/// What names a layout: the kind and size of a number, the class of anything else.
template <typename T>
constexpr std::uint64_t type_hash() {
    if constexpr (std::is_enum_v<T>) {
        return type_hash<std::underlying_type_t<T>>();
    } else if constexpr (std::is_arithmetic_v<T>) {
        const char kind = std::is_floating_point_v<T> ? 'f' : std::is_signed_v<T> ? 'i' : 'u';
        return hash({&kind, 1}, sizeof(T));
    } else {
        return hash(__PRETTY_FUNCTION__, sizeof(T));
    }
}

template <typename T, typename Visitor>
concept carries = requires(T& value, Visitor& visit) {
    value.carry(visit);
};

/// The tag of the format below, whatever the fields: each has a tag of its own.
inline constexpr std::uint64_t kCarryTag = hash("jig-sdk carry 1");

/// A field: its key, its size, and then that many bytes.
struct CarryField {
    std::uint64_t key;
    std::uint64_t bytes;
};

/// Walks over named fields down to those that are plain memory. `Target` takes these:
/// field(key, bytes, size).
template <typename Target>
class CarryVisitor {
  public:
    /// v("delay", delay_): numbers, enums, arrays, vectors (of the size that activate gave them),
    /// classes that have a carry, and classes that may be copied as memory.
    template <typename T>
    void operator()(std::string_view name, T& value) {
        const auto outer = path_;
        path_ = hash(name, path_ * 31 + 1);
        visit(value);
        path_ = outer;
    }

  protected:
    ~CarryVisitor() = default;

  private:
    template <typename T>
    void visit(T& value) {
        auto& self = static_cast<Target&>(*this);
        if constexpr (carries<T, Target> || std::derived_from<T, Voice>) {
            if constexpr (std::derived_from<T, Voice>) {
                value.carry_note(self);
            }
            if constexpr (carries<T, Target>) {
                value.carry(self);
            }
        } else {
            static_assert(std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>,
                          "jig: what is carried is copied as memory, or has a carry of its own");
            self.field(key<T>(1), std::as_writable_bytes(std::span(&value, 1)));
        }
    }
    template <typename T, std::size_t N>
    void visit(std::array<T, N>& values) {
        visit_all(std::span<T>(values));
    }
    template <typename T, std::size_t N>
    void visit(T (&values)[N]) {
        visit_all(std::span<T>(values));
    }
    template <typename T>
    void visit(std::vector<T>& values) {
        visit_all(std::span<T>(values));
    }
    template <typename T>
    void visit(std::span<T>& values) {
        visit_all(values);
    }

    template <typename T>
    void visit_all(std::span<T> values) {
        if constexpr (std::is_trivially_copyable_v<T> && !std::is_pointer_v<T> &&
                      !carries<T, Target> && !std::derived_from<T, Voice>) {
            static_cast<Target&>(*this).field(key<T>(values.size()),
                                              std::as_writable_bytes(values));
        } else {
            const auto outer = path_;
            for (std::size_t i = 0; i < values.size(); ++i) {
                path_ = (outer + i + 1) * 0x100000001B3u;
                visit(values[i]);
            }
            path_ = outer;
        }
    }

    template <typename T>
    [[nodiscard]] std::uint64_t key(std::size_t count) const {
        return (path_ ^ type_hash<std::remove_cv_t<T>>()) * 0x100000001B3u + count;
    }

    std::uint64_t path_ = hash("");
};

/// How many bytes there would be.
class CarrySize : public CarryVisitor<CarrySize> {
  public:
    static constexpr bool loading = false;
    void field(std::uint64_t, std::span<std::byte> memory) {
        bytes_ += sizeof(CarryField) + memory.size();
    }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

  private:
    std::size_t bytes_ = 0;
};

/// Writes every field; stops at the sink's first error. [audio]
class CarryWriter : public CarryVisitor<CarryWriter> {
  public:
    static constexpr bool loading = false;
    explicit CarryWriter(const jig_sink& sink) : sink_(sink) {}

    void field(std::uint64_t key, std::span<std::byte> memory) {
        const CarryField head{key, memory.size()};
        write(&head, sizeof head);
        write(memory.data(), memory.size());
    }
    [[nodiscard]] jig_status status() const { return status_; }

  private:
    void write(const void* bytes, std::size_t size) {
        if (status_ >= 0) {
            status_ = sink_.write(sink_.ctx, bytes, size);
        }
    }

    const jig_sink& sink_;
    jig_status status_ = JIG_OK;
};

/// Fills each field whose name, type and size are among those that were written, and leaves the
/// others as they are.
class CarryReader : public CarryVisitor<CarryReader> {
  public:
    static constexpr bool loading = true;
    explicit CarryReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

    /// Whether it is fields from end to end.
    [[nodiscard]] bool well_formed() const {
        std::size_t at = 0;
        while (at < bytes_.size()) {
            if (bytes_.size() - at < sizeof(CarryField) ||
                head(at).bytes > bytes_.size() - at - sizeof(CarryField)) {
                return false;
            }
            at = after(at);
        }
        return true;
    }

    void field(std::uint64_t key, std::span<std::byte> memory) {
        ++wanted_;
        // Mostly the fields come in the order in which they are wanted.
        if (fill(key, memory, next_, bytes_.size()) || fill(key, memory, 0, next_)) {
            ++filled_;
        }
    }

    /// Fields that were asked for, and those that got their memory.
    [[nodiscard]] std::size_t wanted() const { return wanted_; }
    [[nodiscard]] std::size_t filled() const { return filled_; }

  private:
    [[nodiscard]] CarryField head(std::size_t at) const {
        CarryField field{};
        std::memcpy(&field, bytes_.data() + at, sizeof field);
        return field;
    }
    [[nodiscard]] std::size_t after(std::size_t at) const {
        return at + sizeof(CarryField) + head(at).bytes;
    }

    /// Looks for the field from byte `at` on.
    bool fill(std::uint64_t key, std::span<std::byte> memory, std::size_t at, std::size_t end) {
        for (; at < end; at = after(at)) {
            if (head(at).key == key && head(at).bytes == memory.size()) {
                std::memcpy(memory.data(), bytes_.data() + at + sizeof(CarryField), memory.size());
                next_ = after(at);
                return true;
            }
        }
        return false;
    }

    std::span<const std::byte> bytes_;
    std::size_t next_ = 0;
    std::size_t wanted_ = 0;
    std::size_t filled_ = 0;
};

} // namespace jig::detail
