// jig/build/diagnostics.hpp: what a compiler or linker complains of, as file, line and column.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jig::build {

enum class Severity { note, warning, error };

struct Diagnostic {
    Severity severity = Severity::error;
    std::string file;         ///< absolute where the compiler's folder is known; "": of no file
    std::uint32_t line = 0;   ///< from 1; 0: not said
    std::uint32_t column = 0; ///< from 1; 0: not said
    std::string message;

    bool operator==(const Diagnostic&) const = default;
};

/// Reads a build's output line by line: GCC and clang, GNU ld, gold, lld and mold, CMake, rustc and
/// faust. Colours are ignored; a `make[n]: Entering directory` says what relative names belong to.
/// Not thread-safe.
class DiagnosticReader {
  public:
    /// `folder`: where the build command runs.
    explicit DiagnosticReader(std::filesystem::path folder) : folders_{std::move(folder)} {}

    void read(std::string_view line);
    /// In order, without those that came twice; at most kMost.
    [[nodiscard]] const std::vector<Diagnostic>& found() const { return found_; }
    /// What was beyond kMost.
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

    static constexpr std::size_t kMost = 200;

  private:
    void add(Diagnostic diagnostic);
    [[nodiscard]] std::string located(std::string_view file) const;
    [[nodiscard]] bool changes_folder(const std::string& line);
    [[nodiscard]] bool continues_rust(const std::string& line);

    std::vector<std::filesystem::path> folders_; ///< the innermost last
    std::vector<Diagnostic> found_;
    std::optional<Diagnostic> pending_; ///< of rustc: its place comes in a later line
    std::uint64_t dropped_ = 0;
};

/// `text` without terminal escape sequences and control characters but tabs.
[[nodiscard]] std::string plain(std::string_view text);

} // namespace jig::build
