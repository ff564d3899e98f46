// replay_journal: plays a recording's journal through the same libraries, offline, and compares
// sample for sample.
//
//   replay_journal RECORDING.wav INPUT PERIOD UNTIL LIBRARY...
//
// INPUT is off, sine:HZ,DBFS or file:PATH,FRAME[,loop] (FRAME: where on the time line the file
// begins). PERIOD is the device's, because a plugin may take a timed change with its next block.
// UNTIL is the frame before which the output began to fade out at the end. The libraries are those
// of the journal's builds since the last start, in order. Parameter n of the first library has slot
// n, as in a session that begins with it. Compared is what follows the start's fade-in; a timed
// change within a block of a plugin with SPLIT_AT_PARAMS must fall on the grid of 16 frames. Exit
// code 0: no sample differs.
#include <jig/harness.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <sndfile.h>
#include <sstream>

namespace {

constexpr std::uint64_t kStartFade = 2400; // 50 ms at 48 kHz

[[noreturn]] void fail(const std::string& why) {
    throw std::runtime_error(why);
}

struct Entry {
    std::uint64_t frame = 0;
    std::string kind;
    std::uint32_t generation = 0;
    std::uint32_t slot = 0;
    float value = 0;
    std::uint32_t aux = 0;
};

std::vector<Entry> read_journal(const std::string& path) {
    std::ifstream file(path);
    std::vector<Entry> entries;
    std::string line;
    while (std::getline(file, line)) {
        if (line.rfind("# lost entries", 0) == 0) {
            fail("the journal has lost entries");
        }
        if (line.empty() || line[0] == '#' || line.rfind("frame\t", 0) == 0) {
            continue;
        }
        std::istringstream fields(line);
        Entry entry;
        std::string value;
        fields >> entry.frame >> entry.kind >> entry.generation >> entry.slot >> value >> entry.aux;
        std::from_chars(value.data(), value.data() + value.size(), entry.value);
        entries.push_back(entry);
    }
    return entries;
}

jig::Audio read_wav(const std::string& path, double& rate_hz) {
    SF_INFO info{};
    SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
    if (file == nullptr) {
        fail("cannot read " + path + ": " + sf_strerror(nullptr));
    }
    rate_hz = info.samplerate;
    const auto channels = static_cast<std::size_t>(info.channels);
    const auto frames = static_cast<std::size_t>(info.frames);
    std::vector<float> interleaved(channels * frames);
    sf_readf_float(file, interleaved.data(), info.frames);
    sf_close(file);
    jig::Audio audio(channels, frames);
    for (std::size_t i = 0; i < interleaved.size(); ++i) {
        audio[i % channels][i / channels] = interleaved[i];
    }
    return audio;
}

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, ',');) {
        parts.push_back(part);
    }
    return parts;
}

/// As the engine's generator: the phase is summed up from the time line's beginning.
jig::Audio sine(std::size_t frames, double hz, double dbfs, double rate_hz) {
    jig::Audio audio(1, frames);
    const auto gain = static_cast<float>(std::pow(10.0, dbfs / 20.0));
    const double step = static_cast<double>(static_cast<float>(hz)) / rate_hz;
    double phase = 0;
    for (std::size_t i = 0; i < frames; ++i) {
        audio[0][i] = gain * static_cast<float>(std::sin(6.283185307179586476925286766559 * phase));
        phase += step;
        phase -= phase >= 1.0 ? 1.0 : 0.0;
    }
    return audio;
}

jig::Audio input_of(const std::string& text, std::size_t frames, double rate_hz) {
    const auto colon = text.find(':');
    const auto kind = text.substr(0, colon);
    const auto parts = split(colon == std::string::npos ? std::string() : text.substr(colon + 1));
    if (kind == "off") {
        return jig::Audio(1, frames);
    }
    if (kind == "sine" && parts.size() == 2) {
        return sine(frames, std::stod(parts[0]), std::stod(parts[1]), rate_hz);
    }
    if (kind != "file" || parts.size() < 2) {
        fail("no such input: " + text);
    }
    double file_rate_hz = 0;
    const auto clip = read_wav(parts[0], file_rate_hz);
    const bool loops = parts.size() > 2;
    if (file_rate_hz != rate_hz) {
        fail(parts[0] + " has another rate than the recording");
    }
    jig::Audio audio(clip.channels(), frames);
    for (std::size_t i = std::stoul(parts[1]); i < frames; ++i) {
        const auto at = i - std::stoul(parts[1]);
        for (std::size_t c = 0; c < clip.channels() && (loops || at < clip.frames()); ++c) {
            audio[c][i] = clip[c][at % clip.frames()];
        }
    }
    return audio;
}

