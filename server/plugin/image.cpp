#include "plugin/image.hpp"

#include "base/fd.hpp"
#include "plugin/elf_file.hpp"

#include <jig/plugin.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>

namespace jig::plugin {

namespace {

std::string why(int error) {
    return std::generic_category().message(error);
}

std::string hex(const std::vector<unsigned char>& bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : bytes) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 15U];
    }
    return text;
}

std::string joined(const std::vector<std::string>& paths) {
    std::string text;
    for (const auto& path : paths) {
        text += (text.empty() ? "" : ":") + path;
    }
    return text;
}

void note_symbols(const ElfFile& elf, Image& image) {
    constexpr std::string_view kPrefix = "jig_entry_v";
    for (const auto& symbol : elf.symbols()) {
        const auto binding = ELF64_ST_BIND(symbol.st_info);
        if (symbol.st_shndx == SHN_UNDEF || binding == STB_LOCAL) {
            continue;
        }
        image.has_unique_symbols = image.has_unique_symbols || binding == STB_GNU_UNIQUE;
        const auto name = elf.string_at(symbol.st_name);
        if (name == JIG_ENTRY_SYMBOL) {
            image.exports_entry = true;
        } else if (name.substr(0, kPrefix.size()) == kPrefix) {
            image.other_entries.emplace_back(name);
        }
    }
}

Result<Image> read(const ByteSource& source, std::string_view name) {
    ElfFile elf(source);
    if (const auto fault = elf.load(); !fault.empty()) {
        return Error{std::string(name) + ": " + fault};
    }
    Image image;
    image.needed = elf.dynamic_strings(DT_NEEDED);
    image.soname = joined(elf.dynamic_strings(DT_SONAME));
    image.run_path = joined(elf.dynamic_strings(DT_RUNPATH));
    if (image.run_path.empty()) {
        image.run_path = joined(elf.dynamic_strings(DT_RPATH));
    }
    image.uses_origin = image.run_path.find("$ORIGIN") != std::string::npos ||
                        image.run_path.find("${ORIGIN}") != std::string::npos;
    image.build_id = hex(elf.note("GNU", NT_GNU_BUILD_ID));
    image.has_tls = elf.has_segment(PT_TLS);
    note_symbols(elf, image);
    return image;
}

} // namespace

Result<Image> read_image(std::span<const std::byte> bytes, std::string_view name) {
    return read(ByteSource(bytes), name);
}

Result<Image> read_image(int fd, std::string_view name) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) {
        return Error{std::string(name) + ": cannot be read: " + why(errno) +
                     "; check the path and its permissions"};
    }
    if (!S_ISREG(status.st_mode)) {
        return Error{std::string(name) +
                     ": it is no regular file; give the path of a plugin's .so"};
    }
    return read(ByteSource(fd, static_cast<std::uint64_t>(status.st_size)), name);
}

Result<Image> read_image_file(const std::filesystem::path& path) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) {
        return Error{path.string() + ": cannot be opened: " + why(errno) +
                     "; check the path and its permissions"};
    }
    return read_image(fd.get(), path.string());
}

} // namespace jig::plugin
