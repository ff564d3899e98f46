// jig/plugin/elf_file.hpp: bounds-checked reading of an ELF64 file that may be cut off or corrupt.
#pragma once

#include <cstddef>
#include <cstdint>
#include <elf.h>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace jig::plugin {

/// Bytes in memory, or an open file read by pread. Nothing outside them is ever touched.
class ByteSource {
  public:
    explicit ByteSource(std::span<const std::byte> bytes)
        : memory_(bytes.data()), size_(bytes.size()) {}
    /// `size` is the file's, as far as the caller knows; a shorter read is a failed one.
    ByteSource(int fd, std::uint64_t size) : fd_(fd), size_(size) {}

    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] bool holds(std::uint64_t offset, std::uint64_t length) const {
        return offset <= size_ && length <= size_ - offset;
    }
    /// Whether all of it could be read.
    [[nodiscard]] bool read(std::uint64_t offset, void* to, std::size_t length) const;

    template <typename T>
    [[nodiscard]] std::optional<T> get(std::uint64_t offset) const {
        static_assert(std::is_trivially_copyable_v<T>);
        T value{};
        return read(offset, &value, sizeof value) ? std::optional<T>(value) : std::nullopt;
    }

    template <typename T>
    [[nodiscard]] std::optional<std::vector<T>> get_array(std::uint64_t offset,
                                                          std::uint64_t count) const {
        static_assert(std::is_trivially_copyable_v<T>);
        if (count > size_ / sizeof(T) || !holds(offset, count * sizeof(T))) {
            return std::nullopt;
        }
        std::vector<T> values(count);
        return read(offset, values.data(), count * sizeof(T)) ? std::optional(std::move(values))
                                                              : std::nullopt;
    }

  private:
    const std::byte* memory_ = nullptr;
    int fd_ = -1;
    std::uint64_t size_ = 0;
};

/// The tables of an ELF64 shared object that image.cpp asks about. load() first.
class ElfFile {
  public:
    explicit ElfFile(const ByteSource& source) : source_(source) {}

    /// "" when the file is a whole shared object for this machine, else the fault and its remedy.
    [[nodiscard]] std::string load();

    /// The string that the dynamic entry `tag` points to, in order, once for each such entry.
    [[nodiscard]] std::vector<std::string> dynamic_strings(Elf64_Sxword tag) const;
    [[nodiscard]] const std::vector<Elf64_Sym>& symbols() const { return symbols_; }
    /// "" if the offset lies outside the table or the string is longer than 4095 bytes.
    [[nodiscard]] std::string_view string_at(std::uint64_t offset) const;
    [[nodiscard]] bool has_segment(Elf64_Word type) const;
    /// The descriptor of the first note with this owner and type.
    [[nodiscard]] std::vector<unsigned char> note(std::string_view owner, Elf64_Word type) const;

  private:
    std::string load_header();
    std::string load_segments();
    std::string check_sections() const;
    std::string load_dynamic();
    std::optional<std::uint64_t> dynamic_value(Elf64_Sxword tag) const;
    std::optional<std::uint64_t> file_offset(std::uint64_t address) const;
    std::optional<std::uint64_t> symbol_count() const;
    std::optional<std::uint64_t> gnu_hash_symbol_count(std::uint64_t offset) const;
    std::string incomplete(std::string_view what) const;

    const ByteSource& source_;
    Elf64_Ehdr header_{};
    std::vector<Elf64_Phdr> segments_;
    std::vector<Elf64_Dyn> dynamic_;
    std::string strings_;
    std::vector<Elf64_Sym> symbols_;
};

} // namespace jig::plugin
