// Plays offline what a session played live, by its journal, and compares sample for sample.
//
//     live_replay JOURNAL RECORDING TAKE SOURCE PLACE GENERATION=LIBRARY…
//
// TAKE holds interleaved stereo floats that a JACK client heard at the output, RECORDING what the
// server says it played: TAKE is found in it exactly once, which puts it on the server's time line.
// SOURCE is the file that a JACK client played into the input, its first frame at PLACE of TAKE.
// Parameters stand in the journal by slot; a session that has seen one plugin only numbers slots as
// the plugin numbers its parameters. Prints the figures; ends with 0 if no sample differs.

#include <jig/harness.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <sndfile.h>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr std::size_t kChannels = 2;
constexpr double kStartFadeSeconds = 0.05;

struct Entry {
    std::uint64_t frame = 0;
    std::string kind;
    std::uint32_t generation = 0;
    std::uint32_t slot = 0;
    float value = 0;
    std::uint32_t aux = 0;
};

struct Journal {
    double rate_hz = 0;
    std::uint64_t first_frame = 0; ///< of the recording
    std::vector<Entry> entries;
};

/// One generation's time on stage: [begin, end), faded in over `fade` frames after `warm`.
struct Part {
    std::uint32_t generation = 0;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint32_t warm = 0;
    std::uint32_t fade = 0;
};

Journal read_journal(const std::string& path) {
    std::ifstream file(path);
    Journal journal;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string first;
        words >> first;
        if (first == "#") {
            std::string name;
            words >> name;
            if (name == "rate_hz") {
                words >> journal.rate_hz;
            } else if (name == "first_frame") {
                words >> journal.first_frame;
            } else if (name != "channels" && name != "end:") {
                throw std::runtime_error("the journal does not tell all: " + line);
            }
        } else if (first != "frame") {
            Entry entry;
            entry.frame = std::stoull(first);
            words >> entry.kind >> entry.generation >> entry.slot >> entry.value >> entry.aux;
            journal.entries.push_back(entry);
        }
    }
    return journal;
}

jig::Audio read_sound(const std::string& path) {
    SF_INFO info{};
    SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
    if (file == nullptr || info.channels != static_cast<int>(kChannels)) {
        throw std::runtime_error(path + " is no stereo sound file");
    }
    std::vector<float> samples(static_cast<std::size_t>(info.frames) * kChannels);
    const auto frames = static_cast<std::size_t>(sf_readf_float(file, samples.data(), info.frames));
    sf_close(file);
    jig::Audio audio(kChannels, frames);
    for (std::size_t i = 0; i < frames * kChannels; ++i) {
        audio[i % kChannels][i / kChannels] = samples[i];
    }
    return audio;
}

jig::Audio read_take(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    jig::Audio audio(kChannels, bytes.size() / sizeof(float) / kChannels);
    for (std::size_t i = 0; i < audio.frames() * kChannels; ++i) {
        std::memcpy(&audio[i % kChannels][i / kChannels], bytes.data() + i * sizeof(float),
                    sizeof(float));
    }
    return audio;
}

bool same(const jig::Audio& take, const jig::Audio& recording, std::size_t offset) {
    for (std::size_t c = 0; c < kChannels; ++c) {
        if (!std::equal(take[c].begin(), take[c].end(),
                        recording[c].begin() + static_cast<std::ptrdiff_t>(offset))) {
            return false;
        }
    }
    return true;
}

/// The one frame of `recording` from which on it is `take`, all through.
std::size_t place_of(const jig::Audio& take, const jig::Audio& recording) {
    std::vector<std::size_t> places;
    for (std::size_t offset = 0; offset + take.frames() <= recording.frames(); ++offset) {
        if (same(take, recording, offset)) {
            places.push_back(offset);
        }
    }
    if (places.size() != 1) {
        throw std::runtime_error("the take lies in the recording " + std::to_string(places.size()) +
                                 " times");
    }
    return places[0];
}

std::vector<Part> parts_of(const Journal& journal, std::uint64_t end) {
    std::vector<Part> parts;
    for (const auto& entry : journal.entries) {
        if (entry.kind == "start" || entry.kind == "swap_begin") {
            if (!parts.empty()) {
                parts.back().end = entry.frame + entry.slot + entry.aux;
            }
            parts.push_back({entry.generation, entry.frame, end, entry.slot, entry.aux});
        } else if (entry.kind != "param" && entry.kind != "swap_end") {
            throw std::runtime_error("the journal holds what cannot be played again: " +
                                     entry.kind);
        }
    }
    return parts;
}

