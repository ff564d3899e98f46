// A JACK client that plays a file, sends MIDI and records what it hears, as told on its standard
// input.
//
//     deck NAME OUTS INS SECONDS [card]   ports out_1…, in_1…, midi_out; room to record SECONDS;
//                                         card: they are physical, clients connect by themselves
//
// Each command is answered by one line. FRAME is JACK's frame time of the cycle, which all clients
// share, plus the offset in it.
//     play FILE [loop]      playing FRAME       channels that FILE lacks repeat its last
//     note STATUS D1 D2 OFFSET  sent FRAME      at that offset of the next cycle
//     record                recording FRAME
//     freewheel 0|1         freewheel 0|1
//     save FILE             saved FRAMES        interleaved floats; FILE.cycles: frame time, place

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <jack/jack.h>
#include <jack/midiport.h>
#include <sndfile.h>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

struct Clip {
    std::vector<float> samples;
    std::size_t channels = 0;
    std::size_t frames = 0;
    bool loop = false;
};

struct Place {
    jack_nframes_t frame_time;
    std::size_t index;
};

struct Note {
    unsigned char bytes[3];
    jack_nframes_t offset;
};

constexpr std::int64_t kNotYet = -1;

/// The flags are stored with release by the commands and loaded with acquire by the callback, which
/// answers in answer_ the same way round.
class Deck {
  public:
    bool open(const char* name, int outs, int ins, int seconds, bool card);
    bool play(const std::string& path, bool loop);
    void note(const Note& note);
    void record();
    std::size_t save(const std::string& path);
    bool freewheel(int on) { return jack_set_freewheel(client_, on) == 0; }
    void close() { jack_client_close(client_); }

    /// The frame at which the last command took effect; kNotYet if JACK stands still.
    std::int64_t answer() {
        for (int i = 0; i < 20'000 && answer_.load(std::memory_order_acquire) == kNotYet; ++i) {
            ::usleep(500);
        }
        return answer_.exchange(kNotYet);
    }

  private:
    int process(jack_nframes_t frames);
    void play_cycle(jack_nframes_t now, jack_nframes_t frames);
    void record_cycle(jack_nframes_t now, jack_nframes_t frames);

    jack_client_t* client_ = nullptr;
    std::vector<jack_port_t*> outs_;
    std::vector<jack_port_t*> ins_;
    jack_port_t* midi_ = nullptr;

    Clip clip_;
    std::atomic<bool> playing_{false};
    bool began_ = false;
    std::size_t position_ = 0;

    Note note_{};
    std::atomic<bool> note_waits_{false};

    std::vector<float> taken_;
    std::vector<Place> places_;
    std::atomic<std::size_t> taken_frames_{0};
    std::atomic<std::size_t> cycles_{0};
    std::atomic<bool> recording_{false};

    std::atomic<std::int64_t> answer_{kNotYet};
};

bool Deck::open(const char* name, int outs, int ins, int seconds, bool card) {
    client_ = jack_client_open(name, JackNoStartServer, nullptr);
    if (client_ == nullptr) {
        return false;
    }
    const auto port = [&](const std::string& label, const char* type, unsigned long flags) {
        const unsigned long physical = card ? JackPortIsPhysical | JackPortIsTerminal : 0;
        return jack_port_register(client_, label.c_str(), type, flags | physical, 0);
    };
    for (int i = 1; i <= outs; ++i) {
        outs_.push_back(
            port("out_" + std::to_string(i), JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput));
    }
    for (int i = 1; i <= ins; ++i) {
        ins_.push_back(port("in_" + std::to_string(i), JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput));
    }
    midi_ = port("midi_out", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput);
    const auto room = static_cast<std::size_t>(seconds) * jack_get_sample_rate(client_);
    taken_.assign(room * ins_.size(), 0.0F);
    places_.assign(room / 16, {});
    jack_set_process_callback(
        client_,
        [](jack_nframes_t frames, void* self) { return static_cast<Deck*>(self)->process(frames); },
        this);
    return jack_activate(client_) == 0;
}

int Deck::process(jack_nframes_t frames) {
    const jack_nframes_t now = jack_last_frame_time(client_);
    play_cycle(now, frames);
    void* midi = jack_port_get_buffer(midi_, frames);
    jack_midi_clear_buffer(midi);
    if (note_waits_.load(std::memory_order_acquire)) {
        const jack_nframes_t at = std::min(note_.offset, frames - 1);
        jack_midi_event_write(midi, at, note_.bytes, sizeof note_.bytes);
        note_waits_.store(false, std::memory_order_relaxed);
        answer_.store(std::int64_t{now} + at, std::memory_order_release);
    }
    record_cycle(now, frames);
    return 0;
}

