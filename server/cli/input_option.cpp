#include "cli/input_option.hpp"

#include <charconv>
#include <optional>
#include <vector>

namespace jig::cli {

namespace {

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (std::size_t end = 0; end != std::string::npos; begin = end + 1) {
        end = text.find(at, begin);
        parts.push_back(text.substr(begin, end - begin));
    }
    return parts;
}

std::optional<double> number(const std::string& text, double least, double most) {
    double value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = fault == std::errc() && end == text.data() + text.size();
    return whole && value >= least && value <= most ? std::optional(value) : std::nullopt;
}

Error refuse(const std::string& text) {
    return Error{"--input " + text +
                 " is not understood; it takes device, off, file:X.wav[,loop], sine:HZ[,DBFS], "
                 "noise[:DBFS] or impulse[:HZ[,DBFS]] with HZ above 0 and DBFS from -120 to 0"};
}

Result<session::InputOptions> parse_generator(const std::string& text, wire::InputKind kind,
                                              std::vector<std::string> numbers) {
    session::InputOptions input;
    input.kind = kind;
    input.hz = kind == wire::InputKind::impulse ? 1 : input.hz;
    if (kind == wire::InputKind::noise) {
        numbers.insert(numbers.begin(), "1000"); // noise has a level only
    }
    if (numbers.size() > 2) {
        return refuse(text);
    }
    const auto hz = numbers.empty() ? input.hz : number(numbers[0], 1e-3, 192000);
    const auto level = numbers.size() < 2 ? input.level_db : number(numbers[1], -120, 0);
    if (!hz || !level) {
        return refuse(text);
    }
    input.hz = *hz;
    input.level_db = *level;
    return input;
}

} // namespace

Result<session::InputOptions> parse_input(const std::string& text) {
    const auto colon = text.find(':');
    const auto name = text.substr(0, colon);
    const bool has_rest = colon != std::string::npos;
    const auto rest = has_rest ? text.substr(colon + 1) : "";
    session::InputOptions input;
    if (name == "file") {
        input.kind = wire::InputKind::file;
        input.loop = rest.size() >= 5 && rest.substr(rest.size() - 5) == ",loop";
        input.file = input.loop ? rest.substr(0, rest.size() - 5) : rest;
        return input.file.empty() ? Result<session::InputOptions>(refuse(text)) : input;
    }
    if (!has_rest && (name == "device" || name == "off")) {
        input.kind = name == "device" ? wire::InputKind::device : wire::InputKind::off;
        return input;
    }
    const auto numbers = has_rest ? split(rest, ',') : std::vector<std::string>();
    if (name == "sine") {
        return parse_generator(text, wire::InputKind::sine, numbers);
    }
    if (name == "noise") {
        return parse_generator(text, wire::InputKind::noise, numbers);
    }
    if (name == "impulse") {
        return parse_generator(text, wire::InputKind::impulse, numbers);
    }
    return refuse(text);
}

} // namespace jig::cli
