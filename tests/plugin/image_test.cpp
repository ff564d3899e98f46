#include "plugin/image.hpp"
#include "tests/plugins/test_plugins.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <fstream>
#include <random>

namespace jig::plugin {
namespace {

using testing::HasSubstr;
using tests::test_plugin;

std::vector<std::byte> bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    std::vector<std::byte> bytes(text.size());
    std::memcpy(bytes.data(), text.data(), text.size());
    return bytes;
}

Image image_of(const std::filesystem::path& path) {
    auto image = read_image_file(path);
    EXPECT_TRUE(image.ok()) << image.error();
    return image ? *image : Image{};
}

std::string fault_of(const std::vector<std::byte>& bytes) {
    const auto image = read_image(bytes, "x.so");
    EXPECT_FALSE(image.ok());
    return image ? "" : image.error();
}

TEST(ReadImage, tells_what_a_plugin_is_made_of) {
    const auto gain = image_of(tests::kGain);
    EXPECT_TRUE(gain.exports_entry);
    EXPECT_THAT(gain.needed, testing::Contains("libc.so.6"));
    EXPECT_EQ(gain.build_id.size(), 40u) << "SHA-1";
    EXPECT_EQ(gain.build_id.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_FALSE(gain.uses_origin);
    EXPECT_FALSE(gain.has_tls);
    EXPECT_THAT(gain.other_entries, testing::IsEmpty());
}

TEST(ReadImage, finds_no_unique_symbol_in_what_jig_add_plugin_builds) {
    EXPECT_FALSE(image_of(tests::kCrush).has_unique_symbols);
    EXPECT_FALSE(image_of(tests::kSynth).has_unique_symbols);
}

TEST(ReadImage, finds_unique_symbols) {
#if defined(__clang__)
    EXPECT_FALSE(image_of(test_plugin("unique_symbol")).has_unique_symbols) << "clang makes none";
#else
    EXPECT_TRUE(image_of(test_plugin("unique_symbol")).has_unique_symbols);
#endif
    EXPECT_FALSE(image_of(test_plugin("plain")).has_unique_symbols);
}

TEST(ReadImage, finds_thread_local_storage) {
    EXPECT_TRUE(image_of(test_plugin("thread_local")).has_tls);
}

TEST(ReadImage, finds_a_run_path_beside_the_library) {
    const auto image = image_of(test_plugin("origin"));
    EXPECT_THAT(image.run_path, HasSubstr("$ORIGIN/lib"));
    EXPECT_TRUE(image.uses_origin);
}

TEST(ReadImage, finds_the_entry_of_another_major_version) {
    const auto image = image_of(test_plugin("wrong_abi"));
    EXPECT_FALSE(image.exports_entry);
    EXPECT_THAT(image.other_entries, testing::ElementsAre("jig_entry_v2"));
}

TEST(ReadImage, reads_the_same_from_a_file_and_from_memory) {
    EXPECT_EQ(*read_image(bytes_of(tests::kSynth), "synth.so"), image_of(tests::kSynth));
}

TEST(ReadImage, reads_other_people_s_libraries) {
    for (const char* name : {"libc.so.6", "libm.so.6", "libstdc++.so.6"}) {
        void* handle = ::dlopen(name, RTLD_NOW);
        ASSERT_NE(handle, nullptr) << name;
        Dl_info info{};
        const char* symbol = std::string(name) == "libm.so.6"        ? "cos"
                             : std::string(name) == "libstdc++.so.6" ? "_ZSt9terminatev"
                                                                     : "getpid";
        ASSERT_NE(::dladdr(::dlsym(handle, symbol), &info), 0);
        const auto image = image_of(info.dli_fname);
        EXPECT_EQ(image.soname, name);
        EXPECT_FALSE(image.exports_entry);
        ::dlclose(handle);
    }
}

TEST(ReadImage, refuses_every_truncation) {
    const auto whole = bytes_of(test_plugin("plain"));
    ASSERT_GT(whole.size(), 4096u);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        // A copy of just this size, so that AddressSanitizer sees a step beyond it.
        const std::vector<std::byte> part(whole.begin(),
                                          whole.begin() + static_cast<std::ptrdiff_t>(size));
        ASSERT_FALSE(read_image(part, "x.so").ok()) << size << " of " << whole.size() << " bytes";
    }
    EXPECT_TRUE(read_image(whole, "x.so").ok());
}

TEST(ReadImage, refuses_a_file_that_has_its_size_but_not_yet_its_content) {
    const auto whole = bytes_of(test_plugin("plain"));
    for (const std::size_t written : {std::size_t{0}, sizeof(Elf64_Ehdr), std::size_t{1024}}) {
        auto part = whole;
        std::fill(part.begin() + static_cast<std::ptrdiff_t>(written), part.end(), std::byte{0});
        EXPECT_FALSE(read_image(part, "x.so").ok()) << written;
    }
}

TEST(ReadImage, survives_any_corruption) {
    const auto whole = bytes_of(test_plugin("plain"));
    std::mt19937_64 random(1);
    int readable = 0;
    for (int round = 0; round < 20000; ++round) {
        auto bytes = whole;
        // Half of the hits in the headers, where they hurt most.
        const std::size_t span = round % 2 == 0 ? 1024 : bytes.size();
        for (int hit = 0; hit < 1 + round % 8; ++hit) {
            bytes[random() % span] = static_cast<std::byte>(random());
        }
        readable += read_image(bytes, "x.so").ok() ? 1 : 0;
    }
    EXPECT_GT(readable, 0);
    EXPECT_LT(readable, 20000);
}

TEST(ReadImage, survives_random_words_in_the_headers) {
    const auto whole = bytes_of(test_plugin("plain"));
    std::mt19937_64 random(2);
    const std::uint64_t extremes[] = {
        0, 1, 0x7FFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFF, whole.size(), whole.size() - 1};
    for (int round = 0; round < 20000; ++round) {
        auto bytes = whole;
        const auto word = extremes[random() % std::size(extremes)];
        const auto at = 16 + random() % 1500;
        std::memcpy(bytes.data() + at, &word, sizeof word);
        (void)read_image(bytes, "x.so").ok();
    }
}

TEST(ReadImage, names_what_it_was_given_instead) {
    auto bytes = bytes_of(test_plugin("plain"));
    EXPECT_THAT(fault_of({}), HasSubstr("x.so: it is empty"));
    EXPECT_THAT(fault_of(std::vector<std::byte>(100, std::byte{'a'})), HasSubstr("no ELF"));

    auto other_machine = bytes;
    other_machine[offsetof(Elf64_Ehdr, e_machine)] = std::byte{EM_S390};
    EXPECT_THAT(fault_of(other_machine), HasSubstr("another machine"));

    auto program = bytes;
    program[offsetof(Elf64_Ehdr, e_type)] = std::byte{ET_EXEC};
    EXPECT_THAT(fault_of(program), HasSubstr("no shared library"));

    bytes.resize(bytes.size() - 1);
    EXPECT_THAT(fault_of(bytes), HasSubstr("incomplete"));
}

} // namespace
} // namespace jig::plugin