/// One build, from the frame where it begins to the one where it has left.
struct Build {
    std::unique_ptr<jig::PluginFile> file;
    std::uint64_t begin = 0;
    std::uint64_t leaves = UINT64_MAX; ///< new notes are not for it from here on
    std::uint64_t end = UINT64_MAX;
    std::uint32_t warm = 0;
    std::uint32_t fade = 0;
    jig::Audio out;
};

jig_event note(const Entry& entry) {
    jig_event event{};
    event.type = entry.kind == "note_on" ? JIG_EVENT_NOTE_ON : JIG_EVENT_NOTE_OFF;
    event.u.note.voice = JIG_ANY;
    event.u.note.key = static_cast<std::int8_t>(entry.slot & 0xff);
    event.u.note.channel = static_cast<std::int8_t>(entry.slot >> 8 & 0xff);
    event.u.note.velocity = entry.value;
    event.u.note.expression = 1;
    return event;
}

class Replay {
  public:
    Replay(std::vector<Entry> entries, const jig::Audio& input, double rate_hz,
           std::uint32_t period)
        : entries_(std::move(entries)), input_(input), rate_hz_(rate_hz), period_(period) {}

    /// The builds since the last start, with their libraries.
    void find_builds(const std::vector<std::string>& libraries) {
        for (const auto& entry : entries_) {
            if (entry.kind == "start") {
                builds_.clear();
            }
            if (entry.kind != "start" && entry.kind != "swap_begin") {
                continue;
            }
            if (!builds_.empty()) {
                builds_.back().leaves = entry.frame;
                builds_.back().end = entry.frame + entry.slot + entry.aux;
            }
            Build build;
            build.begin = entry.frame;
            build.warm = entry.slot;
            build.fade = entry.aux;
            builds_.push_back(std::move(build));
        }
        if (builds_.empty() || builds_.size() != libraries.size()) {
            fail("the journal has " + std::to_string(builds_.size()) +
                 " builds since its last start, and " + std::to_string(libraries.size()) +
                 " libraries were given");
        }
        for (std::size_t b = 0; b < builds_.size(); ++b) {
            builds_[b].file = std::make_unique<jig::PluginFile>(libraries[b]);
        }
        const auto& first = builds_[0].file->plugin();
        for (std::uint32_t i = 0; i < first.params.count; ++i) {
            slots_.push_back(jig::detail::element<jig_param>(first.params, i).id);
        }
    }

    void play() {
        for (auto& build : builds_) {
            play(build);
        }
    }

    [[nodiscard]] std::uint64_t begin() const { return builds_[0].begin; }
    [[nodiscard]] std::size_t builds() const { return builds_.size(); }

    /// What is heard at a frame: from the old build to the new one in a straight line.
    [[nodiscard]] float heard(std::size_t channel, std::uint64_t frame) const {
        std::size_t b = builds_.size() - 1;
        while (builds_[b].begin > frame) {
            --b;
        }
        const auto& to = builds_[b];
        const float fresh = to.out[channel][frame - to.begin];
        if (b == 0 || frame >= to.begin + to.warm + to.fade) {
            return fresh;
        }
        const auto& from = builds_[b - 1];
        const float old = from.out[channel][frame - from.begin];
        const auto position = frame - to.begin;
        const float g = position < to.warm
                            ? 0.0F
                            : static_cast<float>(position - to.warm) / static_cast<float>(to.fade);
        return old + g * (fresh - old);
    }

