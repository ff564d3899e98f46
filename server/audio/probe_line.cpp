#include "audio/probe_line.hpp"

#include <sstream>

namespace jig::audio {

namespace {

constexpr const char* kFound = "jig-probe found ";
constexpr const char* kError = "jig-probe error ";

/// What follows `mark` on its line.
std::string after(const std::string& output, const std::string& mark) {
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        if (line.compare(0, mark.size(), mark) == 0) {
            return line.substr(mark.size());
        }
    }
    return {};
}

} // namespace

std::string format_probe_line(const JackServer& server) {
    return kFound + std::to_string(server.rate_hz) + " " + std::to_string(server.period_frames) +
           " " + (server.realtime ? "1 " : "0 ") + server.name;
}

std::string format_probe_error(const std::string& sentence) {
    return kError + sentence;
}

Result<JackServer> parse_probe_output(const std::string& output) {
    if (const std::string sentence = after(output, kError); !sentence.empty()) {
        return Error{sentence};
    }
    std::istringstream fields(after(output, kFound));
    JackServer server;
    fields >> server.rate_hz >> server.period_frames >> server.realtime >> std::ws;
    if (!fields || !std::getline(fields, server.name)) {
        return Error{"The probe for a JACK server ended without an answer; run it by hand to see "
                     "why."};
    }
    return server;
}

} // namespace jig::audio
