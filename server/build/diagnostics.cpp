#include "build/diagnostics.hpp"

#include <algorithm>
#include <charconv>
#include <regex>
#include <utility>

namespace jig::build {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestLine = 4096; ///< std::regex recurses: longer ones are cut

std::uint32_t number(const std::string& text) {
    std::uint32_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

Severity severity_of(const std::string& word) {
    if (word == "note") {
        return Severity::note;
    }
    return word == "warning" ? Severity::warning : Severity::error;
}

/// "gain.cpp:12:5: error: …", the column may be missing; also faust's "gain.dsp:3 : ERROR : …".
const std::regex kCompiler(
    R"(^([^\s:(][^:(]*):(\d+)(?::(\d+))?\s?:\s(?:fatal\s)?(error|warning|note|ERROR)\s?:\s(.*)$)");
/// "/usr/bin/ld: gain.cpp:12: undefined reference to `f'", "ld.lld: error: …", "mold: error: …".
const std::regex kLinkerAt(
    R"(^(?:[^\s:]*ld[^\s:]*:\s)?([^\s:]+\.(?:c|cc|cpp|cxx|h|hpp)):(\d+):\s((?:undefined reference|multiple definition|first defined).*)$)");
const std::regex kLinker(
    R"(^(?:[^\s:]*(?:ld|ld\.bfd|ld\.gold|ld\.lld|mold|collect2)):\s(?:fatal\s)?(?:error:\s)?(.*(?:undefined|cannot find|multiple definition|duplicate symbol|recompile with -fPIC|ld returned).*)$)");
const std::regex
    kUndefined(R"(^\S+\.o:.*:\s(undefined reference to .*|multiple definition of .*)$)");
const std::regex kCMake(R"(^CMake (Error|Warning)[^:]* at ([^:]+):(\d+)[^:]*:$)");
const std::regex kRust(R"(^(error|warning)(?:\[[A-Z0-9]+\])?: (.*)$)");
const std::regex kRustAt(R"(^\s*--> ([^:]+):(\d+):(\d+)$)");
const std::regex
    kFolder(R"(^(?:\S*make|ninja)(?:\[\d+\])?: (Entering|Leaving) directory [`'](.*)'$)");

} // namespace

std::string plain(std::string_view text) {
    std::string kept;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c == 0x1b) {
            // A control sequence ends with a letter; an operating system command with BEL or ST.
            const bool command = i + 1 < text.size() && text[i + 1] == ']';
            for (++i; i < text.size(); ++i) {
                const char at = text[i];
                if (command ? at == '\a' || at == '\\' : (at >= '@' && at <= '~' && at != '[')) {
                    break;
                }
            }
        } else if (c >= 0x20 || c == '\t') {
            kept += text[i];
        }
    }
    return kept;
}

std::string DiagnosticReader::located(std::string_view file) const {
    fs::path path(file);
    return path.is_absolute() ? path.lexically_normal().string()
                              : (folders_.back() / path).lexically_normal().string();
}

void DiagnosticReader::add(Diagnostic diagnostic) {
    if (std::find(found_.begin(), found_.end(), diagnostic) != found_.end()) {
        return; // a header that two sources include
    }
    if (found_.size() == kMost) {
        ++dropped_;
        return;
    }
    found_.push_back(std::move(diagnostic));
}

bool DiagnosticReader::changes_folder(const std::string& line) {
    std::smatch match;
    if (!std::regex_match(line, match, kFolder)) {
        return false;
    }
    if (match[1] == "Entering") {
        folders_.emplace_back(match[2].str());
    } else if (folders_.size() > 1) {
        folders_.pop_back();
    }
    return true;
}

/// rustc and CMake say what first and where, or where first and what, in two lines.
bool DiagnosticReader::continues_rust(const std::string& line) {
    std::smatch match;
    if (!pending_) {
        return false;
    }
    if (std::regex_match(line, match, kRustAt)) {
        pending_->file = located(match[1].str());
        pending_->line = number(match[2]);
        pending_->column = number(match[3]);
        add(*std::exchange(pending_, std::nullopt));
        return true;
    }
    if (!pending_->file.empty() && !line.empty()) { // CMake's message
        pending_->message = line.substr(line.find_first_not_of(' '));
        add(*std::exchange(pending_, std::nullopt));
        return true;
    }
    return false;
}

void DiagnosticReader::read(std::string_view raw) {
    const std::string line = plain(raw.substr(0, kLongestLine));
    std::smatch match;
    if (changes_folder(line) || continues_rust(line)) {
        return;
    }
    if (std::regex_match(line, match, kCompiler)) {
        add({severity_of(match[4]), located(match[1].str()), number(match[2]), number(match[3]),
             match[5]});
    } else if (std::regex_match(line, match, kLinkerAt)) {
        add({Severity::error, located(match[1].str()), number(match[2]), 0, match[3]});
    } else if (std::regex_match(line, match, kLinker) ||
               std::regex_match(line, match, kUndefined)) {
        if (match[1].str().find("ld returned") == std::string::npos) {
            add({Severity::error, "", 0, 0, match[1]});
        }
    } else if (std::regex_match(line, match, kCMake)) {
        pending_ = Diagnostic{match[1] == "Error" ? Severity::error : Severity::warning,
                              located(match[2].str()), number(match[3]), 0, ""};
    } else if (std::regex_match(line, match, kRust)) {
        pending_ = Diagnostic{severity_of(match[1]), "", 0, 0, match[2]};
    }
}

} // namespace jig::build