/// What one build made of the input from its begin to its end.
jig::Audio play(const Part& part, const jig_plugin& plugin, const Journal& journal,
                const jig::Audio& input) {
    jig::Player player(plugin);
    player.rate(journal.rate_hz).channels(kChannels).blocks({256}).start(part.begin);
    for (const auto& entry : journal.entries) {
        if (entry.kind == "param" && entry.frame < part.end) {
            const auto& param = jig::detail::element<jig_param>(plugin.params, entry.slot);
            player.at(entry.frame).set(param.id, static_cast<double>(entry.value));
        }
    }
    return player.render(input.slice(part.begin, part.end - part.begin));
}

/// Puts a build over what was heard before it, as the engine crossfades.
void lay_over(jig::Audio& output, const Part& part, const jig::Audio& fresh) {
    for (std::size_t c = 0; c < kChannels; ++c) {
        for (std::uint64_t i = 0; i < fresh.frames(); ++i) {
            float& heard = output[c][part.begin + i];
            if (i >= part.warm + part.fade) {
                heard = fresh[c][i];
            } else if (i >= part.warm) {
                const auto g = static_cast<float>(i - part.warm) / static_cast<float>(part.fade);
                heard += g * (fresh[c][i] - heard);
            }
        }
    }
}

/// The source as the server's time line heard it: silence before and after.
jig::Audio place_source(const jig::Audio& source, std::int64_t at, std::uint64_t frames) {
    jig::Audio input(kChannels, frames);
    for (std::size_t c = 0; c < kChannels; ++c) {
        for (std::size_t i = 0; i < source.frames(); ++i) {
            const auto frame = at + static_cast<std::int64_t>(i);
            if (frame >= 0 && static_cast<std::uint64_t>(frame) < frames) {
                input[c][static_cast<std::size_t>(frame)] = source[c][i];
            }
        }
    }
    return input;
}

struct Difference {
    std::uint64_t samples = 0; ///< that differ
    std::uint64_t first_frame = 0;
    float largest = 0;
};

/// Frames of the time line from `first` on.
Difference compare(const jig::Audio& output, const jig::Audio& take, std::size_t take_at,
                   std::uint64_t first) {
    Difference difference;
    for (std::size_t i = 0; i < take.frames(); ++i) {
        for (std::size_t c = 0; c < kChannels && take_at + i >= first; ++c) {
            const float by = std::fabs(take[c][i] - output[c][take_at + i]);
            if (by != 0) {
                difference.first_frame =
                    difference.samples == 0 ? take_at + i : difference.first_frame;
                ++difference.samples;
                difference.largest = std::max(difference.largest, by);
            }
        }
    }
    return difference;
}

int replay(const std::vector<std::string>& words) {
    const auto journal = read_journal(words.at(0));
    const auto recording = read_sound(words.at(1));
    const auto take = read_take(words.at(2));
    const auto source = read_sound(words.at(3));
    const auto take_at = place_of(take, recording) + journal.first_frame;
    const auto end = take_at + take.frames();
    const auto parts = parts_of(journal, end);
    const auto input =
        place_source(source, static_cast<std::int64_t>(take_at) + std::stoll(words.at(4)), end);

    std::map<std::uint32_t, std::unique_ptr<jig::PluginFile>> files;
    for (std::size_t i = 5; i < words.size(); ++i) {
        const auto equals = words[i].find('=');
        files[static_cast<std::uint32_t>(std::stoul(words[i].substr(0, equals)))] =
            std::make_unique<jig::PluginFile>(words[i].substr(equals + 1));
    }
    jig::Audio output(kChannels, end);
    for (const auto& part : parts) {
        lay_over(output, part, play(part, files.at(part.generation)->plugin(), journal, input));
    }

    const auto settled = parts.at(0).begin + static_cast<std::uint64_t>(
                                                 std::lround(kStartFadeSeconds * journal.rate_hz));
    const auto difference = compare(output, take, take_at, settled);
    const auto changes = std::count_if(journal.entries.begin(), journal.entries.end(),
                                       [](const Entry& e) { return e.kind == "param"; });
    const std::string where =
        difference.samples == 0 ? "" : ", first at frame " + std::to_string(difference.first_frame);
    std::cout << "compared " << end - std::max<std::uint64_t>(settled, take_at) << " frames of "
              << kChannels << " channels, " << parts.size() - 1 << " swaps, " << changes
              << " parameter changes: " << difference.samples << " samples differ, by at most "
              << difference.largest << where << '\n';
    return difference.samples == 0 ? 0 : 1;
}

} // namespace

int main(int count, char** words) {
    try {
        return replay({words + 1, words + count});
    } catch (const std::exception& error) {
        std::cerr << "live_replay: " << error.what() << '\n';
        return 2;
    }
}
