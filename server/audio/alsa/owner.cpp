#include "audio/alsa/owner.hpp"

#include <charconv>
#include <fstream>
#include <set>

namespace jig::audio::alsa {

namespace {

namespace fs = std::filesystem;

/// The number after `key` and a colon, on a line of its own in `file`.
std::optional<pid_t> number_after(const fs::path& file, const std::string& key) {
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t colon = line.find(':');
        if (line.compare(0, key.size(), key) != 0 || colon == std::string::npos) {
            continue;
        }
        const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
        pid_t value = 0;
        if (begin != std::string::npos &&
            std::from_chars(line.data() + begin, line.data() + line.size(), value).ec ==
                std::errc()) {
            return value;
        }
    }
    return std::nullopt;
}

/// The kernel tells the thread that opened the PCM; a user knows the process.
Owner process_of(pid_t thread, const fs::path& proc) {
    Owner owner;
    owner.pid = number_after(proc / std::to_string(thread) / "status", "Tgid").value_or(thread);
    std::ifstream comm(proc / std::to_string(owner.pid) / "comm");
    std::getline(comm, owner.program);
    return owner;
}

fs::path card_folder(const std::string& card, const fs::path& proc) {
    const bool is_index = card.find_first_not_of("0123456789") == std::string::npos;
    return proc / "asound" / (is_index ? "card" + card : card); // an id is a link to its card
}

/// In order: which subdevices are held is for a user to read.
std::set<fs::path> subdevices(const PcmAddress& pcm, Direction direction, const fs::path& proc) {
    const fs::path folder =
        card_folder(pcm.card, proc) /
        ("pcm" + std::to_string(pcm.device) + (direction == Direction::capture ? "c" : "p"));
    if (pcm.subdevice) {
        return {folder / ("sub" + std::to_string(*pcm.subdevice))};
    }
    std::set<fs::path> found;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
        if (entry.path().filename().string().rfind("sub", 0) == 0) {
            found.insert(entry.path());
        }
    }
    return found;
}

std::string remedy(const std::string& program) {
    if (program == "pipewire" || program == "wireplumber") {
        return "play through it (--device pipewire), or make it release the card";
    }
    if (program == "jackd" || program == "jackdbus") {
        return "play through it (--device jack), or end it";
    }
    return "close it, or choose another device";
}

} // namespace

std::optional<Owner> pcm_owner(const PcmAddress& pcm, Direction direction, const fs::path& proc) {
    for (const fs::path& subdevice : subdevices(pcm, direction, proc)) {
        if (const auto thread = number_after(subdevice / "status", "owner_pid")) {
            return process_of(*thread, proc);
        }
    }
    return std::nullopt;
}

std::string in_use(const PcmAddress& pcm, const std::optional<Owner>& owner) {
    if (!owner) {
        return pcm.text() + " is in use by another program; close it, or choose another device.";
    }
    const std::string pid = "pid " + std::to_string(owner->pid);
    const std::string who = owner->program.empty() ? pid : owner->program + " (" + pid + ")";
    return pcm.text() + " is in use by " + who + "; " + remedy(owner->program) + ".";
}

} // namespace jig::audio::alsa