void Deck::play_cycle(jack_nframes_t now, jack_nframes_t frames) {
    const bool playing = playing_.load(std::memory_order_acquire);
    if (playing && !began_) {
        began_ = true;
        position_ = 0;
        answer_.store(now, std::memory_order_release);
    }
    for (std::size_t c = 0; c < outs_.size(); ++c) {
        auto* out = static_cast<float*>(jack_port_get_buffer(outs_[c], frames));
        for (std::size_t i = 0; i < frames; ++i) {
            auto at = position_ + i;
            at = playing && clip_.loop ? at % clip_.frames : at;
            const bool sounds = playing && at < clip_.frames;
            out[i] = sounds ? clip_.samples[at * clip_.channels + std::min(c, clip_.channels - 1)]
                            : 0.0F;
        }
    }
    position_ += frames;
}

void Deck::record_cycle(jack_nframes_t now, jack_nframes_t frames) {
    if (!recording_.load(std::memory_order_acquire)) {
        return;
    }
    const auto cycle = cycles_.load(std::memory_order_relaxed);
    const auto at = taken_frames_.load(std::memory_order_relaxed);
    if (cycle == 0) {
        answer_.store(now, std::memory_order_release);
    }
    if (cycle == places_.size() || (at + frames) * ins_.size() > taken_.size()) {
        return;
    }
    for (std::size_t c = 0; c < ins_.size(); ++c) {
        const auto* in = static_cast<const float*>(jack_port_get_buffer(ins_[c], frames));
        for (std::size_t i = 0; i < frames; ++i) {
            taken_[(at + i) * ins_.size() + c] = in[i];
        }
    }
    places_[cycle] = {now, at};
    taken_frames_.store(at + frames, std::memory_order_relaxed);
    cycles_.store(cycle + 1, std::memory_order_release);
}

bool Deck::play(const std::string& path, bool loop) {
    SF_INFO info{};
    SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
    if (file == nullptr || playing_) {
        return false; // one file a deck: the callback reads it without a lock
    }
    clip_.channels = static_cast<std::size_t>(info.channels);
    clip_.samples.resize(static_cast<std::size_t>(info.frames) * clip_.channels);
    clip_.frames =
        static_cast<std::size_t>(sf_readf_float(file, clip_.samples.data(), info.frames));
    clip_.loop = loop;
    sf_close(file);
    playing_.store(true, std::memory_order_release);
    return clip_.frames > 0;
}

void Deck::note(const Note& note) {
    note_ = note;
    note_waits_.store(true, std::memory_order_release);
}

void Deck::record() {
    taken_frames_ = 0;
    cycles_ = 0;
    recording_.store(true, std::memory_order_release);
}

std::size_t Deck::save(const std::string& path) {
    recording_ = false;
    const auto cycles = cycles_.load(std::memory_order_acquire);
    const auto frames = taken_frames_.load(std::memory_order_relaxed);
    std::ofstream sound(path, std::ios::binary);
    sound.write(reinterpret_cast<const char*>(taken_.data()),
                static_cast<std::streamsize>(frames * ins_.size() * sizeof(float)));
    std::ofstream list(path + ".cycles");
    for (std::size_t i = 0; i < cycles; ++i) {
        list << places_[i].frame_time << ' ' << places_[i].index << '\n';
    }
    return frames;
}

/// Carries one line out; false if it cannot.
bool obey(Deck& deck, const std::string& line) {
    std::istringstream words(line);
    std::string command;
    std::string path;
    words >> command;
    if (command == "play") {
        std::string loop;
        words >> path >> loop;
        if (!deck.play(path, loop == "loop")) {
            return false;
        }
        std::cout << "playing " << deck.answer() << std::endl;
    } else if (command == "note") {
        unsigned status = 0;
        unsigned first = 0;
        unsigned second = 0;
        Note note{};
        words >> status >> first >> second >> note.offset;
        note.bytes[0] = static_cast<unsigned char>(status);
        note.bytes[1] = static_cast<unsigned char>(first);
        note.bytes[2] = static_cast<unsigned char>(second);
        deck.note(note);
        std::cout << "sent " << deck.answer() << std::endl;
    } else if (command == "record") {
        deck.record();
        std::cout << "recording " << deck.answer() << std::endl;
    } else if (command == "freewheel") {
        int on = 0;
        words >> on;
        if (!deck.freewheel(on)) {
            return false;
        }
        std::cout << "freewheel " << on << std::endl;
    } else if (command == "save") {
        words >> path;
        std::cout << "saved " << deck.save(path) << std::endl;
    } else {
        return false;
    }
    return true;
}

} // namespace

int main(int count, char** words) {
    std::signal(SIGPIPE, SIG_IGN); // jackd1's libjack writes to a server that has died
    Deck deck;
    const bool card = count == 6 && std::string(words[5]) == "card";
    if ((count != 5 && !card) ||
        !deck.open(words[1], std::atoi(words[2]), std::atoi(words[3]), std::atoi(words[4]), card)) {
        std::cerr << "usage: deck NAME OUTS INS SECONDS [card], with a JACK server running\n";
        return 1;
    }
    std::cout << "ready" << std::endl;
    std::string line;
    bool well = true;
    while (well && std::getline(std::cin, line)) {
        well = obey(deck, line);
    }
    deck.close();
    return well ? 0 : 1;
}