  private:
    void play(Build& build) const {
        jig::Player player(build.file->plugin());
        const bool cuts = (build.file->plugin().flags & JIG_PLUGIN_SPLIT_AT_PARAMS) != 0;
        player.rate(rate_hz_).channels(2).blocks({period_}).params_as_events(!cuts);
        player.start(build.begin);
        build.end = std::min<std::uint64_t>(build.end, input_.frames());
        std::vector<std::uint64_t> resets;
        for (const auto& entry : entries_) {
            if (entry.frame >= build.end) {
                break;
            }
            tell(player, build, entry);
            if (entry.kind == "reset" && entry.frame >= build.begin) {
                resets.push_back(entry.frame);
            }
        }
        resets.push_back(build.end);
        for (const auto until : resets) {
            const auto at = player.position();
            const auto part = player.render(input_.slice(at, until - at));
            if (build.out.channels() == 0) {
                build.out = jig::Audio(part.channels(), 0);
            }
            for (std::size_t c = 0; c < part.channels(); ++c) {
                build.out[c].insert(build.out[c].end(), part[c].begin(), part[c].end());
            }
            player.reset();
        }
    }

    /// An earlier value of a parameter holds from the build's first frame on.
    void tell(jig::Player& player, const Build& build, const Entry& entry) const {
        if (entry.kind == "param" && entry.slot < slots_.size()) {
            player.at(entry.frame).set(slots_[entry.slot], static_cast<double>(entry.value));
        } else if (entry.frame < build.begin) {
            return;
        } else if (entry.kind == "trigger" && entry.slot < slots_.size()) {
            player.at(entry.frame).trigger(slots_[entry.slot]);
        } else if (entry.kind == "note_off" ||
                   (entry.kind == "note_on" && entry.frame < build.leaves)) {
            player.at(entry.frame).add(note(entry));
        } else if (entry.kind == "midi") {
            player.at(entry.frame)
                .midi(static_cast<std::uint8_t>(entry.slot),
                      static_cast<std::uint8_t>(entry.slot >> 8),
                      static_cast<std::uint8_t>(entry.slot >> 16));
        }
    }

    std::vector<Entry> entries_;
    const jig::Audio& input_;
    double rate_hz_;
    std::uint32_t period_;
    std::vector<Build> builds_;
    std::vector<std::string> slots_;
};

int compare(const Replay& replay, const jig::Audio& recording, std::uint64_t until) {
    const auto begin = replay.begin() + kStartFade;
    std::uint64_t differ = 0;
    std::uint64_t silent = 0;
    std::optional<std::uint64_t> first;
    float largest = 0;
    for (std::uint64_t frame = begin; frame < until; ++frame) {
        for (std::size_t c = 0; c < recording.channels(); ++c) {
            const float was = recording[c][frame];
            const float is = replay.heard(c, frame);
            silent += was == 0 ? 1 : 0;
            if (std::memcmp(&was, &is, sizeof was) != 0 && was != is) {
                ++differ;
                first = first.value_or(frame);
                largest = std::max(largest, std::fabs(was - is));
            }
        }
    }
    const auto samples = (until - begin) * recording.channels();
    std::cout << "compared " << samples << " samples of " << replay.builds() << " builds, frames "
              << begin << " to " << until << ": " << differ << " differ";
    if (first) {
        std::cout << ", the first at frame " << *first << ", by " << largest << " at most";
    }
    std::cout << "; " << silent << " are 0\n";
    return differ == 0 && samples > 0 && silent < samples ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 6) {
        std::cerr << "replay_journal RECORDING.wav INPUT PERIOD UNTIL LIBRARY...\n";
        return 2;
    }
    try {
        double rate_hz = 0;
        const std::string path = argv[1];
        const auto recording = read_wav(path, rate_hz);
        const auto until = std::min<std::uint64_t>(std::stoull(argv[4]), recording.frames());
        const auto input = input_of(argv[2], recording.frames(), rate_hz);
        Replay replay(read_journal(path + ".journal.tsv"), input, rate_hz,
                      static_cast<std::uint32_t>(std::stoul(argv[3])));
        replay.find_builds({argv + 5, argv + argc});
        replay.play();
        return compare(replay, recording, until);
    } catch (const std::exception& error) {
        std::cerr << "replay_journal: " << error.what() << '\n';
        return 2;
    }
}
