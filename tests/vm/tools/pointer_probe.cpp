// Watches how far the application is ahead of the hardware, as the kernel says it in /proc, several
// times a period; prints a line of JSON at the end.
//
//     pointer_probe STATUS-FILE PERIOD SECONDS      /proc/asound/card1/pcm0p/sub0/status
#include "card.hpp"

#include <algorithm>
#include <cstdint>
#include <fcntl.h>
#include <limits>
#include <time.h>
#include <unistd.h>

namespace {

/// The number after a word of the file; none: the stream does not run.
bool number_after(const std::string& text, const char* word, long& value) {
    const auto at = text.find(word);
    const auto colon = at == std::string::npos ? at : text.find(':', at);
    if (colon == std::string::npos) {
        return false;
    }
    value = std::strtol(text.c_str() + colon + 1, nullptr, 10);
    return true;
}

struct Pointers {
    long hardware = 0;
    long application = 0;

    bool read(const char* path) {
        char text[1024];
        const int file = ::open(path, O_RDONLY);
        const auto size = file < 0 ? -1 : ::read(file, text, sizeof text);
        ::close(file);
        const std::string said(text, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
        return said.find("state: RUNNING") != std::string::npos &&
               number_after(said, "hw_ptr", hardware) &&
               number_after(said, "appl_ptr", application);
    }
};

} // namespace

int main(int count, char** words) {
    if (count != 4) {
        return 2;
    }
    const long period = std::atol(words[2]);
    // Not a whole part of the period, so that every phase of it is seen.
    const long step_ns = period * 1'000'000'000L / 48000 * 2317 / 10000;
    const auto samples =
        static_cast<long>(std::atof(words[3]) * 1e9 / static_cast<double>(step_ns));
    // Above the application: it is looked at after the tick and before it can answer, too.
    jig::vm::run_realtime(90);
    timespec next{};
    clock_gettime(CLOCK_MONOTONIC, &next);
    Pointers now;
    Pointers before;
    long least = std::numeric_limits<long>::max();
    long most = std::numeric_limits<long>::min();
    long seen = 0, not_running = 0, cycles = 0, longest = 0;
    for (long i = 0; i < samples; ++i) {
        next.tv_nsec += step_ns;
        next.tv_sec += next.tv_nsec / 1'000'000'000;
        next.tv_nsec %= 1'000'000'000;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, nullptr);
        if (!now.read(words[1])) {
            ++not_running;
            continue;
        }
        if (seen++ > 0 && now.hardware != before.hardware) {
            ++cycles;
            longest = std::max(longest, now.hardware - before.hardware);
        }
        before = now;
        least = std::min(least, now.application - now.hardware);
        most = std::max(most, now.application - now.hardware);
    }
    std::printf("{\"samples\": %ld, \"not_running\": %ld, \"cycles\": %ld, \"longest_cycle\": %ld, "
                "\"least_ahead\": %ld, \"most_ahead\": %ld}\n",
                seen, not_running, cycles, longest, seen > 0 ? least : 0, seen > 0 ? most : 0);
    return 0;
}
