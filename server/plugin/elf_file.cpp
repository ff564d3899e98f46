#include "plugin/elf_file.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace jig::plugin {

namespace {

#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
#elif defined(__riscv)
constexpr Elf64_Half kMachine = EM_RISCV;
#else
#error "name this machine's ELF number here"
#endif

constexpr unsigned char kByteOrder =
    std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;

} // namespace

bool ByteSource::read(std::uint64_t offset, void* to, std::size_t length) const {
    if (!holds(offset, length)) {
        return false;
    }
    if (length == 0) {
        return true;
    }
    if (memory_ != nullptr) {
        std::memcpy(to, memory_ + offset, length);
        return true;
    }
    auto* at = static_cast<char*>(to);
    while (length > 0) {
        const auto n = ::pread(fd_, at, length, static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        at += n;
        offset += static_cast<std::uint64_t>(n);
        length -= static_cast<std::size_t>(n);
    }
    return true;
}

std::string ElfFile::incomplete(std::string_view what) const {
    return "it is incomplete: " + std::string(what) + " past its " +
           std::to_string(source_.size()) +
           " bytes or unreadable; wait for the build to finish, or build it again";
}

std::string ElfFile::load() {
    for (const auto step : {&ElfFile::load_header, &ElfFile::load_segments}) {
        if (auto fault = (this->*step)(); !fault.empty()) {
            return fault;
        }
    }
    if (auto fault = check_sections(); !fault.empty()) {
        return fault;
    }
    return load_dynamic();
}

std::string ElfFile::load_header() {
    const std::string remedy = "; give the path of a plugin's .so";
    unsigned char magic[SELFMAG] = {};
    const auto begin = std::min<std::uint64_t>(source_.size(), SELFMAG);
    if (begin == 0) {
        return "it is empty; wait for the build to finish, or build it again";
    }
    if (!source_.read(0, magic, begin) || std::memcmp(magic, ELFMAG, begin) != 0) {
        return "it is no ELF shared library" + remedy;
    }
    const auto header = source_.get<Elf64_Ehdr>(0);
    if (!header) {
        return incomplete("the ELF header lies");
    }
    header_ = *header;
    if (header_.e_ident[EI_CLASS] != ELFCLASS64 || header_.e_ident[EI_DATA] != kByteOrder ||
        header_.e_machine != kMachine) {
        return "it is built for another machine (ELF machine " + std::to_string(header_.e_machine) +
               ", this one is " + std::to_string(kMachine) + "); build it for this one";
    }
    if (header_.e_type != ET_DYN) {
        return "it is an ELF file but no shared library" + remedy;
    }
    return {};
}

std::string ElfFile::load_segments() {
    const auto segments = source_.get_array<Elf64_Phdr>(header_.e_phoff, header_.e_phnum);
    if (header_.e_phentsize != sizeof(Elf64_Phdr) || header_.e_phnum == 0 || !segments) {
        return incomplete("the program headers lie");
    }
    segments_ = *segments;
    for (const auto& segment : segments_) {
        if (segment.p_type != PT_NULL && !source_.holds(segment.p_offset, segment.p_filesz)) {
            return incomplete("a segment reaches");
        }
    }
    return {};
}

std::string ElfFile::check_sections() const {
    if (header_.e_shoff == 0) {
        return {}; // stripped of them: the segments say all that the loader wants
    }
    if (header_.e_shentsize != sizeof(Elf64_Shdr)) {
        return incomplete("the section headers lie");
    }
    std::uint64_t count = header_.e_shnum;
    if (count == 0) { // more than 65,279: the first one says how many
        const auto first = source_.get<Elf64_Shdr>(header_.e_shoff);
        count = first ? first->sh_size : 1;
    }
    const auto sections = source_.get_array<Elf64_Shdr>(header_.e_shoff, count);
    if (!sections) {
        return incomplete("the section headers lie");
    }
    for (const auto& section : *sections) {
        const bool in_file = section.sh_type != SHT_NULL && section.sh_type != SHT_NOBITS;
        if (in_file && !source_.holds(section.sh_offset, section.sh_size)) {
            return incomplete("a section reaches");
        }
    }
    return {};
}

std::string ElfFile::load_dynamic() {
    const auto segment =
        std::find_if(segments_.begin(), segments_.end(),
                     [](const Elf64_Phdr& header) { return header.p_type == PT_DYNAMIC; });
    if (segment == segments_.end()) {
        return "it has no dynamic section; link it with -shared";
    }
    const auto dynamic =
        source_.get_array<Elf64_Dyn>(segment->p_offset, segment->p_filesz / sizeof(Elf64_Dyn));
    if (!dynamic) {
        return incomplete("the dynamic section lies");
    }
    dynamic_ = *dynamic;
    const auto end = std::find_if(dynamic_.begin(), dynamic_.end(),
                                  [](const Elf64_Dyn& entry) { return entry.d_tag == DT_NULL; });
    dynamic_.erase(end, dynamic_.end());

    const auto strings = file_offset(dynamic_value(DT_STRTAB).value_or(0));
    const auto strings_size = dynamic_value(DT_STRSZ);
    if (!strings || !strings_size || !source_.holds(*strings, *strings_size)) {
        return incomplete("the dynamic strings lie");
    }
    strings_.resize(*strings_size);
    if (!source_.read(*strings, strings_.data(), strings_.size())) {
        return incomplete("the dynamic strings lie");
    }
    const auto symbols = file_offset(dynamic_value(DT_SYMTAB).value_or(0));
    const auto count = symbol_count();
    if (!symbols || !count) {
        return incomplete("the dynamic symbols lie");
    }
    auto table = source_.get_array<Elf64_Sym>(*symbols, *count);
    if (!table) {
        return incomplete("the dynamic symbols lie");
    }
    symbols_ = std::move(*table);
    return {};
}

std::optional<std::uint64_t> ElfFile::dynamic_value(Elf64_Sxword tag) const {
    const auto entry = std::find_if(dynamic_.begin(), dynamic_.end(),
                                    [tag](const Elf64_Dyn& item) { return item.d_tag == tag; });
    return entry == dynamic_.end() ? std::nullopt : std::optional(entry->d_un.d_val);
}

std::optional<std::uint64_t> ElfFile::file_offset(std::uint64_t address) const {
    for (const auto& segment : segments_) {
        if (segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
            address - segment.p_vaddr < segment.p_filesz) {
            return segment.p_offset + (address - segment.p_vaddr); // within the file: load_segments
        }
    }
    return std::nullopt;
}

std::optional<std::uint64_t> ElfFile::symbol_count() const {
    if (const auto hash = dynamic_value(DT_HASH)) {
        if (const auto offset = file_offset(*hash)) {
            const auto words = source_.get_array<std::uint32_t>(*offset, 2);
            return words ? std::optional<std::uint64_t>((*words)[1]) : std::nullopt;
        }
    }
    if (const auto hash = dynamic_value(DT_GNU_HASH)) {
        if (const auto offset = file_offset(*hash)) {
            return gnu_hash_symbol_count(*offset);
        }
    }
    return std::nullopt;
}

/// The GNU hash table has no count: it is one more than the last symbol of the highest chain.
std::optional<std::uint64_t> ElfFile::gnu_hash_symbol_count(std::uint64_t offset) const {
    const auto head = source_.get_array<std::uint32_t>(offset, 4);
    if (!head) {
        return std::nullopt;
    }
    const std::uint64_t bucket_count = (*head)[0];
    const std::uint64_t first_symbol = (*head)[1];
    const std::uint64_t bloom_words = (*head)[2];
    const auto bucket_offset =
        offset + 4 * sizeof(std::uint32_t) + bloom_words * sizeof(std::uint64_t);
    const auto buckets = source_.get_array<std::uint32_t>(bucket_offset, bucket_count);
    if (!buckets || buckets->empty()) {
        return std::nullopt;
    }
    std::uint64_t symbol = *std::max_element(buckets->begin(), buckets->end());
    if (symbol < first_symbol) {
        return first_symbol; // nothing is exported
    }
    const auto chain_offset = bucket_offset + bucket_count * sizeof(std::uint32_t);
    while (true) {
        const auto link = source_.get<std::uint32_t>(chain_offset + (symbol - first_symbol) *
                                                                        sizeof(std::uint32_t));
        if (!link) {
            return std::nullopt;
        }
        ++symbol;
        if ((*link & 1U) != 0) {
            return symbol;
        }
    }
}

std::vector<std::string> ElfFile::dynamic_strings(Elf64_Sxword tag) const {
    std::vector<std::string> result;
    for (const auto& entry : dynamic_) {
        if (entry.d_tag == tag) {
            result.emplace_back(string_at(entry.d_un.d_val));
        }
    }
    return result;
}

std::string_view ElfFile::string_at(std::uint64_t offset) const {
    if (offset >= strings_.size()) {
        return {};
    }
    constexpr std::size_t kLongest = 4096; // a table without zeros must not cost its square
    const auto rest = std::string_view(strings_).substr(offset, kLongest);
    const auto end = rest.find('\0');
    return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
}

bool ElfFile::has_segment(Elf64_Word type) const {
    return std::any_of(segments_.begin(), segments_.end(),
                       [type](const Elf64_Phdr& segment) { return segment.p_type == type; });
}

std::vector<unsigned char> ElfFile::note(std::string_view owner, Elf64_Word type) const {
    for (const auto& segment : segments_) {
        if (segment.p_type != PT_NOTE) {
            continue;
        }
        const std::uint64_t align = segment.p_align == 8 ? 8 : 4;
        const auto padded = [align](std::uint64_t n) { return (n + align - 1) / align * align; };
        const auto end = segment.p_offset + segment.p_filesz;
        auto at = segment.p_offset;
        while (at < end && end - at >= sizeof(Elf64_Nhdr)) {
            const auto head = source_.get<Elf64_Nhdr>(at);
            if (!head) {
                break;
            }
            const auto name_at = at + sizeof(Elf64_Nhdr);
            const auto words_at = name_at + padded(head->n_namesz);
            const auto name = source_.get_array<char>(name_at, head->n_namesz);
            auto words = source_.get_array<unsigned char>(words_at, head->n_descsz);
            if (!name || !words) {
                break;
            }
            const bool named = std::string_view(name->data(), name->size()) ==
                               std::string_view(std::string(owner) + '\0');
            if (named && head->n_type == type) {
                return *words;
            }
            at = words_at + padded(head->n_descsz);
        }
    }
    return {};
}

} // namespace jig::plugin
